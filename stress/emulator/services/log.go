package services

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// longestLog bounds the calls that are remembered one by one; the oldest go first.
// Counts are never forgotten.
const longestLog = 20_000

// Call is one call to a service. End is zero while it lasts.
type Call struct {
	Service   string    `json:"service"`
	Key       string    `json:"key,omitempty"` // as it was presented, accepted or not
	RequestID string    `json:"request_id,omitempty"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end,omitzero"`
	Status    int       `json:"status,omitempty"` // of the answer that was meant
	Outcome   Class     `json:"outcome,omitempty"`
	Fault     string    `json:"fault,omitempty"`
	Note      string    `json:"note,omitempty"` // why it was answered like that
	Cancelled bool      `json:"cancelled,omitempty"`
}

func (c Call) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("service", c.Service), slog.String("request_id", c.RequestID),
		slog.Int("status", c.Status), slog.String("outcome", string(c.Outcome)),
		slog.String("fault", c.Fault), slog.String("note", c.Note),
		slog.Bool("cancelled", c.Cancelled), slog.Duration("took", c.End.Sub(c.Start)),
	}
}

func levelOf(c Call) slog.Level {
	if c.Fault != "" || c.Outcome == Auth || c.Outcome == BadInput {
		return slog.LevelWarn
	}
	return slog.LevelInfo
}

type account struct{ service, key string }

// callLog remembers calls and wakes who waits for one.
type callLog struct {
	mu      sync.Mutex
	calls   []Call
	first   int // number of calls[0]
	counts  map[account]int
	changed chan struct{} // closed and replaced with each change
}

func newCallLog() *callLog {
	return &callLog{counts: map[account]int{}, changed: make(chan struct{})}
}

func (l *callLog) wake() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *callLog) begin(c Call) (id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.wake()
	if len(l.calls) == longestLog {
		drop := longestLog / 2
		l.calls, l.first = slices.Clone(l.calls[drop:]), l.first+drop
	}
	l.calls = append(l.calls, c)
	l.counts[account{c.Service, c.Key}]++
	return l.first + len(l.calls) - 1
}

func (l *callLog) end(id int, r reply, gone bool) Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.wake()
	if id < l.first {
		return Call{End: time.Now()} // forgotten meanwhile
	}
	c := &l.calls[id-l.first]
	c.End, c.Status, c.Outcome, c.Note, c.Cancelled = time.Now(), r.status, r.outcome, r.note, gone
	return *c
}

func (l *callLog) snapshot() ([]Call, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls), l.changed
}

// Calls counts the calls of a service that have begun.
func (s *Services) Calls(service string) int {
	return s.count(func(a account) bool { return a.service == service })
}

// CallsOf counts the calls of a service with this key.
func (s *Services) CallsOf(service, key string) int {
	return s.count(func(a account) bool { return a == account{service, key} })
}

func (s *Services) count(counts func(account) bool) (sum int) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	for a, n := range s.log.counts {
		if counts(a) {
			sum += n
		}
	}
	return sum
}

// Log is every call in the order of their beginning, of the last 10,000 at least.
func (s *Services) Log() []Call {
	calls, _ := s.log.snapshot()
	return calls
}

// Wait returns when the log is as the caller wants it, or with the error of ctx.
func (s *Services) Wait(ctx context.Context, ready func([]Call) bool) error {
	for {
		calls, changed := s.log.snapshot()
		if ready(calls) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitStarted waits until n calls of a service have begun.
func (s *Services) WaitStarted(ctx context.Context, service string, n int) error {
	return s.Wait(ctx, func([]Call) bool { return s.Calls(service) >= n })
}

// WaitEnded waits until n calls of a service have ended.
func (s *Services) WaitEnded(ctx context.Context, service string, n int) error {
	return s.waitFor(ctx, n, func(c Call) bool { return c.Service == service && !c.End.IsZero() })
}

// WaitCancelled waits until the client has left n calls of a service.
func (s *Services) WaitCancelled(ctx context.Context, service string, n int) error {
	return s.waitFor(ctx, n, func(c Call) bool { return c.Service == service && c.Cancelled })
}

func (s *Services) waitFor(ctx context.Context, n int, counts func(Call) bool) error {
	return s.Wait(ctx, func(calls []Call) bool {
		found := 0
		for _, c := range calls {
			if counts(c) {
				found++
			}
		}
		return found >= n
	})
}

// ProviderTime is how long at least one call of a recall was under way: what the
// recall took beyond it is the server's own. Calls side by side count once, calls
// that have not ended not at all.
func (s *Services) ProviderTime(requestID string) (sum time.Duration) {
	var covered time.Time
	for _, c := range s.Log() { // in the order of Start
		if c.RequestID != requestID || !c.End.After(covered) {
			continue
		}
		from := c.Start
		if covered.After(from) {
			from = covered
		}
		sum, covered = sum+c.End.Sub(from), c.End
	}
	return sum
}
