package thread

import (
	"recall/wire"
)

// stashFrom is the confidence from which the best candidate becomes the song
// that the user keeps of the thread (RECALL.md, step 9).
const stashFrom = 0.7

// resolved ends a recall with its outcome.
func (s *State) resolved(in Resolved) {
	q := s.recalls.find(in.RecallID)
	if q == nil || q.ended || s.phase != ready {
		return
	}
	terminal := in.Outcome.Terminal
	if _, failed := terminal.(*wire.RecallFailed); failed && !s.now.Before(q.recall.AcceptedAt.Add(s.cfg.Budget)) {
		terminal = wire.RecallExpired{} // whatever failed, it was for want of time
	}
	if c, ok := terminal.(*wire.RecallCompleted); ok {
		c.DurationMS = s.now.Sub(q.recall.AcceptedAt).Milliseconds()
	}
	s.finish(q, terminal)
}

// finish stores what the recall found together with its terminal event. The
// entry must reach the store: an accepted recall ends with exactly one.
func (s *State) finish(q *run, terminal wire.Event) {
	if !q.started {
		s.announce(q)
	}
	q.ended, q.terminal = true, terminal
	s.append(entry{
		must:  true,
		trace: q.trace,
		write: func(first int64) draft { return s.conclusion(q, terminal, first) },
		then:  func(err error) { s.finished(q, err) },
	})
}

// measure tells how long a recall took in the eyes of whoever waited for it.
func (s *State) measure(q *run, end wire.RecallState) {
	s.cfg.Meter.Ended(q.recall.ID, q.recall.Input.Kind, string(end), s.now.Sub(q.since))
}

// finished lets the next recall run. When the store refuses the conclusion for
// what it holds (a fault of ours), a bare one is tried; when it refuses even
// that, this activation is of no use any more.
func (s *State) finished(q *run, err error) {
	switch {
	case err == nil:
		s.remove(q)
		s.measure(q, stateOf(q.terminal))
		s.do(Release{UserID: s.owner, RecallID: q.recall.ID})
		s.startNext()
	case s.phase != ready: // overtaken: the new activation ends the recall
	case q.giveUp:
		s.retire()
	default:
		q.giveUp, q.found, q.heard = true, nil, ""
		s.finish(q, &wire.RecallFailed{
			Code: wire.CodeInternal, Message: "the result could not be stored", Retryable: true, Degraded: []wire.Degraded{},
		})
	}
}

func (s *State) remove(gone *run) {
	var rest []*run
	for _, q := range s.recalls.queue {
		if q != gone {
			rest = append(rest, q)
		}
	}
	s.recalls.queue = rest
}

// conclusion drafts the end of a recall: the words of its message, the answer, then
// the candidates, the question, the stash, and last the terminal event.
func (s *State) conclusion(q *run, terminal wire.Event, first int64) draft {
	results := s.results(q, terminal)
	const others = 5 // at most, beside the messages
	d := s.withHeard(draft{events: make([]event, 0, len(results)+others), commit: &wire.Commit{}}, q)
	d.commit.Postings = append(d.commit.Postings, results...)
	for _, p := range results {
		p.Seq = first + int64(len(d.events))
		d.events = append(d.events, event{q.recall.ID, &wire.MessageStored{Message: p}})
	}
	d = s.stashBest(d, q.recall.ID, terminal)
	d.events = append(d.events, event{q.recall.ID, terminal})
	d.commit.Ended = &wire.RecallEnd{
		RecallID: q.recall.ID, State: stateOf(terminal), Terminal: wire.Encode("", terminal), EndedAt: s.now,
	}
	return d
}

// results are the messages that a recall leaves behind. One that was stopped
// leaves what it had found.
func (s *State) results(q *run, terminal wire.Event) []*wire.Posting {
	c, completed := terminal.(*wire.RecallCompleted)
	if !completed {
		c = &wire.RecallCompleted{}
		for _, found := range q.found {
			c.Candidates = append(c.Candidates, *found)
		}
	}
	out := make([]*wire.Posting, 0, len(c.Candidates)+2)
	if c.Answer != nil {
		out = append(out, s.answer(q, c.Answer))
	}
	for i := range c.Candidates {
		out = append(out, s.candidate(q, &c.Candidates[i]))
	}
	if c.FollowUp != "" {
		p := s.posting(q.recall.ID, wire.RoleAssistant, wire.TypeFollowUp)
		p.Text = c.FollowUp
		out = append(out, p)
	}
	return out
}

// stashBest keeps a song that is sure enough, and names the thread's result.
func (s *State) stashBest(d draft, recall wire.ID, terminal wire.Event) draft {
	c, ok := terminal.(*wire.RecallCompleted)
	if !ok || len(c.Candidates) == 0 || c.Candidates[0].Confidence < stashFrom {
		return d
	}
	best := c.Candidates[0]
	d.commit.Stash = s.stashItem(best.Title, best.Artist, &best.Confidence, firstOf(best.SourceURLs))
	d.events = append(d.events, event{recall, &wire.StashChanged{Item: d.commit.Stash}})
	t := s.thread
	if d.commit.Thread != nil {
		t = *d.commit.Thread
	}
	t.Summary = best.Title + " — " + best.Artist
	d.commit.Thread = &t
	d.events = append(d.events, event{recall, &wire.ThreadUpdated{Thread: s.listed(t, d)}})
	return d
}

func stateOf(terminal wire.Event) wire.RecallState {
	switch e := terminal.(type) {
	case *wire.RecallCompleted:
		return wire.RecallState(e.Status)
	case wire.RecallCancelled:
		return wire.RecallCancelEnd
	case wire.RecallExpired:
		return wire.RecallExpireEnd
	default:
		return wire.RecallFailedEnd
	}
}
