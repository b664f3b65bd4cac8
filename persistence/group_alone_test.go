package persistence

import (
	"context"
	"errors"
	"strings"
	"testing"

	"recall/wire"
)

// Threads on which nothing else happens do not keep the groups of others from leaving,
// however many are locked.
func TestLonelyLockedCommitsHoldUpNobody(t *testing.T) {
	t.Parallel()
	db, other := openPatiently(t, Options{})
	x := threadsOf(t, db, groupsAtOnce+2)
	locked, free := x[1:], x[0]
	var releases []func()
	errs := make(chan error)
	for _, a := range locked {
		releases = append(releases, hold(t, other, lockThread, a.Thread.ID))
		go func() { errs <- db.Commit(t.Context(), asking(a, 1)) }()
	}
	eventually(t, other, func() bool {
		return value[int](t, other, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == len(locked)
	})
	if err := db.Commit(t.Context(), asking(free, 1)); err != nil {
		t.Error(err)
	}
	if p := db.Pressure(); p != 0 {
		t.Errorf("pressure %v", p)
	}
	for _, release := range releases {
		release()
	}
	for range locked {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

// Few connections are for those who wait for a lock. Who gets none in his time knows
// that nothing was written.
func TestFewWriteAlone(t *testing.T) {
	t.Parallel()
	for conns, want := range map[int]int{1: 1, 7: 1, 16: 4} {
		if n := cap(newGroupWriter(nil, Options{MaxConns: conns}).turns); n != want {
			t.Errorf("%d of %d connections, want %d", n, conns, want)
		}
	}
	db, other := openPatiently(t, Options{MaxConns: 4})
	a := newThread(t, db, wire.NewID())
	release := hold(t, other, lockThread, a.Thread.ID)
	db.groups.turns <- struct{}{}
	ctx := expiring{t.Context(), make(chan struct{}), context.DeadlineExceeded}
	e := handIn(t, db, asking(a, 1))
	gone := make(chan error)
	go func() { gone <- db.groups.await(ctx, e) }()
	<-e.told
	close(ctx.passed)
	err := translate(opCommit, <-gone)
	unavailable(t, "the one without a turn", err)
	if errors.Is(err, wire.ErrUnsure) || !strings.Contains(err.Error(), "wait to be written alone") {
		t.Errorf("error %v, want one of no doubt from before there was a connection", err)
	}
	release()
	<-db.groups.turns
	if err := db.Commit(t.Context(), asking(a, 1)); err != nil {
		t.Error(err)
	}
}
