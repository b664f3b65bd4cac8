package actors

import (
	"runtime"
	"sync"

	"github.com/asynkron/protoactor-go/actor"
)

// mailbox stands in for protoactor's unbounded one, whose two queues hold 350 bytes for
// as long as an actor lives; here an idle one holds its first places only, 150 bytes all
// in all, and a message on its way costs nothing to allocate. There is one lock instead
// of a queue with locks and another without.
type mailbox struct {
	mu        sync.Mutex
	user      []any
	system    []any // goes first
	running   bool
	suspended bool // after a crash, until the supervisor has decided: only system messages
	invoker   actor.MessageInvoker
	dispatch  actor.Dispatcher
	start     func() // run; made once, and not for each message that sets the actor going

	first [2]any // where user begins
}

// newMailbox is an [actor.MailboxProducer].
func newMailbox() actor.Mailbox { return &mailbox{} }

// RegisterHandlers implements [actor.Mailbox].
func (m *mailbox) RegisterHandlers(invoker actor.MessageInvoker, dispatcher actor.Dispatcher) {
	m.invoker, m.dispatch, m.start = invoker, dispatcher, m.run
}

// Start implements [actor.Mailbox].
func (m *mailbox) Start() {}

// UserMessageCount implements [actor.Mailbox].
func (m *mailbox) UserMessageCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.user)
}

// PostUserMessage implements [actor.Mailbox].
func (m *mailbox) PostUserMessage(message any) {
	m.mu.Lock()
	if m.user == nil {
		m.user = m.first[:0]
	}
	m.user = append(m.user, message)
	m.wake(!m.suspended)
}

// PostSystemMessage implements [actor.Mailbox].
func (m *mailbox) PostSystemMessage(message any) {
	m.mu.Lock()
	m.system = append(m.system, message)
	m.wake(true)
}

// wake sets the actor going if something can be done, and unlocks.
func (m *mailbox) wake(can bool) {
	start := can && !m.running
	m.running = m.running || start
	m.mu.Unlock()
	if start {
		m.dispatch.Schedule(m.start)
	}
}

// run handles messages until there is none. Others get a turn now and then.
func (m *mailbox) run() {
	for n := 1; ; n++ {
		message, system, ok := m.next()
		if !ok {
			return
		}
		m.handle(message, system)
		if n%m.dispatch.Throughput() == 0 {
			runtime.Gosched()
		}
	}
}

func (m *mailbox) next() (message any, system, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case len(m.system) > 0:
		message, m.system = pop(m.system)
		return message, true, true
	case m.suspended || len(m.user) == 0:
		m.running = false
		return nil, false, false
	default:
		message, m.user = pop(m.user)
		return message, false, true
	}
}

// pop takes the first message out. An empty queue gives its places back.
func pop(queue []any) (first any, rest []any) {
	first, queue[0] = queue[0], nil
	if len(queue) == 1 {
		return first, nil
	}
	return first, queue[1:]
}

// handle gives a message to the actor. Should it panic, its supervisor is told.
func (m *mailbox) handle(message any, system bool) {
	defer func() {
		if reason := recover(); reason != nil {
			m.invoker.EscalateFailure(reason, message)
		}
	}()
	switch message.(type) {
	case *actor.SuspendMailbox:
		m.suspend(true)
	case *actor.ResumeMailbox:
		m.suspend(false)
	default:
		if system {
			m.invoker.InvokeSystemMessage(message)
			return
		}
		m.invoker.InvokeUserMessage(message)
	}
}

func (m *mailbox) suspend(yes bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.suspended = yes
}
