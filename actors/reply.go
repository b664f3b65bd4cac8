package actors

import (
	"sync"
	"time"

	"github.com/asynkron/protoactor-go/actor"
)

// replies are the answers that this process waits for. They stand in for protoactor's
// futures, each of which is a process of its own in the registry of all actors, with a
// name, a lock and a timer: 0.5 KB in ten allocations for an answer that comes in
// microseconds. Here all share one process, which knows them by the address of their PID.
type replies struct {
	name string // of the process

	mu      sync.Mutex
	waiting map[*actor.PID]chan any
}

// newReplies puts the process of the answers into the registry.
func newReplies(r *actor.ProcessRegistryValue) *replies {
	all := &replies{name: "replies", waiting: map[*actor.PID]chan any{}}
	r.Add(all, all.name)
	return all
}

// wait is what one who asks needs. It is used again: nothing is sent to it any more once it
// is off the list.
type wait struct {
	answer chan any
	over   *time.Timer
}

var waits = sync.Pool{New: func() any {
	w := &wait{answer: make(chan any, 1), over: time.NewTimer(0)}
	w.over.Stop()
	return w
}}

// ask sends m to pid and waits for the answer; false: none came in that time.
func (r *replies) ask(root *actor.RootContext, pid *actor.PID, m any, most time.Duration) (answer any, ok bool) {
	w, me := waits.Get().(*wait), actor.NewPID(pid.Address, r.name)
	defer waits.Put(w)
	r.expect(me, w.answer)
	root.RequestWithCustomSender(pid, m, me)
	w.over.Reset(most)
	defer w.over.Stop()
	select {
	case answer = <-w.answer:
		return answer, true
	case <-w.over.C:
		return r.forget(me, w.answer)
	}
}

func (r *replies) expect(me *actor.PID, c chan any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[me] = c
}

// forget waits no longer. The answer may have come just now.
func (r *replies) forget(me *actor.PID, c chan any) (answer any, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.waiting, me)
	select {
	case answer = <-c:
		return answer, true
	default:
		return nil, false
	}
}

// SendUserMessage implements [actor.Process]: it is the answer, or the word that the
// message has reached nobody. Nobody waits for a late one, or a second.
func (r *replies) SendUserMessage(pid *actor.PID, m any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c, waits := r.waiting[pid]; waits {
		delete(r.waiting, pid)
		_, answer, _ := actor.UnwrapEnvelope(m)
		c <- answer
	}
}

// SendSystemMessage implements [actor.Process].
func (*replies) SendSystemMessage(*actor.PID, any) {}

// Stop implements [actor.Process].
func (*replies) Stop(*actor.PID) {}
