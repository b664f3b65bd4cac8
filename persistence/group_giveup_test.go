package persistence

import (
	"context"
	"errors"
	"testing"

	"recall/persistence/pgtest"
	"recall/wire"
)

// expiring is a context that ends when the test says so.
type expiring struct {
	context.Context
	passed chan struct{}
	err    error
}

func (e expiring) Done() <-chan struct{} { return e.passed }

func (e expiring) Err() error {
	select {
	case <-e.passed:
		return e.err
	default:
		return nil
	}
}

// Who gives up before the commit was sent takes it back, and knows that.
func TestGivingUpBeforeIsClear(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	other := openStore(t, url)
	db, err := Open(t.Context(), Options{URL: url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	x := threadsOf(t, db, 2)
	give := holdAll(t, db)
	defer give()
	ctx := expiring{t.Context(), make(chan struct{}), context.DeadlineExceeded}
	gone, stays, behind := make(chan error), make(chan error), make(chan error)
	go func() { gone <- db.Commit(ctx, asking(x[0], 1)) }()
	eventually(t, other, func() bool { return db.groups.queued() == 1 })
	go func() { behind <- db.Commit(t.Context(), asking(x[0], 2)) }()
	go func() { stays <- db.Commit(t.Context(), asking(x[1], 1)) }()
	eventually(t, other, func() bool { return db.groups.queued() == 2 })
	close(ctx.passed)
	err = <-gone
	unavailable(t, "the one that gave up", err)
	if errors.Is(err, wire.ErrUnsure) {
		t.Errorf("in doubt: %v", err)
	}
	give()
	if err := errors.Join(<-stays, <-behind); err != nil {
		t.Error(err)
	}
	if n := value[int](t, other, `SELECT count(*) FROM recalls`); n != 2 {
		t.Errorf("%d recalls, want those of who stayed", n)
	}
}

// Who gives up later cannot know; the thread's next commit goes on all the same.
func TestGivingUpAfterIsUnsure(t *testing.T) {
	t.Parallel()
	for _, why := range []error{context.DeadlineExceeded, context.Canceled} {
		t.Run(why.Error(), func(t *testing.T) {
			t.Parallel()
			testGivingUpAfter(t, why)
		})
	}
}

func testGivingUpAfter(t *testing.T, why error) {
	o := gathering(2)
	o.URL = pgtest.New(t)
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other := openStore(t, o.URL)
	x := threadsOf(t, db, 2)
	first, second := asking(x[0], 1), asking(x[1], 1)
	release := block(t, other, second)
	ctx := expiring{t.Context(), make(chan struct{}), why}
	gone, stays := make(chan error), make(chan error)
	go func() { gone <- db.Commit(ctx, first) }()
	go func() { stays <- db.Commit(t.Context(), second) }()
	awaitLockWait(t, other)
	close(ctx.passed)
	if err := <-gone; !errors.Is(err, wire.ErrUnsure) {
		t.Errorf("error %v, want an unsure one", err)
	}
	release()
	if err := <-stays; err != nil {
		t.Error(err)
	}
	wantErrs(t, commitAll(t, db, asking(x[0], 2), asking(x[1], 2)), nil)
}
