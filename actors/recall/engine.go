package recall

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"recall/wire"
)

// crowdBelow is the confidence below which other people are worth asking
// (RECALL.md, step 9).
const crowdBelow = 0.65

// Engine resolves recalls with the sources it is given.
type Engine struct{ Sources []Source }

// Resolve does the work of one recall. It returns soon after ctx ends.
func (e *Engine) Resolve(ctx context.Context, job Job, emit func(wire.Event)) Outcome {
	text := job.Input.Query()
	emit(&wire.RecallStatus{Stage: wire.StageUnderstanding, Text: "Thinking about what you said"})
	known := KnownFrom(job.History, text)
	intent, sure := IntentOf(text)
	if intent == wire.IntentConversation && answersQuestion(job.History) {
		intent = wire.IntentFindSong // "yes" to a question is no small talk
	}
	emit(&wire.RecallIntent{Intent: intent, Confidence: sure})
	if intent == wire.IntentConversation {
		return chat(text, emit)
	}
	emit(&wire.RecallStatus{Stage: wire.StageSearching, Text: "Looking through the songs"})
	findings, degraded := e.ask(ctx, query(text, known))
	if ctx.Err() != nil {
		return Failed(wire.Errorf(wire.CodeUnavailable, "the recall was stopped"), degraded)
	}
	r := result{text: text, intent: intent, degraded: degraded, question: question(findings, known)}
	r.fresh, r.again = known.split(fuse(findings))
	return r.conclude(emit)
}

// answersQuestion tells whether the last thing said in the thread is a question of
// ours.
func answersQuestion(history []*wire.Posting) bool {
	return len(history) > 0 && history[len(history)-1].Type == wire.TypeFollowUp
}

// query asks for as many songs more as were offered already, since those will
// not be offered again.
func query(text string, known Known) Query {
	q := Query{Text: text, Known: known, Limit: mostCandidates + len(known.Avoid) + len(known.Given)}
	q.Known.Avoid = known.rejected()
	return q
}

// ask asks all sources side by side. One that fails is named and missed.
func (e *Engine) ask(ctx context.Context, q Query) ([]Finding, []wire.Degraded) {
	findings := make([]Finding, len(e.Sources))
	faults := make([]error, len(e.Sources))
	var all sync.WaitGroup
	for i, source := range e.Sources {
		all.Go(func() { findings[i], faults[i] = find(ctx, source, q) })
	}
	all.Wait()
	degraded := []wire.Degraded{}
	for i, err := range faults {
		if err != nil {
			degraded = append(degraded, wire.Degraded{Provider: e.Sources[i].Name(), Reason: reason(err)})
		}
	}
	return findings, degraded
}

// find turns a crash of one source into its failure.
func find(ctx context.Context, s Source, q Query) (f Finding, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			f, err = Finding{}, fmt.Errorf("crashed: %v", fault)
		}
	}()
	return s.Find(ctx, q)
}

// reason says in a word why a source is missing; the rest is for the log.
func reason(err error) string {
	var e *wire.Error
	switch {
	case errors.As(err, &e):
		return string(e.Code)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	default:
		return string(wire.CodeInternal)
	}
}

// question is the first one that has not been asked yet.
func question(findings []Finding, known Known) string {
	for _, f := range findings {
		if f.FollowUp != "" && !contains(known.Asked, f.FollowUp) {
			return f.FollowUp
		}
	}
	return ""
}

func contains(asked []string, q string) bool {
	for _, a := range asked {
		if strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(q)) {
			return true
		}
	}
	return false
}
