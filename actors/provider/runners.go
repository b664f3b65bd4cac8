package provider

import (
	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/crew"
)

// waitingRunners is how many goroutines of a service wait for its next call.
const waitingRunners = 32

// runners are the goroutines that a supervisor and its workers run on. A call to an
// outside service goes deep: on a goroutine of its own it grows the stack four times.
type runners struct{ *crew.Crew }

// Throughput implements [actor.Dispatcher]: messages of one actor before others get a turn.
func (runners) Throughput() int { return 300 }

// Schedule implements [actor.Dispatcher]. It never waits.
func (r runners) Schedule(run func()) { r.Go(run) }

var _ actor.Dispatcher = runners{}
