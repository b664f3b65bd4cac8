package thread

import "recall/wire"

// edit appends a durable change that a client waits for: one event, one commit.
func (s *State) edit(r Request, write func(first int64) draft, answer func() wire.Message) {
	told := false
	tell := func(m wire.Message) {
		if !told {
			told = true
			s.reply(r, m)
		}
	}
	s.append(entry{
		write: write,
		trace: r.Trace,
		stall: func() { tell(wire.Unavailable()) },
		then: func(err error) {
			if err != nil {
				tell(wire.AsError(err))
				return
			}
			tell(answer())
		},
	})
}

func (s *State) update(r Request, c *wire.ThreadUpdate) {
	write := func(first int64) draft {
		t := s.thread
		assign(&t.Title, c.Title)
		assign(&t.Pinned, c.Pinned)
		assign(&t.Archived, c.Archived)
		shown := t
		shown.Seq = first
		return draft{events: []event{{body: &wire.ThreadUpdated{Thread: shown}}}, commit: &wire.Commit{Thread: &t}}
	}
	s.edit(r, write, func() wire.Message { return &wire.ThreadReply{Thread: s.stored()} })
}

// stored is the thread with the number of its last durable event.
func (s *State) stored() wire.Thread {
	t := s.thread
	t.Seq = s.log.stored
	return t
}

func assign[T any](to *T, value *T) {
	if value != nil {
		*to = *value
	}
}

// delete ends what runs, then the thread. A recall whose commit was ahead of the
// deletion begins after it was asked for and ends with the thread, in one commit.
func (s *State) delete(r Request) {
	for _, q := range s.recalls.queue {
		s.stopEarly(q, wire.RecallCancelled{})
	}
	write := func(int64) draft {
		return draft{events: append(s.cutShort(), event{body: wire.ThreadDeleted{}}), commit: &wire.Commit{Deleted: true}}
	}
	s.edit(r, write, func() wire.Message {
		s.vanish()
		return wire.OK{}
	})
}

// cutShort is the end of the recalls that the deletion closes.
func (s *State) cutShort() []event {
	var events []event
	for _, q := range s.recalls.queue {
		if !q.told {
			events = append(events, started(q))
		}
		events = append(events, event{q.recall.ID, wire.RecallCancelled{}})
	}
	return events
}

// vanish is the thread after its deletion: there is no such thread any more.
func (s *State) vanish() {
	s.phase = absent
	for _, q := range s.recalls.queue {
		q.ended = true
		s.measure(q, wire.RecallCancelEnd)
		s.do(Abandon{RecallID: q.recall.ID})
		s.do(Release{UserID: s.owner, RecallID: q.recall.ID})
	}
	s.recalls.queue = nil
	s.empty(s.closed())
}

// foundPosting stores the verdict on a candidate. A confirmed song is the one
// that the user keeps of the thread.
func (s *State) foundPosting(in FoundPosting) {
	verdict := in.Request.Command.(*wire.Judge).Verdict
	switch {
	case in.Err != nil:
		s.refuse(in.Request, wire.AsError(in.Err))
		return
	case s.phase != ready:
		s.refuse(in.Request, s.closed())
		return
	case in.Posting.Type != wire.TypeCandidate:
		s.refuse(in.Request, wire.Errorf(wire.CodeBadRequest, "message_id: is not a candidate"))
		return
	}
	before, judged := in.Posting.Verdict, *in.Posting
	judged.Verdict = verdict
	s.edit(in.Request, func(int64) draft { return s.verdict(&judged, before) }, func() wire.Message { return wire.OK{} })
}

// verdict drafts events of the thread, not of the recall, whose last one is its
// terminal event. A song that was confirmed by mistake leaves the stash again.
func (s *State) verdict(p *wire.Posting, before wire.Verdict) draft {
	d := draft{
		events: []event{{body: &wire.MessageUpdated{Message: p}}},
		commit: &wire.Commit{Judged: p},
	}
	switch {
	case p.Verdict == wire.Confirmed:
		d.commit.Stash = s.stashItem(p.SongTitle, p.SongArtist, p.Confidence, p.SongURL)
		d.events = append(d.events, event{body: &wire.StashChanged{Item: d.commit.Stash}})
	case before == wire.Confirmed:
		d.commit.Unstash = true
		d.events = append(d.events, event{body: &wire.StashChanged{}})
	}
	return d
}

// editStash keeps the thread with its best song so far, or drops it. Both can
// be repeated.
func (s *State) editStash(r Request, c *wire.StashEdit) {
	ok := func() wire.Message { return wire.OK{} }
	if !c.Add {
		s.edit(r, func(int64) draft {
			return draft{events: []event{{body: &wire.StashChanged{}}}, commit: &wire.Commit{Unstash: true}}
		}, ok)
		return
	}
	s.withNewest(r.Trace, func(p wire.Page, err error) {
		if err != nil {
			s.refuse(r, wire.AsError(err))
			return
		}
		item := s.bestOf(p.Postings)
		s.edit(r, func(int64) draft {
			return draft{events: []event{{body: &wire.StashChanged{Item: item}}}, commit: &wire.Commit{Stash: item}}
		}, ok)
	})
}

// bestOf is the song to keep: a confirmed one, else the surest that was not
// rejected; a thread without any is kept without a song.
func (s *State) bestOf(postings []*wire.Posting) *wire.StashItem {
	var best *wire.Posting
	for _, p := range postings {
		if p.Type == wire.TypeCandidate && p.Verdict != wire.Rejected && (best == nil || better(p, best)) {
			best = p
		}
	}
	if best == nil {
		return s.stashItem("", "", nil, "")
	}
	return s.stashItem(best.SongTitle, best.SongArtist, best.Confidence, best.SongURL)
}

func better(a, b *wire.Posting) bool {
	if (a.Verdict == wire.Confirmed) != (b.Verdict == wire.Confirmed) {
		return a.Verdict == wire.Confirmed
	}
	return confidence(a) >= confidence(b)
}

func confidence(p *wire.Posting) float64 {
	if p.Confidence == nil {
		return 0
	}
	return *p.Confidence
}
