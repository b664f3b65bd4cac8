package media

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"recall/wire"
)

// A bound on open uploads holds for all and for each user, and every end gives a
// place back.
func TestOpenUploadsAreBounded(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{MaxOpen: 3, MaxOpenPerUser: 2})
	greedy, other := wire.NewID(), wire.NewID()
	open := wire.MediaOpen{Kind: wire.InputVoice}
	refused := func(owner wire.ID) {
		t.Helper()
		_, err := s.Begin(owner, &open)
		if e := wantCode(t, err, wire.CodeUnavailable); e.RetryAfterMS <= 0 || !e.Retryable {
			t.Errorf("%+v does not say when to come again", e)
		}
	}
	first, second := begin(t, s, greedy, open), begin(t, s, greedy, open)
	refused(greedy)
	third := begin(t, s, other, open)
	refused(other)
	first.Abort()
	first.Abort()
	fourth := begin(t, s, other, open)
	refused(wire.NewID())
	if _, err := second.Finish(t.Context(), ""); err == nil {
		t.Error("an empty upload was stored")
	}
	fifth := begin(t, s, wire.NewID(), open)
	for _, u := range []*Upload{third, fourth, fifth} {
		u.Abort()
	}
	wantEmpty(t, s)
}

// An upload without a byte for a minute is ended, one that goes on is not.
func TestIdleUploadsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openLocal(t, Options{})
		silent := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		slow := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		for _, piece := range []string{"GIF", "8", "9", "a"} {
			time.Sleep(59 * time.Second) // of the bubble: no time passes
			write(t, slow, []byte(piece))
		}
		synctest.Wait()
		if !silent.Ended() || slow.Ended() {
			t.Errorf("silent ended: %v, slow ended: %v", silent.Ended(), slow.Ended())
		}
		_, err := silent.Write([]byte("GIF89a"))
		wantCode(t, err, wire.CodeNotFound)
		_, err = silent.Finish(t.Context(), "")
		wantCode(t, err, wire.CodeNotFound)
		if _, err := slow.Finish(t.Context(), ""); err != nil {
			t.Error(err)
		}
		late := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		write(t, late, []byte("GIF89a"))
		time.Sleep(61 * time.Second)
		synctest.Wait()
		if !late.Ended() {
			t.Error("an upload that stopped in the middle was not ended")
		}
		if n := len(s.open); n > 0 {
			t.Errorf("%d places are still taken", n)
		}
	})
}

func TestFinishIsOnceAndAllEndsWithTheStore(t *testing.T) {
	t.Parallel()
	s := openLocal(t, Options{})
	u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	write(t, u, []byte("GIF89a"))
	if _, err := u.Finish(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	_, err := u.Finish(t.Context(), "")
	wantCode(t, err, wire.CodeNotFound)
	u.Abort()

	open := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = open.Write([]byte("GIF89a"))
	wantCode(t, err, wire.CodeNotFound)
	_, err = s.Begin(wire.NewID(), &wire.MediaOpen{Kind: wire.InputImage})
	wantCode(t, err, wire.CodeUnavailable)
}

var errTest = errors.New("made up")

// Where the row cannot be written, no blob stays; where it cannot be told whether
// it was written, the blob waits for the sweep, which takes it when there is none.
func TestFailureBetweenBlobAndRow(t *testing.T) {
	t.Parallel()
	table := newRows()
	later := time.Now().Add(2 * time.Hour)
	s := openLocal(t, Options{Rows: table, Now: func() time.Time { return later }})
	finish := func(ctx context.Context) error {
		u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
		write(t, u, []byte("GIF89a"))
		_, err := u.Finish(ctx, "")
		return err
	}
	table.fail = func(_ context.Context, op string) error {
		if op == "store" {
			return errTest
		}
		return nil
	}
	if err := finish(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v, want that of the row", err)
	}
	wantEmpty(t, s)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	wantCode(t, finish(gone), wire.CodeUnavailable)
	wantEmpty(t, s)

	table.fail = func(context.Context, string) error { return errTest }
	if err := finish(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v, want that of the row", err)
	}
	if left := files(t, s.options.Dir); len(left) != 1 {
		t.Errorf("%v is left, want the one blob", left)
	}
	if _, err := s.Sweep(t.Context()); !errors.Is(err, errTest) {
		t.Errorf("error %v of the sweep, want that of the rows", err)
	}
	table.fail = nil
	if swept, err := s.Sweep(t.Context()); err != nil || swept.Orphans != 1 {
		t.Errorf("swept %+v, error %v, want one orphan", swept, err)
	}
	wantEmpty(t, s)
}

// Two users who are slow do not keep everybody else out: while places are scarce,
// nobody may take many of them.
func TestScarcePlacesAreShared(t *testing.T) {
	t.Parallel()
	const places = 64
	s := openLocal(t, Options{MaxOpen: places, MaxOpenPerUser: places / 2})
	open := wire.MediaOpen{Kind: wire.InputVoice}
	var all []*Upload
	hoard := func() (n int) {
		owner := wire.NewID()
		for {
			u, err := s.Begin(owner, &open)
			if err != nil {
				wantCode(t, err, wire.CodeUnavailable)
				return n
			}
			all = append(all, u)
			n++
		}
	}
	if n := hoard(); n != places/2 {
		t.Errorf("with places to spare a user got %d", n)
	}
	for range 3 {
		if n := hoard(); n != smallShare {
			t.Errorf("another user got %d of scarce places", n)
		}
	}
	for _, u := range all {
		u.Abort()
	}
	wantEmpty(t, s)
}
