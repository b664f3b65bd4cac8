package services

import (
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
	changed chan struct{} // closed with the next change; nil while nobody waits
}

func newCallLog() *callLog { return &callLog{counts: map[account]int{}} }

// wake makes no channel for the next change: under load there are a thousand changes
// a second, and somebody who waits now and then.
func (l *callLog) wake() {
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
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

func (l *callLog) snapshot() []Call {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.calls)
}

// watch is closed with the next change.
func (l *callLog) watch() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}
