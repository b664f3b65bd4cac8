// Package judge holds the promises of PROTOCOL.md against what devices did and
// saw. Devices tell a [Judge] each thing as it happens; [Judge.Verdict] is what
// follows from that alone, [Judge.Audit] what the database says to it at the end.
//
// The judge accuses only where no order of events inside the server could excuse
// it, whatever the network delayed or lost. So one red check is a fault, of the
// server or of the harness that told the story.
//
// # When a place was taken
//
// A device knows when it asked and when it heard the answer; when in between the
// server took the decision, it does not. So each recall has an interval:
//
//	not before          it was asked for the first time under its request_id
//	not after           recall.accepted came
//	its slot was held   at most from the former until a device saw its end,
//	                    at least from the latter until the last [Judge.UnderWay]
//
// One whose answer was lost, or was neither yes nor no (unavailable, internal,
// and whatever may follow the limits' yes), may count, or not. If it does, it took
// its place within two minutes of the last ask, and gave its slot back within two
// more. A refusal was decided between its last ask and its coming; what was asked
// under the same request_id cannot have stood in its way.
//
// # Invariants
//
//	invariant                    how judged                             what it cannot see
//	events dense and in order    the devices' own count of numbers      what no device subscribed to
//	every recall is answered     asked, and neither answered nor lost   an answer after [Judge.Lost]
//	every accepted recall ended  a device saw a terminal event, or was  an end that one of several
//	                             told of a gap ([Judge.Gap])            devices should have seen
//	no recall ended twice        one kind, once on each device          two ends of one kind of which each
//	                                                                    device saw one
//	only accepted recalls ended  ends of others are no more than lost   which is which: the audit can
//	                             answers
//	a request is one recall      a repeated request_id gets the same    a second run that nobody sees
//	                             recall, no recall two requests
//	nobody sees what is          a thread shown to a user belongs to    threads whose making was not told
//	another's                    nobody else
//	every close had a            the list of section 5, and 1000, 1001; whether the code was the right one
//	documented code              none only if the device cut, or
//	                             servers are killed on purpose
//	refused by their own limits  policy is one of the recall_ three     –
//	limits never exceeded        more than the limit, all asked and     what only the sum of several
//	                             accepted within less than the window;  windows proves; without UnderWay,
//	                             more certainly under way at a moment   anything at once: the audit can
//	limits never refuse wrongly  at no moment between the question and  contradictions of two refusals,
//	                             the refusal could the limit be         each of which is possible
//	                             reached; or the request was accepted
//	                             before it was repeated
//
// The audit compares what was acknowledged with the tables:
//
//	accepted recalls are stored  with user, request, thread, message    –
//	… have ended as seen         state and terminal event               what the event says beside its type
//	their messages are stored    each in its thread                     the messages' text
//	threads are stored           each with its owner                    their titles
//	other ends are of lost       stored under a request_id whose        –
//	answers                      answer was lost
//	limits by the stored times   windows over accepted_at; at once from a server that stores wrong times
//	                             accepted_at to ended_at, 90 s at most
//
// Users must have no recalls from before the run, and a device keeps its name
// over reconnects. A recall takes about 270 bytes until the end, one user's
// refusal 40; a verdict on 720,000 recalls takes about a second, during which
// devices wait.
package judge
