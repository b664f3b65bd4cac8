package recall

import (
	"fmt"
	"strings"

	"recall/wire"
)

// result is what is known once everybody was asked.
type result struct {
	text         string
	intent       wire.Intent
	fresh, again []wire.Candidate // new to the thread; offered in it before
	question     string
	degraded     []wire.Degraded
}

// conclude tells the candidates one by one, then the answer, then the question.
func (r result) conclude(emit func(wire.Event)) Outcome {
	for i, c := range r.fresh {
		emit(&wire.RecallCandidate{Candidate: c, Rank: i + 1, Revision: 1})
	}
	done := &wire.RecallCompleted{ResponseType: wire.ResponseSearch, Candidates: r.fresh, Degraded: r.degraded}
	if done.Candidates == nil {
		done.Candidates = []wire.Candidate{}
	}
	best, known := r.best()
	done.OverallConfidence = best.Confidence
	if best.Confidence >= Sure {
		done.Status, done.ResponseType = wire.StatusDone, wire.ResponseBoth
		done.Answer = say(r.sentence(best, known), emit)
		return Outcome{Terminal: done}
	}
	r.ask(done, emit)
	return Outcome{Terminal: done}
}

// best is the surest song, and whether the thread has it already. One that was
// offered before is not offered again, but when it turns out to fit best the
// person is told so.
func (r result) best() (c wire.Candidate, known bool) {
	if len(r.fresh) > 0 {
		c = r.fresh[0]
	}
	if len(r.again) > 0 && r.again[0].Confidence >= max(Sure, c.Confidence) {
		return r.again[0], true
	}
	return c, false
}

// ask ends a search that is not sure: with one question, and with the advice to
// ask other people when that looks better than going on.
func (r result) ask(done *wire.RecallCompleted, emit func(wire.Event)) {
	done.Status = wire.StatusRefining
	if len(r.fresh) == 0 {
		done.Status = wire.StatusNoMatch
	}
	if r.question != "" {
		done.FollowUp = r.question
		emit(&wire.FollowUp{Text: r.question})
	}
	if done.OverallConfidence < crowdBelow {
		done.ShouldAskCrowd = true
		done.CrowdPrompt = fmt.Sprintf("Does anybody know this song? “%s”", r.text)
	}
}

// sentence is the answer in one sentence.
func (r result) sentence(c wire.Candidate, known bool) string {
	song := fmt.Sprintf("“%s” by %s", c.Title, c.Artist)
	switch {
	case r.intent == wire.IntentInformation:
		return song + facts(c)
	case known:
		return "That fits the one from before: " + song + facts(c)
	case c.Confidence >= 0.9:
		return "That is " + song + facts(c)
	default:
		return "That sounds like " + song + facts(c)
	}
}

// facts is what the catalogue knows of the song, as the end of a sentence.
func facts(c wire.Candidate) string {
	var b strings.Builder
	switch {
	case c.Album != "" && c.Year != 0:
		fmt.Fprintf(&b, ", on the album “%s” (%d).", c.Album, c.Year)
	case c.Album != "":
		fmt.Fprintf(&b, ", on the album “%s”.", c.Album)
	case c.Year != 0:
		fmt.Fprintf(&b, ", from %d.", c.Year)
	default:
		b.WriteByte('.')
	}
	if c.Background != "" {
		b.WriteByte(' ')
		b.WriteString(c.Background)
	}
	return b.String()
}

// chat answers small talk: no song is looked for.
func chat(text string, emit func(wire.Event)) Outcome {
	reply := "Hello! Describe the song you have in mind: words you remember, the voice, the decade, where you heard it."
	lower := strings.ToLower(text)
	for _, thanks := range []string{"thank", "thx", "danke", "merci", "gracias", "cheers", "great", "perfect", "cool", "nice", "awesome", "bye"} {
		if strings.Contains(lower, thanks) {
			reply = "You are welcome. Whenever the next tune haunts you, describe it here."
			break
		}
	}
	return Outcome{Terminal: &wire.RecallCompleted{
		Status: wire.StatusDone, ResponseType: wire.ResponseAnswer, OverallConfidence: 1,
		Candidates: []wire.Candidate{}, Answer: say(reply, emit), Degraded: []wire.Degraded{},
	}}
}

// pieceWords is how many words of an answer travel together.
const pieceWords = 4

// say streams a text in pieces and then tells it whole.
func say(text string, emit func(wire.Event)) *wire.Answer {
	emit(&wire.RecallStatus{Stage: wire.StageAnswering, Text: "Writing the answer"})
	words := strings.SplitAfter(text, " ")
	for len(words) > 0 {
		n := min(pieceWords, len(words))
		emit(&wire.AnswerDelta{Text: strings.Join(words[:n], "")})
		words = words[n:]
	}
	a := &wire.Answer{Text: text, Sources: []string{}, RelatedSongs: []wire.Related{}}
	emit(a)
	return a
}
