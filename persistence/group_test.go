package persistence

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"recall/persistence/pgtest"
	"recall/wire"
)

func wantErrs(t *testing.T, errs []error, want map[int]error) {
	t.Helper()
	for i, err := range errs {
		if !errors.Is(err, want[i]) {
			t.Errorf("commit %d: error %v, want %v", i, err, want[i])
		}
	}
}

// What gathers is one round trip, and each table is written by one statement.
func TestGroupIsOneRoundTrip(t *testing.T) {
	t.Parallel()
	db := openWith(t, gathering(64))
	var asks, answers []*wire.Commit
	for _, a := range threadsOf(t, db, 64) {
		ask := asking(a, 1)
		asks, answers = append(asks, ask), append(answers, answering(a, 2, ask.Accepted.ID))
	}
	execSQL(t, db, countStatements)
	before := db.Queries()
	wantErrs(t, commitAll(t, db, asks...), nil)
	wantErrs(t, commitAll(t, db, answers...), nil)
	if trips := db.Queries() - before; trips != 2 {
		t.Errorf("two groups took %d round trips", trips)
	}
	if groups, commits := db.Groups(); groups != 2 || commits != 128 {
		t.Errorf("%d groups of %d commits", groups, commits)
	}
	for table, want := range map[string]int{"recall_threads": 2, "recall_messages": 2, "recalls": 2, "recall_stash": 1} {
		if n := value[int](t, db, `SELECT count(*) FROM counted WHERE rel = $1`, table); n != want {
			t.Errorf("%d statements wrote %s, want %d", n, table, want)
		}
	}
	if n := value[int](t, db, `SELECT count(*) FROM recall_messages`); n != 64*6 {
		t.Errorf("%d messages", n)
	}
	if n := value[int](t, db, `SELECT count(*) FROM recalls WHERE state = 'done'`); n != 64 {
		t.Errorf("%d recalls have ended", n)
	}
}

// countStatements notes each statement that changes something in a table.
const countStatements = `
CREATE TABLE counted (rel text);
CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed) THEN
        INSERT INTO counted VALUES (TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
DO $$
DECLARE rel text; op text;
BEGIN
    FOREACH rel IN ARRAY ARRAY ['recall_threads', 'recall_messages', 'recalls', 'recall_stash'] LOOP
        FOREACH op IN ARRAY ARRAY ['INSERT', 'UPDATE'] LOOP
            EXECUTE format('CREATE TRIGGER counted_%s AFTER %s ON %s REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_statement()', op, op, rel);
        END LOOP;
    END LOOP;
END $$`

// While the database is busy, everybody who comes gathers behind it.
func TestWaitingForConnectionGathers(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	other := openStore(t, url)
	db, err := Open(t.Context(), Options{URL: url, MaxConns: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	threads := threadsOf(t, db, 64)
	before := db.Queries()
	give := holdAll(t, db)
	errs := make(chan error, len(threads))
	for _, a := range threads {
		go func() { errs <- db.Commit(t.Context(), asking(a, 1)) }()
	}
	eventually(t, other, func() bool { return db.groups.queued() == len(threads) })
	give()
	for range threads {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if trips := db.Queries() - before; trips != 1 {
		t.Errorf("%d round trips", trips)
	}
}

// Of one thread, what comes later is written later, in another group.
func TestThreadsOrderIsKept(t *testing.T) {
	t.Parallel()
	db := openWith(t, Options{})
	var commits []*wire.Commit
	for _, a := range threadsOf(t, db, 4) {
		for seq := range int64(20) {
			commits = append(commits, asking(a, seq+1))
		}
	}
	wantErrs(t, commitAll(t, db, commits...), nil) // else one would be stale
	if n := db.groups.threads(); n != 0 {
		t.Errorf("%d threads are left behind", n)
	}
}

// Each has its own outcome, whether the group is written at once or, because of one
// of them, one by one.
func TestEachIsToldItsOwn(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*wire.Commit, *wire.Posting){
		"at once":                func(*wire.Commit, *wire.Posting) {},
		"one by one":             func(c *wire.Commit, old *wire.Posting) { c.Postings[0].ID = old.ID },
		"each with a round trip": func(c *wire.Commit, _ *wire.Posting) { c.Postings[0].Sources = json.RawMessage(`["\u0000"]`) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := openWith(t, gathering(50))
			x := threadsOf(t, db, 50)
			var first, second []*wire.Commit
			for _, a := range x {
				c := asking(a, 1)
				first, second = append(first, c), append(second, answering(a, 2, c.Accepted.ID))
			}
			wantErrs(t, commitAll(t, db, first...), nil)
			second[3].Fence--
			second[7] = asking(x[7], 2)
			second[7].Accepted.RequestID = first[7].Accepted.RequestID // taken before
			second[11] = asking(x[11], 2)
			second[12] = asking(x[12], 2)
			second[12].Accepted.UserID, second[12].Accepted.RequestID = x[11].Owner, second[11].Accepted.RequestID // and in this group
			second[20] = first[20]                                                                                 // again
			second[21].ThreadID = wire.NewID()
			spoil(second[30], first[29].Postings[0])

			errs := commitAll(t, db, second...)
			if bad := errs[30]; name != "at once" {
				if bad == nil || wire.AsError(bad).Code != wire.CodeInternal {
					t.Errorf("the bad one was told %v", bad)
				}
				errs[30] = nil
			}
			if name == "each with a round trip" && errs[12] == nil { // who of the two is first is open then
				errs[11], errs[12] = errs[12], errs[11]
			}
			wantErrs(t, errs, map[int]error{3: wire.ErrStale, 7: wire.ErrDuplicate, 12: wire.ErrDuplicate, 21: wire.ErrStale})
			written, want := value[int](t, db, `SELECT count(*) FROM recall_threads WHERE seq > 1`), 50-6 // the repetition's is where it was
			if name == "at once" {
				want++
			}
			if written != want {
				t.Errorf("%d threads were written, want %d", written, want)
			}
		})
	}
}

// A thread whose row is locked is the only one that waits for it.
func TestLockedThreadHoldsUpNobody(t *testing.T) {
	t.Parallel()
	db := openWith(t, gathering(8))
	x := threadsOf(t, db, 8)
	release := hold(t, db, lockThread, x[5].Thread.ID)
	errs := make([]chan error, len(x))
	for i, a := range x {
		errs[i] = make(chan error, 1)
		e := handIn(t, db, asking(a, 1))
		go func() { errs[i] <- db.groups.await(t.Context(), e) }()
	}
	for i := range x {
		if i != 5 {
			if err := <-errs[i]; err != nil { // the row is locked all the while
				t.Error(err)
			}
		}
	}
	awaitLockWait(t, db)
	release()
	if err := <-errs[5]; err != nil {
		t.Error(err)
	}
}

// When the connection breaks in the middle, nobody knows; sending all again helps.
func TestBrokenGroupIsUnsureAndHeals(t *testing.T) {
	t.Parallel()
	o := gathering(8)
	o.URL = pgtest.New(t)
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	other := openStore(t, o.URL)
	var commits []*wire.Commit
	for _, a := range threadsOf(t, db, 8) {
		commits = append(commits, asking(a, 1))
	}
	release := block(t, other, commits[4])
	var errs []error
	done := make(chan struct{})
	go func() {
		defer close(done)
		errs = commitAll(t, db, commits...)
	}()
	awaitLockWait(t, other)
	execSQL(t, other, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	<-done
	for _, err := range errs {
		unavailable(t, "a commit of the broken group", err)
		if !errors.Is(err, wire.ErrUnsure) {
			t.Errorf("error %v, want an unsure one", err)
		}
	}
	release()
	wantErrs(t, commitAll(t, db, commits...), nil)
	wantErrs(t, commitAll(t, db, commits...), nil) // and once more: all are there
}

// Close writes what was handed in; what comes later is not written, for sure.
func TestCloseWritesWhatIsQueued(t *testing.T) {
	t.Parallel()
	db := openWith(t, gathering(100))
	x := threadsOf(t, db, 3)
	errs := make(chan error)
	for _, a := range x {
		e := handIn(t, db, asking(a, 1))
		go func() { errs <- db.groups.await(t.Context(), e) }()
	}
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		db.Close()
	}()
	for range x {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	<-closed
	err := db.Commit(t.Context(), asking(x[0], 2))
	unavailable(t, "a commit after Close", err)
	if errors.Is(err, wire.ErrUnsure) {
		t.Errorf("in doubt: %v", err)
	}
}

// A group that nobody joins leaves by itself.
func TestLonelyCommitLeaves(t *testing.T) {
	t.Parallel()
	db := openWith(t, Options{BatchWait: time.Millisecond})
	if err := db.Commit(t.Context(), asking(newThread(t, db, wire.NewID()), 1)); err != nil {
		t.Fatal(err)
	}
}
