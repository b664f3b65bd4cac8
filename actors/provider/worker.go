package provider

import (
	"runtime/debug"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/provider/fault"
)

// job is an attempt of a flight's call.
type job struct {
	flight  *flight
	attempt int
	began   time.Time
	stack   []byte // of its panic
}

// done is the end of a job.
type done struct {
	flight  *flight
	attempt int
	value   any
	fault   *fault.Fault
	took    time.Duration
}

// worker makes one attempt. It is the one actor that may wait in its mailbox: the job
// is its first message and its last, and nobody else has its address. In return a
// panic of the call is protoactor's to handle, like any actor's.
type worker struct{ now func() time.Time }

// Receive implements [actor.Actor].
func (w worker) Receive(c actor.Context) {
	j, ok := c.Message().(*job)
	if !ok {
		return
	}
	j.began = w.now()
	value, f := j.run()
	c.Send(c.Parent(), &done{j.flight, j.attempt, value, f, w.now().Sub(j.began)})
	c.Stop(c.Self())
}

// run calls the service, unless nobody waits any more: then it must not be called, nor
// count as one that failed. A panic goes on to the supervisor, where the stack is
// gone: so the job remembers it.
func (j *job) run() (any, *fault.Fault) {
	f := j.flight
	if f.ctx.Err() != nil {
		return nil, left()
	}
	returned := false
	defer func() {
		if !returned {
			j.stack = debug.Stack()
		}
	}()
	value, err := f.call(f.ctx, f.tape.add)
	returned = true
	return value, f.judged(err)
}
