package actors

import (
	"context"
	"sync"
	"testing"
	"time"

	"recall/wire"
)

// TestEachAskerGetsItsOwnAnswer, however many ask at once and some in vain.
func TestEachAskerGetsItsOwnAnswer(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			id := wire.NewID()
			for i := range 500 {
				if answer, err := system.ask(t.Context(), echoing, id, i); err != nil || answer != i {
					t.Errorf("asked %d: %v, %v", i, answer, err)
				}
			}
		})
		all.Go(func() {
			for range 20 { // an answer that comes just then is as good
				pid := system.lookup.Find(address{echoing, wire.NewID()})
				if answer, ok := system.replies.ask(system.actors.Root, pid, "late", 0); ok && answer != "late" {
					t.Errorf("an answer of somebody else: %v", answer)
				}
			}
		})
	}
	all.Wait()
}

// TestNobodyAnswers: one who does not answer is given up, and leaves nothing behind.
func TestNobodyAnswers(t *testing.T) {
	t.Parallel()
	ctx, done := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer done()
	if answer, err := system.ask(ctx, sleepless, wire.NewID(), "hello"); wire.AsError(err).Code != wire.CodeUnavailable {
		t.Errorf("%v, %v", answer, err)
	}
}
