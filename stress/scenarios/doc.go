// Package scenarios does to a server what production does to it sooner or later, and
// judges what its clients saw. Each scenario has a world of its own (package world): real
// processes, a real database, real sockets. The invariants of every run are package
// judge's; the table says what each scenario adds.
//
//	scenario         | what happens                                        | invariant
//	-----------------|-----------------------------------------------------|------------------------------------------------
//	slow-readers     | devices stop reading while much is streamed         | pieces are merged and the numbering stays
//	                 |                                                     | complete; the deaf are closed with 4008; who
//	                 |                                                     | reads gets everything meanwhile
//	reconnect-storm  | all connections break at once, recalls under way,   | every thread is recovered, nothing is missed,
//	                 | and come back at once with hello.resume             | each recall ends once
//	outage           | every outside service fails, then works again       | recalls end with what the catalogue gives, and
//	                 |                                                     | name who was missing; breakers open, nobody is
//	                 |                                                     | called any more; all of it ends with the outage
//	postgres-restart | the database is shut down under load and started    | nothing acknowledged is lost; new recalls are
//	                 | again; then it is killed and started again          | refused as unavailable, and served afterwards
//	handover         | SIGTERM under load, a second server takes over      | goodbye and 1012 for all; everybody resumes at
//	                 |                                                     | the second one; the first ends in order
//	kill             | kill -9 under load, and a new server                | accepted recalls end once, none twice, whatever
//	                 |                                                     | was known of them; interrupted numberings end
//	malformed        | frames that are wrong in every way                  | the documented answer to each; 1009 for the too
//	                 |                                                     | large; others notice nothing; the server lives
//	huge-thread      | a thread of thousands of messages                   | pages of any size, in both directions, hold
//	                 |                                                     | each message once and in order; recalls work
//	many-devices     | one user on many devices at once                    | all see the same events in the same order;
//	                 |                                                     | limits are the user's, not the device's
package scenarios
