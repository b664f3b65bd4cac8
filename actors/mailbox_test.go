package actors

import (
	"sync"
	"testing"

	"github.com/asynkron/protoactor-go/actor"
)

// script is the actor of a mailbox under test.
type script struct {
	m    *mailbox
	mu   sync.Mutex
	seen []any

	crashed chan struct{} // closed by the first crash
}

func newScript() *script {
	s := &script{m: &mailbox{}, crashed: make(chan struct{})}
	s.m.RegisterHandlers(s, actor.NewDefaultDispatcher(300))
	return s
}

func (s *script) InvokeSystemMessage(m any) { s.InvokeUserMessage(m) }

func (s *script) InvokeUserMessage(m any) {
	switch m := m.(type) {
	case error:
		panic(m)
	case func():
		m()
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.seen = append(s.seen, m)
	}
}

// EscalateFailure suspends the mailbox, as protoactor does.
func (s *script) EscalateFailure(any, any) {
	s.m.PostSystemMessage(&actor.SuspendMailbox{})
	close(s.crashed)
}

// sync waits until everything before has been handled.
func (s *script) sync() {
	done := make(chan struct{})
	s.m.PostUserMessage(func() { close(done) })
	<-done
}

func TestMailboxKeepsTheOrder(t *testing.T) {
	t.Parallel()
	const senders, each = 8, 1000
	s := newScript()
	var all sync.WaitGroup
	for n := range senders {
		all.Go(func() {
			for i := range each {
				s.m.PostUserMessage([2]int{n, i})
			}
		})
	}
	all.Wait()
	s.sync()
	next := [senders]int{}
	for _, m := range s.seen {
		from := m.([2]int)
		if from[1] != next[from[0]] {
			t.Fatalf("sender %d: message %d, want %d", from[0], from[1], next[from[0]])
		}
		next[from[0]]++
	}
	if len(s.seen) != senders*each || s.m.UserMessageCount() != 0 {
		t.Errorf("%d messages of %d", len(s.seen), senders*each)
	}
}

// After a crash nothing is handled until the supervisor has decided, and nothing is lost.
// System messages go first.
func TestMailboxWaitsForTheSupervisor(t *testing.T) {
	t.Parallel()
	s := newScript()
	s.m.PostUserMessage("before")
	s.m.PostUserMessage(actor.ErrTimeout)
	s.m.PostUserMessage("behind")
	<-s.crashed
	handled := make(chan struct{})
	s.m.PostSystemMessage(func() { close(handled) })
	<-handled
	if n := s.m.UserMessageCount(); n != 1 {
		t.Errorf("%d messages wait", n)
	}
	s.m.PostSystemMessage(&actor.ResumeMailbox{})
	s.sync()
	if len(s.seen) != 2 || s.seen[0] != "before" || s.seen[1] != "behind" {
		t.Errorf("%v", s.seen)
	}
}
