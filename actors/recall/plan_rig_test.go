package recall

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"recall/actors/provider/fault"
	"recall/wire"
)

// outside is what all services answer in a test of the plan, without a goroutine.
// What is nil is not configured; an error is that service's fault.
type outside struct {
	clip    error
	heard   any // string
	wants   any // Understanding
	seconds float64
	mute    bool  // there is no decoder
	decoded error // fault of the decoder
	ears    []ear
	seen    any // string
	sources []Finding
	broken  error // fault of all sources
	lyrics  any   // string
	told    []Piece
	draft   any // Draft
}

// ear is a recognizer and its answer: []wire.Candidate, or an error.
type ear struct {
	name  string
	songs any
}

func (o outside) team() team {
	named := func(answer any, name string) string {
		if answer == nil {
			return ""
		}
		return name
	}
	t := team{
		transcriber: named(o.heard, "whisper"), understander: named(o.wants, "gpt-4o-mini"), viewer: named(o.seen, "gpt-4o"),
		writer: named(o.draft, "gpt-4o"), lyrics: named(o.lyrics, "lyrics"), decoder: !o.mute,
	}
	for _, e := range o.ears {
		t.recognizers = append(t.recognizers, e.name)
	}
	for i := range o.sources {
		t.sources = append(t.sources, []string{"catalog", "second"}[i])
	}
	return t
}

// or is the answer, or its fault.
func or[A any](answer any) (a A, err error) {
	if fault, failed := answer.(error); failed {
		return a, fault
	}
	a, _ = answer.(A)
	return a, nil
}

// answers are the inputs that an effect comes back with, in order.
func (o outside) answers(effect any) []any {
	switch e := effect.(type) {
	case open:
		return []any{opened{Clip{SHA256: "clip"}, o.clip}}
	case transcribe:
		text, err := or[string](o.heard)
		return []any{partial{"so far"}, heard{text, err}}
	case understand:
		u, err := or[Understanding](o.wants)
		return []any{understood{u, err}}
	case decode:
		return []any{decoded{Sample{PCM: make([]byte, int(o.seconds*2*SampleRate))}, o.decoded}}
	case recognize:
		songs, err := or[[]wire.Candidate](o.ears[e.who].songs)
		return []any{recognized{e.who, songs, err}}
	case view:
		text, err := or[string](o.seen)
		return []any{viewed{text, err}}
	case lookUp:
		if o.broken != nil {
			return []any{found{who: e.who, err: o.broken}}
		}
		return []any{found{who: e.who, finding: o.sources[e.who]}}
	case fetch:
		text, err := or[string](o.lyrics)
		return []any{fetched{text, err}}
	case write:
		var all []any
		for _, p := range o.told {
			all = append(all, piece{p})
		}
		d, err := or[Draft](o.draft)
		return append(all, wrote{d, err})
	default:
		panic(fmt.Sprintf("what is %T?", effect))
	}
}

// course is how a recall went.
type course struct {
	events  []wire.Event
	effects []any // that wait, in their order
	deaf    bool  // the recognizers were told to stop
	late    int   // effects whose answers were not needed any more
	end     wire.Event
	done    *wire.RecallCompleted
}

// play runs a plan; choose picks which of n waiting effects answers next.
func (o outside) play(t failer, job Job, choose func(n int) int) course {
	t.Helper()
	var c course
	var waiting [][]any
	p := newPlan(job, o.team())
	for effects := p.begin(); ; {
		for _, effect := range effects {
			switch effect := effect.(type) {
			case tell:
				c.tell(t, effect.event)
			case finish:
				if c.end != nil {
					t.Fatalf("finished twice")
				}
				c.end = effect.outcome.Terminal
			case deafen:
				c.deaf = true
			default:
				c.effects = append(c.effects, effect)
				waiting = append(waiting, o.answers(effect))
			}
		}
		if c.end != nil {
			c.late = len(waiting)
			c.judge(t, job)
			return c
		}
		if len(waiting) == 0 {
			t.Fatalf("waits for nobody after %s", c)
		}
		i := choose(len(waiting))
		effects = p.step(waiting[i][0])
		if waiting[i] = waiting[i][1:]; len(waiting[i]) == 0 {
			waiting = slices.Delete(waiting, i, i+1)
		}
	}
}

// failer is what a rig needs of a test.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// inOrder lets effects answer in the order in which they were wanted.
func inOrder(int) int { return 0 }

// resolve plays in order and expects a recall that completes.
func (o outside) resolve(t *testing.T, job Job) course {
	t.Helper()
	c := o.play(t, job, inOrder)
	if c.done == nil {
		t.Fatalf("ended with %+v", c.end)
	}
	return c
}

func (c *course) tell(t failer, e wire.Event) {
	if c.end != nil {
		t.Fatalf("%T is told after the end", e)
	}
	c.events = append(c.events, e)
}

// String names the events, with what a test asks for.
func (c course) String() string {
	var words []string
	for _, e := range c.events {
		switch e := e.(type) {
		case *wire.RecallStatus:
			words = append(words, string(e.Stage))
		case *wire.RecallIntent:
			words = append(words, "intent:"+string(e.Intent))
		case *wire.RecallTranscript:
			words = append(words, fmt.Sprintf("transcript:%s:%v", e.Text, e.Final))
		case *wire.RecallCandidate:
			words = append(words, fmt.Sprintf("%s.%d", e.Candidate.Title, e.Revision))
		case *wire.AnswerDelta:
			words = append(words, "delta")
		case *wire.Answer:
			words = append(words, "answer")
		case *wire.FollowUp:
			words = append(words, "question")
		case *Heard:
			words = append(words, "heard:"+e.Text)
		}
	}
	return strings.Join(words, " ")
}

// lacking is `degraded` as "provider:reason", in order.
func (c course) lacking() string {
	var all []string
	for _, d := range c.done.Degraded {
		all = append(all, d.Provider+":"+d.Reason)
	}
	return strings.Join(all, " ")
}

// wanted are the services that were asked.
func (c course) wanted() string {
	var all []string
	for _, e := range c.effects {
		all = append(all, strings.TrimPrefix(fmt.Sprintf("%T", e), "recall."))
	}
	return strings.Join(all, " ")
}

// brief is what the model was asked.
func (c course) brief(t *testing.T) Brief {
	t.Helper()
	for _, e := range c.effects {
		if w, is := e.(write); is {
			return w.brief
		}
	}
	t.Fatalf("the model was not asked: %s", c.wanted())
	return Brief{}
}

var (
	errDown     = fault.New(fault.Unavailable, "down")
	errLate     = fault.New(fault.Timeout, "late")
	errStopped  = fault.New(fault.Canceled, "stopped")
	errPassword = errors.New("password=1")
)

func voice(history ...*wire.Posting) Job {
	return Job{Input: wire.Input{Kind: wire.InputVoice, MediaID: wire.ID{1}}, History: history}
}

func picture(text string) Job {
	return Job{Input: wire.Input{Kind: wire.InputImage, MediaID: wire.ID{1}, Text: text}}
}

func intends(i wire.Intent) Understanding { return Understanding{Intent: i, Confidence: 0.9} }

func some(songs ...wire.Candidate) []wire.Candidate { return songs }
