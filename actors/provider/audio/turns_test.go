package audio

import (
	"bytes"
	"context"
	"io"
	"testing"
	"testing/synctest"

	"recall/actors/recall"
	"recall/wire"
)

// held is a clip whose reading waits: began is told when its conversion has a place.
func held(owner wire.ID, began chan<- wire.ID, release <-chan struct{}) recall.Clip {
	return recall.Clip{ContentType: "audio/wav", Owner: owner, Open: func(context.Context) (io.ReadCloser, error) {
		began <- owner
		<-release
		return io.NopCloser(bytes.NewReader(WAV(make([]byte, 2000)))), nil
	}}
}

// One person's recordings take one place, however many they are: with two places,
// the second one is another's.
func TestOnePersonTakesOnePlace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := New(Config{FFmpeg: NoFFmpeg, AtOnce: 2})
		greedy, other := wire.NewID(), wire.NewID()
		began, release, ended := make(chan wire.ID, 10), make(chan struct{}), make(chan error, 10)
		start := func(owner wire.ID) {
			go func() {
				_, err := c.Decode(t.Context(), held(owner, began, release))
				ended <- err
			}()
		}
		for range 5 {
			start(greedy)
		}
		synctest.Wait()
		start(other)
		synctest.Wait()
		if len(began) != 2 || <-began != greedy || <-began != other {
			t.Fatal("the other one waits behind the greedy one")
		}
		close(release)
		for range 6 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if len(c.turns.of) != 0 {
			t.Errorf("%d turns are left", len(c.turns.of))
		}
	})
}

// Who gives up in the queue leaves no trace.
func TestGivingUpATurn(t *testing.T) {
	t.Parallel()
	var all turns
	owner := wire.NewID()
	give, err := all.take(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := all.take(ctx, owner); err == nil {
		t.Error("two have the turn")
	}
	give()
	if len(all.of) != 0 {
		t.Error("a turn is left")
	}
	if give, err = all.take(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	give()
}
