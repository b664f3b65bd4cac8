package thread

import (
	"context"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/trace"

	"recall/actors/grain"
	"recall/actors/recall"
	"recall/actors/user"
	"recall/wire"
)

// witness is a store, an uploader and a door that write down which trace each call is
// a part of.
type witness struct {
	Store
	Users
	mu   sync.Mutex
	seen map[string]string // by call, the first byte of the span's id
}

func (w *witness) note(ctx context.Context, call string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if span := grain.TraceOf(ctx); span != nil {
		w.seen[call] += string(span.SpanContext().SpanID().String()[1])
	} else {
		w.seen[call] += "-"
	}
}

func (w *witness) Activate(ctx context.Context, id wire.ID) (wire.Activation, error) {
	w.note(ctx, "activate")
	return w.Store.Activate(ctx, id)
}

func (w *witness) Commit(ctx context.Context, c *wire.Commit) error {
	w.note(ctx, "commit")
	return w.Store.Commit(ctx, c)
}

func (w *witness) Page(ctx context.Context, q wire.PageQuery) (wire.Page, error) {
	w.note(ctx, "page")
	return w.Store.Page(ctx, q)
}

func (w *witness) Posting(ctx context.Context, thread, message wire.ID) (*wire.Posting, error) {
	w.note(ctx, "posting")
	return w.Store.Posting(ctx, thread, message)
}

func (w *witness) Admit(ctx context.Context, r wire.Recall) (user.Decision, error) {
	w.note(ctx, "admit")
	return w.Users.Admit(ctx, r)
}

func (w *witness) Use(ctx context.Context, _, _ wire.ID, _ wire.InputKind) error {
	w.note(ctx, "media")
	return nil
}

// span is a part of a trace with the number n.
func span(n byte) trace.Span {
	return trace.SpanFromContext(trace.ContextWithSpanContext(context.Background(),
		trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{n}})))
}

// Everything that a command makes a thread do outside is a part of the command's trace:
// also the end of a recall, which is long after its reply.
func TestTraceReachesTheStoreAndTheResolver(t *testing.T) {
	t.Parallel()
	w := &witness{seen: map[string]string{}}
	resolve := func(ctx context.Context, _ recall.Job, _ func(wire.Event)) recall.Outcome {
		w.note(ctx, "resolve")
		return recall.Outcome{Terminal: done(song(1, 0.5))}
	}
	s := newStageOf(t, Config{}, resolve, func(d *Deps) {
		w.Store, w.Users = d.Store, d.Users
		d.Store, d.Users, d.Media, d.Shelf = w, w, w, NoShelf{}
	})
	c := s.client()
	send := func(n byte, command wire.Command) {
		s.system.Root.Send(s.thread, &Request{From: Peer{Address: c.pid.Address, ID: c.pid.Id}, User: s.owner, Command: command, Trace: span(n)})
	}
	send(1, &wire.ThreadGet{})
	c.until("thread")
	send(2, &wire.StartRecall{RequestID: wire.NewID(), Input: wire.Input{Kind: wire.InputVoice, MediaID: wire.NewID()}})
	id := c.until("message").posting().ID
	c.until("recall.completed")
	send(3, &wire.MessagesList{})
	c.until("messages")
	send(4, &wire.Judge{MessageID: id, Verdict: wire.Rejected})
	c.until("error") // it is a question, no candidate
	s.system.Root.Send(s.thread, &Request{From: Peer{Address: c.pid.Address, ID: c.pid.Id}, User: s.owner, Command: &wire.ThreadUpdate{Title: ptr("x")}})
	c.until("thread")
	w.mu.Lock()
	defer w.mu.Unlock()
	for call, want := range map[string]string{
		"activate": "1", "media": "2", "admit": "2", "commit": "22-", "resolve": "2", "page": "23", "posting": "4",
	} {
		if w.seen[call] != want {
			t.Errorf("%s is a part of %q, want %q", call, w.seen[call], want)
		}
	}
}

// A page is prefetched when the store has time, and not otherwise.
func TestGrainPrefetchesWhenTheStoreHasTime(t *testing.T) {
	t.Parallel()
	for _, spare := range []bool{true, false} {
		asked := make(chan struct{})
		s := newStageOf(t, Config{}, completes, func(d *Deps) { d.Spare = func() bool { close(asked); return spare } })
		fill(s, 60)
		c := s.client()
		c.send("s", &wire.ThreadSubscribe{})
		c.send("l", &wire.MessagesList{})
		first := c.until("messages").Messages[0].Seq
		<-asked
		s.tasks.Wait() // its result is in the mailbox
		c.send("l", &wire.MessagesList{BeforeSeq: &first})
		if f := c.until("messages"); f.Cached != spare || len(f.Messages) != 10 {
			t.Errorf("time %v, read %v, %d messages", spare, f.Cached, len(f.Messages))
		}
	}
}

// fill puts n messages into the thread before it is woken.
func fill(s *stage, n int) {
	a, err := s.mem.Activate(s.Context(), s.id)
	for i := range n {
		seq := int64(i + 1)
		p := &wire.Posting{ID: wire.NewID(), Seq: seq, Type: wire.TypeText, Text: "x"}
		if err == nil {
			err = s.mem.Commit(s.Context(), &wire.Commit{ThreadID: s.id, Fence: a.Fence, Seq: seq, Postings: []*wire.Posting{p}})
		}
	}
	if err != nil {
		s.Fatal(err)
	}
}
