package recall

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"recall/wire"
)

// crowdBelow is the confidence below which other people are worth asking
// (RECALL.md, step 9).
const crowdBelow = 0.65

// completed begins the terminal event with what stands already.
func (p *plan) completed() *wire.RecallCompleted {
	done := &wire.RecallCompleted{ResponseType: wire.ResponseSearch, Candidates: p.offers.fresh, Degraded: p.degraded}
	if done.Candidates == nil || p.song != nil {
		done.Candidates = []wire.Candidate{}
	}
	return done
}

// concludeWith ends a recall without a model: with a sentence when a song is sure,
// else with a question.
func (p *plan) concludeWith(songs []wire.Candidate) {
	if p.song != nil {
		p.describe()
		return
	}
	p.offer(songs)
	done := p.completed()
	best, known := p.offers.best()
	done.OverallConfidence = best.Confidence
	done.Status = p.standing(done)
	if best.Confidence >= Sure {
		done.ResponseType = wire.ResponseBoth
		p.status(wire.StageAnswering, "Writing the answer")
		done.Answer = p.utter(wire.Answer{Text: p.sentence(best, known)})
	} else {
		p.ask(done, Draft{})
	}
	p.do(finish{Outcome{Terminal: done}})
}

// best is the surest song, and whether the thread has it already. One that was
// offered before is not offered again, but when it turns out to fit best the
// person is told so.
func (o offers) best() (c wire.Candidate, known bool) {
	for _, c := range o.again {
		if c.Key == o.chosen {
			return c, true
		}
	}
	if len(o.fresh) > 0 {
		c = o.fresh[0]
	}
	if len(o.again) > 0 && o.again[0].Confidence >= max(Sure, c.Confidence) {
		return o.again[0], true
	}
	return c, false
}

// describe tells of a song what the catalogue knows of it.
func (p *plan) describe() {
	text := fmt.Sprintf("I do not know the words of “%s”, so I cannot say what it is about.", p.song.Title)
	if p.song.Lyrics != "" {
		text = fmt.Sprintf("I cannot say right now what “%s” is about.", p.song.Title)
	}
	if c, found := p.lookedUp(); found && c.Background != "" {
		text = fmt.Sprintf("“%s” by %s: %s", c.Title, c.Artist, c.Background)
	}
	p.reply(text)
}

// reply ends a recall with words alone.
func (p *plan) reply(text string) {
	p.status(wire.StageAnswering, "Writing the answer")
	done := p.completed()
	done.Status, done.ResponseType, done.OverallConfidence = wire.StatusDone, wire.ResponseAnswer, 1
	done.Answer = p.utter(wire.Answer{Text: text})
	p.do(finish{Outcome{Terminal: done}})
}

// followUp asks the one question.
func (p *plan) followUp(done *wire.RecallCompleted, question string) {
	if question == "" {
		return
	}
	done.FollowUp = question
	p.say(&wire.FollowUp{Text: question})
}

func (p *plan) askCrowd(done *wire.RecallCompleted, prompt string) {
	done.ShouldAskCrowd = true
	told := strings.Join(append(slices.Clone(p.known.Earlier), p.text), "; ")
	done.CrowdPrompt = cmp.Or(prompt, fmt.Sprintf("Does anybody know this song? “%s”", excerpt(told, quotedLength)))
}

// quotedLength is how many characters of the person's words others are shown.
const quotedLength = 200

// excerpt is the beginning of a text, at most that many characters.
func excerpt(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return text
}

// pieceWords is how many words of an answer travel together.
const pieceWords = 4

// utter streams a text of our own in pieces and then tells it whole.
func (p *plan) utter(a wire.Answer) *wire.Answer {
	words := strings.SplitAfter(a.Text, " ")
	for len(words) > 0 {
		n := min(pieceWords, len(words))
		p.say(&wire.AnswerDelta{Text: strings.Join(words[:n], "")})
		words = words[n:]
	}
	return p.wholeAnswer(a)
}

func (p *plan) wholeAnswer(a wire.Answer) *wire.Answer {
	if a.Sources == nil {
		a.Sources = []string{}
	}
	if a.RelatedSongs == nil {
		a.RelatedSongs = []wire.Related{}
	}
	p.say(&a)
	return &a
}

// sentence is the answer in one sentence.
func (p *plan) sentence(c wire.Candidate, known bool) string {
	song := fmt.Sprintf("“%s” by %s", c.Title, c.Artist)
	switch {
	case p.intent == wire.IntentInformation:
		return song + facts(c)
	case known:
		return "That fits the one from before: " + song + facts(c)
	case c.Confidence >= 0.9:
		return "That is " + song + facts(c)
	default:
		return "That sounds like " + song + facts(c)
	}
}

// facts is what is known of the song, as the end of a sentence.
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
