package media

import (
	"context"
	"sync"
	"time"

	"recall/wire"
)

// rows is a table in memory, for tests that ask nothing of the database but an
// answer. What fail returns for an operation is its error; before, that is.
type rows struct {
	mu   sync.Mutex
	kept map[wire.ID]wire.Media
	fail func(ctx context.Context, op string) error
}

func newRows() *rows { return &rows{kept: make(map[wire.ID]wire.Media)} }

func (r *rows) enter(ctx context.Context, op string) error {
	if r.fail != nil {
		if err := r.fail(ctx, op); err != nil {
			return err
		}
	}
	r.mu.Lock()
	return nil
}

func (r *rows) StoreMedia(ctx context.Context, m wire.Media) error {
	if err := r.enter(ctx, "store"); err != nil {
		return err
	}
	defer r.mu.Unlock()
	r.kept[m.ID] = m
	return nil
}

func (r *rows) Media(ctx context.Context, owner, id wire.ID) (wire.Media, error) {
	if err := r.enter(ctx, "media"); err != nil {
		return wire.Media{}, err
	}
	defer r.mu.Unlock()
	m, ok := r.kept[id]
	if !ok || m.Owner != owner {
		return wire.Media{}, wire.NotFound("media")
	}
	return m, nil
}

func (r *rows) DropMedia(ctx context.Context, id wire.ID) error {
	if err := r.enter(ctx, "drop"); err != nil {
		return err
	}
	defer r.mu.Unlock()
	delete(r.kept, id)
	return nil
}

func (r *rows) DropUnusedMedia(context.Context, time.Duration) ([]wire.ID, error) { return nil, nil }

func (r *rows) KnownMedia(ctx context.Context, ids []wire.ID) (known []wire.ID, err error) {
	if err := r.enter(ctx, "known"); err != nil {
		return nil, err
	}
	defer r.mu.Unlock()
	for _, id := range ids {
		if _, ok := r.kept[id]; ok {
			known = append(known, id)
		}
	}
	return known, nil
}

func (r *rows) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.kept)
}
