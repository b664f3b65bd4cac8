package recall

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"recall/wire"
)

// A source that is down is named; what the others found stands.
func TestResolveDegraded(t *testing.T) {
	t.Parallel()
	panics := scripted{"panics", func(context.Context, Query) (Finding, error) { panic("scripted") }}
	sources := []Source{
		fails("down", wire.Errorf(wire.CodeUnavailable, "x")), panics, finds("works", "", song("Hit", 0.9, "works")),
		fails("late", fmt.Errorf("call: %w", context.DeadlineExceeded)), fails("odd", errors.New("password=1")), fails("stopped", context.Canceled),
	}
	want := []wire.Degraded{{Provider: "down", Reason: "unavailable"}, {Provider: "panics", Reason: "crashed"}, {Provider: "late", Reason: "timeout"}, {Provider: "odd", Reason: "unavailable"}}
	done, _ := resolve(t, t.Context(), job("a woman sings of rain"), sources...)
	if done.Status != wire.StatusDone || !slices.Equal(done.Degraded, want) {
		t.Errorf("%+v", done)
	}
	// Nobody could look: that is another thing than that nobody found.
	done, _ = resolve(t, t.Context(), job("a woman sings of rain"), sources[0], panics)
	if done.Status != wire.StatusNoMatch || len(done.Degraded) != 2 {
		t.Errorf("%+v", done)
	}
	done, _ = resolve(t, t.Context(), job("a woman sings of rain"))
	if done.Status != wire.StatusNoMatch || len(done.Degraded) != 0 {
		t.Errorf("%+v", done)
	}
}

// Sources are asked side by side: each waits for the other.
func TestResolveTwoSources(t *testing.T) {
	t.Parallel()
	a, b := make(chan struct{}), make(chan struct{})
	meet := func(name string, mine, other chan struct{}, c wire.Candidate) scripted {
		return scripted{name, func(context.Context, Query) (Finding, error) {
			close(mine)
			<-other
			return Finding{Candidates: []wire.Candidate{c}, FollowUp: name + "?"}, nil
		}}
	}
	done, _ := resolve(t, t.Context(), job("a woman sings of rain"), meet("a", a, b, song("One", 0.5, "a")), meet("b", b, a, song("ONE", 0.6, "b")))
	if len(done.Candidates) != 1 || done.Candidates[0].Confidence <= 0.6 || done.FollowUp == "b?" {
		t.Errorf("%+v", done)
	}
}

func TestResolveStops(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	slow := scripted{"slow", func(ctx context.Context, _ Query) (Finding, error) {
		cancel()
		<-ctx.Done()
		return Finding{}, ctx.Err()
	}}
	var last wire.Event
	out := (&Engine{Logger: quiet, Sources: []Source{slow, finds("fast", "", song("Hit", 0.9))}}).Resolve(ctx, job("a woman sings of rain"), func(e wire.Event) { last = e })
	failed, ok := out.Terminal.(*wire.RecallFailed)
	if !ok || failed.Code != wire.CodeUnavailable || !failed.Retryable {
		t.Errorf("%+v", out.Terminal)
	}
	if _, status := last.(*wire.RecallStatus); !status {
		t.Errorf("%T was told after the end", last)
	}
}

func TestResolveAsksNoQuestionTwice(t *testing.T) {
	t.Parallel()
	history := []*wire.Posting{said("rain and drums here"), asked("Which decade? ")}
	done, _ := resolve(t, t.Context(), job("slow", history...), finds("a", "which DECADE?"), finds("b", "Who sings?"))
	if done.FollowUp != "Who sings?" {
		t.Errorf("asks %q", done.FollowUp)
	}
	done, events := resolve(t, t.Context(), job("slow", history...), finds("a", "Which decade?"))
	if done.FollowUp != "" || slices.ContainsFunc(events, func(e wire.Event) bool { _, is := e.(*wire.FollowUp); return is }) {
		t.Errorf("asks %q again", done.FollowUp)
	}
}

// What was offered is not offered again; what was rejected is not even looked for.
func TestResolveOffersNothingTwice(t *testing.T) {
	t.Parallel()
	history := []*wire.Posting{said("rain and drums here"), gave("Old", 0.65, ""), gave("Low", 0.5, ""), gave("Bad", 0.6, wire.Rejected)}
	var q Query
	source := scripted{"a", func(_ context.Context, in Query) (Finding, error) {
		q = in
		return Finding{Candidates: []wire.Candidate{song("Bad", 0.95), song("Old", 0.6), song("New", 0.5)}}, nil
	}}
	done, _ := resolve(t, t.Context(), job("from the nineties", history...), source)
	if !slices.Equal(names(done.Candidates), []string{"New"}) || done.Status != wire.StatusRefining {
		t.Errorf("%+v", done)
	}
	if q.Text != "from the nineties" || !slices.Equal(q.Known.Earlier, []string{"rain and drums here"}) || !slices.Equal(titles(q.Known.Avoid), []string{"Bad"}) || q.Limit != 8 {
		t.Errorf("asked %+v", q)
	}
	// One that fits best after all is named in the answer, and not offered.
	done, _ = resolve(t, t.Context(), job("from the nineties", history...), finds("a", "", song("Old", 0.8), song("New", 0.75)))
	if done.Status != wire.StatusDone || !strings.Contains(done.Answer.Text, "Old") || !slices.Equal(names(done.Candidates), []string{"New"}) {
		t.Errorf("%+v", done)
	}
}

func TestResolveUsesEditedTranscript(t *testing.T) {
	t.Parallel()
	var q Query
	source := scripted{"a", func(_ context.Context, in Query) (Finding, error) { q = in; return Finding{}, nil }}
	resolve(t, t.Context(), Job{Input: wire.Input{Kind: wire.InputText, Text: "hello", EditedTranscript: "yellow car song"}}, source)
	if q.Text != "yellow car song" {
		t.Errorf("asked %q", q.Text)
	}
}

func TestSentences(t *testing.T) {
	t.Parallel()
	c := song("Halo", 0.95)
	c.Album, c.Year, c.Background = "I Am", 2008, "A hit."
	for want, r := range map[string]*plan{
		"That is “Halo” by Singer, on the album “I Am” (2008). A hit.": {},
		"“Halo” by Singer, on the album “I Am” (2008). A hit.":         {intent: wire.IntentInformation},
	} {
		if got := r.sentence(c, false); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (&plan{}).sentence(c, true); !strings.HasPrefix(got, "That fits the one from before") {
		t.Error(got)
	}
	if got := (&plan{}).sentence(song("X", 0.7), false); got != "That sounds like “X” by Singer." {
		t.Error(got)
	}
	for want, c := range map[string]wire.Candidate{", from 1990.": {Year: 1990}, ", on the album “B”.": {Album: "B"}, ".": {}} {
		if got := facts(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
