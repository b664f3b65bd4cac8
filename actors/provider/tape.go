package provider

import (
	"context"
	"reflect"
	"slices"
	"sync"

	"recall/actors/provider/fault"
)

// tape is what a call tells: pieces, and then its result. The call writes it; any
// number of callers read it, from the first piece and at their own pace, so that a
// slow one holds up nobody. It holds no more than the client lets an answer be.
type tape struct {
	mu     sync.Mutex
	pieces []any
	news   chan struct{} // closed when there is more; nil: nobody waits
	over   chan struct{} // closed at the end; nil: nobody waits
	ended  bool
	value  any
	err    error
}

// add appends a piece. After the end it is too late.
func (t *tape) add(piece any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.pieces = append(t.pieces, piece)
	t.tell()
}

// end writes the result. The first one stands.
func (t *tape) end(value any, f *fault.Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return
	}
	t.ended, t.value = true, value
	if f != nil {
		t.err = f
	}
	t.tell()
	if t.over != nil {
		close(t.over)
	}
}

func (t *tape) tell() {
	if t.news != nil {
		close(t.news)
		t.news = nil
	}
}

// weight is about how much memory the tape takes, in bytes.
func (t *tape) weight() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return weight(reflect.ValueOf(t.pieces)) + weight(reflect.ValueOf(t.value))
}

// told tells whether there are pieces.
func (t *tape) told() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.pieces) > 0
}

// after gives the pieces from the nth on; news is nil when no more will come.
func (t *tape) after(n int) (pieces []any, news, over <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	pieces = slices.Clip(t.pieces[n:])
	if t.ended {
		return pieces, nil, nil
	}
	if t.news == nil {
		t.news = make(chan struct{})
	}
	if t.over == nil {
		t.over = make(chan struct{})
	}
	return pieces, t.news, t.over
}

// follow tells every piece on the caller's goroutine and returns the result, or ends
// with ctx. tell may be nil.
func (t *tape) follow(ctx context.Context, tell func(any)) (any, error) {
	for n := 0; ; {
		pieces, news, over := t.after(n)
		n += len(pieces)
		pieces = joined(pieces)
		for _, piece := range pieces {
			if ctx.Err() != nil {
				return nil, fault.Of(ctx.Err())
			}
			if tell != nil {
				tell(piece)
			}
		}
		if news == nil {
			return t.value, t.err
		}
		if endsInText(pieces) {
			rest(ctx, over)
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, fault.Of(ctx.Err())
		}
	}
}
