package recall

import (
	"context"
	"slices"
	"strings"
	"testing"

	"recall/actors/crew"
	"recall/wire"
)

// scripted is a source that does what it is told.
type scripted struct {
	name string
	find func(context.Context, Query) (Finding, error)
}

func (s scripted) Name() string                                       { return s.name }
func (s scripted) Find(ctx context.Context, q Query) (Finding, error) { return s.find(ctx, q) }

func finds(name, question string, songs ...wire.Candidate) scripted {
	return scripted{name, func(context.Context, Query) (Finding, error) {
		return Finding{Candidates: songs, FollowUp: question}, nil
	}}
}

func fails(name string, err error) scripted {
	return scripted{name, func(context.Context, Query) (Finding, error) { return Finding{}, err }}
}

// resolve runs the engine and checks what holds for every recall.
func resolve(t *testing.T, ctx context.Context, job Job, sources ...Source) (*wire.RecallCompleted, []wire.Event) {
	t.Helper()
	var events []wire.Event
	tasks := crew.New(2)
	defer tasks.Stop()
	out := (&Engine{Logger: quiet, Sources: sources, Tasks: tasks}).Resolve(ctx, job, func(e wire.Event) { events = append(events, e) })
	done, ok := out.Terminal.(*wire.RecallCompleted)
	if !ok {
		t.Fatalf("ended with %+v", out.Terminal)
	}
	if done.Candidates == nil || done.Degraded == nil {
		t.Errorf("a list is null: %+v", done)
	}
	checkOrder(t, events, done)
	return done, events
}

// checkOrder is the second promise of PROTOCOL.md as far as it is the engine's, and
// that the terminal event repeats what was told before.
func checkOrder(t *testing.T, events []wire.Event, done *wire.RecallCompleted) {
	t.Helper()
	var said strings.Builder
	var answer *wire.Answer
	var question string
	var ranks []string
	intents := 0
	for i, e := range events {
		switch e := e.(type) {
		case *wire.RecallIntent:
			intents++
		case *wire.RecallCandidate:
			if e.Rank != len(ranks)+1 || e.Revision != 1 || intents == 0 {
				t.Errorf("event %d: %+v", i, e)
			}
			ranks = append(ranks, e.Candidate.Title)
		case *wire.AnswerDelta:
			if answer != nil || e.Text == "" {
				t.Errorf("event %d: a piece %q of the answer comes late or is empty", i, e.Text)
			}
			said.WriteString(e.Text)
		case *wire.Answer:
			answer = e
		case *wire.FollowUp:
			question = e.Text
		case *wire.RecallStatus:
		default:
			t.Errorf("event %d: %T is not the engine's to tell", i, e)
		}
	}
	if _, first := events[0].(*wire.RecallStatus); !first || intents != 1 {
		t.Errorf("begins with %T, %d intents", events[0], intents)
	}
	if done.Answer != answer || done.FollowUp != question || !slices.Equal(ranks, names(done.Candidates)) {
		t.Errorf("told %v, %q, %v and ended with %+v", answer, question, ranks, done)
	}
	if answer != nil && answer.Text != said.String() {
		t.Errorf("the pieces say %q, the answer %q", said.String(), answer.Text)
	}
}

func job(text string, history ...*wire.Posting) Job {
	return Job{Input: wire.Input{Kind: wire.InputText, Text: text}, History: history}
}

func TestResolveEnds(t *testing.T) {
	t.Parallel()
	hit, close, guess := song("Hit", 0.9, "a"), song("Close", 0.66, "a"), song("Guess", 0.4, "a")
	for name, c := range map[string]struct {
		source     scripted
		status     wire.Status
		kind       wire.ResponseType
		confidence float64
		answer     bool
		question   string
		crowd      bool
	}{
		"sure":             {finds("a", "Q?", hit, guess), wire.StatusDone, wire.ResponseBoth, 0.9, true, "", false},
		"just sure":        {finds("a", "Q?", song("Edge", 0.7)), wire.StatusDone, wire.ResponseBoth, 0.7, true, "", false},
		"nearly":           {finds("a", "Q?", close), wire.StatusRefining, wire.ResponseSearch, 0.66, false, "Q?", false},
		"a guess":          {finds("a", "Q?", guess), wire.StatusRefining, wire.ResponseSearch, 0.4, false, "Q?", true},
		"crowd below 0.65": {finds("a", "", song("Edge", 0.65)), wire.StatusRefining, wire.ResponseSearch, 0.65, false, "", false},
		"nothing":          {finds("a", "Q?"), wire.StatusNoMatch, wire.ResponseSearch, 0, false, "Q?", true},
	} {
		done, _ := resolve(t, t.Context(), job("a woman sings of rain"), c.source)
		if done.Status != c.status || done.ResponseType != c.kind || done.OverallConfidence != c.confidence || (done.Answer != nil) != c.answer ||
			done.FollowUp != c.question || done.ShouldAskCrowd != c.crowd || len(done.Degraded) != 0 {
			t.Errorf("%s: %+v", name, done)
		}
		if (done.CrowdPrompt != "") != c.crowd || c.crowd && !strings.Contains(done.CrowdPrompt, "a woman sings of rain") {
			t.Errorf("%s: the crowd is asked %q", name, done.CrowdPrompt)
		}
	}
}

func TestResolveSmallTalkAsksNobody(t *testing.T) {
	t.Parallel()
	nobody := scripted{"a", func(context.Context, Query) (Finding, error) { t.Error("asked"); return Finding{}, nil }}
	for _, text := range []string{"hello", "thanks!"} {
		done, _ := resolve(t, t.Context(), job(text), nobody)
		if done.Status != wire.StatusDone || done.ResponseType != wire.ResponseAnswer || done.Answer == nil || done.ShouldAskCrowd {
			t.Errorf("%s: %+v", text, done)
		}
	}
}
