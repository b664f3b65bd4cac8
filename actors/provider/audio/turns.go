package audio

import (
	"context"
	"sync"

	"recall/wire"
)

// turns lets each person have one conversion at a time: five long recordings of one
// are not five places that others wait for.
type turns struct {
	mu sync.Mutex
	of map[wire.ID]*turn
}

// turn is one person's; it is forgotten when nobody wants it any more.
type turn struct {
	taken chan struct{} // holds one
	users int           // who has it or waits for it
}

// take waits for the owner's turn and returns what gives it back. A clip without an
// owner waits for nobody.
func (t *turns) take(ctx context.Context, owner wire.ID) (give func(), err error) {
	if owner.IsZero() {
		return func() {}, nil
	}
	mine := t.join(owner)
	select {
	case mine.taken <- struct{}{}:
		return func() {
			<-mine.taken
			t.leave(owner, mine)
		}, nil
	case <-ctx.Done():
		t.leave(owner, mine)
		return nil, ctx.Err()
	}
}

func (t *turns) join(owner wire.ID) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.of == nil {
		t.of = map[wire.ID]*turn{}
	}
	mine := t.of[owner]
	if mine == nil {
		mine = &turn{taken: make(chan struct{}, 1)}
		t.of[owner] = mine
	}
	mine.users++
	return mine
}

func (t *turns) leave(owner wire.ID, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(t.of, owner)
	}
}
