package recall

import (
	"math"
	"slices"
	"strings"

	"recall/wire"
)

// judge holds a course against what is promised of every recall (PROTOCOL.md,
// section 3; RECALL.md, steps 8 and 9).
func (c *course) judge(t failer, job Job) {
	t.Helper()
	switch end := c.end.(type) {
	case *wire.RecallCompleted:
		c.done = end
		c.judgeDone(t, job)
	case *wire.RecallFailed:
		if c.late > 0 || end.Degraded == nil {
			t.Fatalf("failed with %d calls under way: %+v", c.late, end)
		}
		judgeDegraded(t, end.Degraded)
	default:
		t.Fatalf("ended with %T", end)
	}
	c.judgeOrder(t)
}

func (c *course) judgeOrder(t failer) {
	t.Helper()
	seen := map[string]int{}
	revisions := map[string]int{}
	for i, e := range c.events {
		switch e := e.(type) {
		case *wire.RecallTranscript:
			if seen["intent"] > 0 || seen["final"] > 0 {
				t.Fatalf("a transcript comes late: %s", c)
			}
			if e.Final {
				seen["final"]++
			}
		case *wire.RecallIntent:
			seen["intent"]++
			if e.Intent == "" || !(e.Confidence >= 0 && e.Confidence <= 1) {
				t.Fatalf("%+v", e)
			}
		case *wire.RecallCandidate:
			key := e.Candidate.Key
			if revisions[key]++; e.Revision != revisions[key] || e.Rank < 1 || e.Rank > mostCandidates || seen["intent"] == 0 {
				t.Fatalf("event %d: %+v", i, e)
			}
		case *wire.AnswerDelta:
			if e.Text == "" || seen["answer"] > 0 {
				t.Fatalf("a piece of the answer is empty or late: %s", c)
			}
		case *wire.Answer:
			seen["answer"]++
		case *wire.FollowUp:
			seen["question"]++
		}
	}
	for what, times := range seen {
		if times > 1 {
			t.Fatalf("%d times %s: %s", times, what, c)
		}
	}
}

func (c *course) judgeDone(t failer, job Job) {
	t.Helper()
	d := c.done
	if d.Candidates == nil || d.Degraded == nil || !(d.OverallConfidence >= 0 && d.OverallConfidence <= 1) {
		t.Fatalf("%+v", d)
	}
	judgeDegraded(t, d.Degraded)
	c.judgeAnswer(t)
	c.judgeCandidates(t, job)
	known := KnownFrom(job.History, c.words(job))
	if d.FollowUp != "" && contains(known.Asked, d.FollowUp) {
		t.Fatalf("%q is asked again", d.FollowUp)
	}
	if d.FollowUp != "" && d.OverallConfidence >= Sure && d.ResponseType != wire.ResponseAnswer {
		t.Fatalf("asks %q although sure", d.FollowUp)
	}
	if want := d.OverallConfidence < crowdBelow && d.ResponseType != wire.ResponseAnswer; d.ShouldAskCrowd && (!want || d.CrowdPrompt == "") {
		t.Fatalf("crowd: %+v", d)
	}
	switch {
	case d.Status == "" || d.ResponseType == "",
		d.Status == wire.StatusNoMatch && len(d.Candidates) > 0,
		d.Status == wire.StatusRefining && len(d.Candidates) == 0,
		d.Status == wire.StatusDone && d.Answer == nil,
		d.ResponseType != wire.ResponseSearch && d.Answer == nil:
		t.Fatalf("%+v", d)
	}
}

// words are what the person was understood to say.
func (c *course) words(job Job) string {
	for _, e := range c.events {
		if h, is := e.(*Heard); is {
			return h.Text
		}
	}
	return job.Input.Query()
}

// judgeAnswer compares the answer with its pieces and the terminal event.
func (c *course) judgeAnswer(t failer) {
	t.Helper()
	var pieces strings.Builder
	var whole *wire.Answer
	question := ""
	for _, e := range c.events {
		switch e := e.(type) {
		case *wire.AnswerDelta:
			pieces.WriteString(e.Text)
		case *wire.Answer:
			whole = e
		case *wire.FollowUp:
			question = e.Text
		}
	}
	switch {
	case whole != c.done.Answer, question != c.done.FollowUp, whole == nil && pieces.Len() > 0,
		whole != nil && (whole.Text != pieces.String() || whole.Text == "" || whole.Sources == nil || whole.RelatedSongs == nil):
		t.Fatalf("told %q, %+v and %q, ended with %+v", pieces.String(), whole, question, c.done)
	}
}

// judgeCandidates: the final ones have been told as they are, and none twice.
func (c *course) judgeCandidates(t failer, job Job) {
	t.Helper()
	told := map[string]wire.Candidate{}
	for _, e := range c.events {
		if e, is := e.(*wire.RecallCandidate); is {
			told[e.Candidate.Key] = e.Candidate
		}
	}
	ring := keyring{}
	verdicts := KnownFrom(job.History, c.words(job)).verdicts(ring)
	var keys []string
	for _, s := range c.done.Candidates {
		last, was := told[s.Key]
		if _, before := verdicts.on(ring.of(&s)); !was || !equal(last, s) || before || slices.Contains(keys, s.Key) {
			t.Fatalf("%q is told %v, as %+v, before %v: %s", s.Title, was, last, before, c)
		}
		if s.Key == "" || s.Title == "" || s.Sources == nil || s.SourceURLs == nil || math.IsNaN(s.Confidence) || s.Confidence < 0 || s.Confidence > 1 {
			t.Fatalf("%+v", s)
		}
		keys = append(keys, s.Key)
	}
	if len(keys) > mostCandidates {
		t.Fatalf("%d candidates", len(keys))
	}
}

func judgeDegraded(t failer, all []wire.Degraded) {
	t.Helper()
	seen := map[string]bool{}
	for _, d := range all {
		if seen[d.Provider] || d.Provider == "" || d.Reason == "" || d.Reason == "canceled" {
			t.Fatalf("degraded: %+v", all)
		}
		seen[d.Provider] = true
	}
}
