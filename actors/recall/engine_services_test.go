package recall

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"recall/wire"
)

// phone plays every outside service. Before it answers it does what act says of the
// service, by name: it may wait, panic or fail.
type phone struct {
	act   func(ctx context.Context, name string) error
	calls atomic.Int32 // under way
}

func (f *phone) do(ctx context.Context, name string) error {
	f.calls.Add(1)
	defer f.calls.Add(-1)
	if f.act == nil {
		return nil
	}
	return f.act(ctx, name)
}

type (
	whisper struct{ *phone }
	mini    struct{ *phone }
	decoder struct{ *phone }
	listens struct {
		*phone
		name string
	}
	viewer  struct{ *phone }
	writer  struct{ *phone }
	lyrics  struct{ *phone }
	library struct{ *phone }
	catalog struct{ *phone }
)

func (whisper) Name() string   { return "whisper" }
func (mini) Name() string      { return "gpt-4o-mini" }
func (s listens) Name() string { return s.name }
func (viewer) Name() string    { return "viewer" }
func (writer) Name() string    { return "gpt-4o" }
func (lyrics) Name() string    { return "lyrics" }
func (catalog) Name() string   { return "catalog" }

func (s whisper) Transcribe(ctx context.Context, _ Clip, tell func(string)) (string, error) {
	tell("what")
	return "what is this", s.do(ctx, "whisper")
}

func (s mini) Understand(ctx context.Context, _ string) (Understanding, error) {
	return intends(wire.IntentFindSong), s.do(ctx, "gpt-4o-mini")
}

func (s decoder) Decode(ctx context.Context, _ Clip) (Sample, error) {
	return Sample{PCM: make([]byte, SampleRate)}, s.do(ctx, "decoder")
}

func (s listens) Recognize(ctx context.Context, _ Sample) ([]wire.Candidate, error) {
	return some(song("Heard", 0.6, s.name)), s.do(ctx, s.name)
}

func (s viewer) View(ctx context.Context, _ Clip) (string, error) {
	return "a cover with a yellow car", s.do(ctx, "viewer")
}

func (s writer) Write(ctx context.Context, _ Brief, tell func(Piece)) (Draft, error) {
	tell(Piece{Text: "It is "})
	return says(wire.ResponseBoth, 0.9, "It is Written.", song("Written", 0.9)), s.do(ctx, "gpt-4o")
}

func (s lyrics) Lyrics(ctx context.Context, _, _ string) (string, error) {
	return "la la", s.do(ctx, "lyrics")
}

func (s library) Clip(ctx context.Context, _, _ wire.ID) (Clip, error) {
	return Clip{Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("not here") }}, s.do(ctx, "media")
}

func (s catalog) Find(ctx context.Context, _ Query) (Finding, error) {
	return Finding{Candidates: some(song("Found", 0.5, "catalog"))}, s.do(ctx, "catalog")
}

// engine has every service there is.
func (f *phone) engine() *Engine {
	return &Engine{Logger: quiet, Sources: []Source{catalog{f}}, Services: Services{
		Library: library{f}, Transcriber: whisper{f}, Understander: mini{f}, Decoder: decoder{f},
		Recognizers: []Recognizer{listens{f, "acrcloud"}, listens{f, "shazam"}}, Viewer: viewer{f}, Writer: writer{f}, Lyrics: lyrics{f},
	}}
}

// run resolves within the budget of a recall and judges it.
func (f *phone) run(t *testing.T, job Job) (course, Outcome) {
	t.Helper()
	ctx, done := context.WithTimeout(t.Context(), 55*time.Second)
	defer done()
	var c course
	out := f.engine().Resolve(ctx, job, func(e wire.Event) { c.events = append(c.events, e) })
	if n := f.calls.Load(); n != 0 {
		t.Errorf("%d calls run on after the end", n)
	}
	c.end = out.Terminal
	c.judge(t, job)
	return c, out
}

// jobFor is a job in which the service takes part.
func jobFor(service string) Job {
	switch service {
	case "viewer":
		return picture("")
	case "lyrics":
		return job("what is “Halo” by Beyoncé about")
	default:
		return voice()
	}
}

var everyService = []string{"whisper", "gpt-4o-mini", "decoder", "acrcloud", "shazam", "viewer", "gpt-4o", "lyrics", "catalog"}

// Whichever service fails, hangs or crashes: the recall ends in time, names it, and
// goes on without it.
func TestOneServiceIsBad(t *testing.T) {
	t.Parallel()
	for reason, act := range map[string]func(ctx context.Context) error{
		"unavailable": func(context.Context) error { return errPassword },
		"crashed":     func(context.Context) error { panic("scripted") },
		"timeout":     func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	} {
		for _, bad := range everyService {
			synctest.Test(t, func(t *testing.T) {
				f := &phone{act: func(ctx context.Context, name string) error {
					if name == bad {
						return act(ctx)
					}
					return nil
				}}
				c, out := f.run(t, jobFor(bad))
				want := bad + ":" + reason
				if bad == "decoder" {
					want = "acrcloud:" + reason + " shazam:" + reason
				}
				if c.done == nil || c.lacking() != want {
					t.Fatalf("%s %s: %+v", bad, reason, out.Terminal)
				}
				if outside := bad != "decoder" && bad != "catalog"; (out.Outside > 0) != (outside && reason == "timeout") {
					t.Errorf("%s %s: %v outside", bad, reason, out.Outside)
				}
			})
		}
	}
}

// When all hang, the budget's reserve is for telling so.
func TestAllServicesHang(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &phone{act: func(ctx context.Context, name string) error {
			if name == "media" {
				return nil
			}
			<-ctx.Done()
			return ctx.Err()
		}}
		began := time.Now()
		c, _ := f.run(t, job("a woman sings of rain"))
		if took := time.Since(began); c.done == nil || took != 54*time.Second {
			t.Errorf("after %v: %+v", took, c.end)
		}
		// Nothing could be heard at all: that is said as well.
		c, _ = f.run(t, voice())
		if c.done == nil || c.done.Status != wire.StatusNoMatch || !strings.Contains(c.lacking(), "whisper:timeout") {
			t.Errorf("%+v", c.end)
		}
	})
}

// A cancelled recall stops all calls and returns at once.
func TestCancelStopsAllCalls(t *testing.T) {
	t.Parallel()
	for _, slow := range append(everyService, "media") {
		synctest.Test(t, func(t *testing.T) {
			f := &phone{act: func(ctx context.Context, name string) error {
				if name != slow && (slow != "acrcloud" || name != "shazam") {
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			}}
			ctx, cancel := context.WithCancel(t.Context())
			ended := make(chan Outcome, 1)
			go func() { ended <- f.engine().Resolve(ctx, jobFor(slow), func(wire.Event) {}) }()
			synctest.Wait()
			if f.calls.Load() == 0 {
				t.Fatalf("%s is not asked", slow)
			}
			began := time.Now()
			cancel()
			out := <-ended
			if _, failed := out.Terminal.(*wire.RecallFailed); f.calls.Load() != 0 || time.Since(began) != 0 || !failed {
				t.Errorf("%s: %d calls, after %v: %+v", slow, f.calls.Load(), time.Since(began), out.Terminal)
			}
		})
	}
}

// Two recognizers that listen at the same time are waited for once.
func TestOutsideIsNotCountedTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		times := map[string]time.Duration{"whisper": time.Second, "acrcloud": 2 * time.Second, "shazam": 3 * time.Second, "gpt-4o": 4 * time.Second, "catalog": 5 * time.Second, "decoder": 6 * time.Second}
		f := &phone{act: func(_ context.Context, name string) error { <-time.After(times[name]); return nil }}
		if _, out := f.run(t, voice()); out.Outside != 8*time.Second {
			t.Errorf("%v", out.Outside)
		}
	})
}

// A recognizer that is sure ends the wait for the others.
func TestEarlyAnswerStopsTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &phone{act: func(ctx context.Context, name string) error {
			if name == "shazam" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}}
		e := f.engine()
		e.Services.Recognizers[0] = surely{listens{f, "acrcloud"}}
		began := time.Now()
		out := e.Resolve(t.Context(), voice(), func(wire.Event) {})
		done, _ := out.Terminal.(*wire.RecallCompleted)
		if done == nil || done.Status != wire.StatusDone || len(done.Degraded) != 0 || time.Since(began) != 0 || f.calls.Load() != 0 {
			t.Errorf("after %v: %+v", time.Since(began), out.Terminal)
		}
	})
}

type surely struct{ listens }

func (surely) Recognize(context.Context, Sample) ([]wire.Candidate, error) {
	return one("Sure", 0.7), nil
}
