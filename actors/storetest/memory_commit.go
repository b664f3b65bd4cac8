package storetest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"recall/wire"
)

// Commit implements [Store]: first everything that can refuse the step, then
// the step.
func (m *Memory) Commit(ctx context.Context, c *wire.Commit) error {
	if err := m.enter(ctx, "Commit"); err != nil {
		return err
	}
	defer m.leave()
	t := m.threads[c.ThreadID]
	switch {
	case t == nil || t.fence != c.Fence:
		return wire.ErrStale
	case t.Seq == c.Seq: // this very step was written before
		return m.lost()
	case t.deleted || t.Seq > c.Seq:
		return wire.ErrStale
	}
	if err := m.refuse(t, c); err != nil {
		return err
	}
	m.apply(t, c)
	return m.lost()
}

func (m *Memory) refuse(t *thread, c *wire.Commit) error {
	for _, p := range c.Postings {
		if m.postings[p.ID] != nil {
			return fmt.Errorf("message %s exists", p.ID)
		}
		if m.taken(t, p.Seq) {
			return wire.ErrStale
		}
	}
	if j := c.Judged; j != nil && !m.has(t.ID, j.ID) && !contains(c.Postings, j.ID) {
		return wire.NotFound("message")
	}
	if h := c.Heard; h != nil && !m.said(t, c.Postings, h.ID) {
		return wire.NotFound("message")
	}
	if e := c.Ended; e != nil && !m.isOpen(t.ID, e.RecallID) {
		return fmt.Errorf("recall %s is not open", e.RecallID)
	}
	if r := c.Accepted; r != nil && m.byRequest(r.UserID, r.RequestID) != nil {
		return wire.ErrDuplicate
	}
	return nil
}

func (m *Memory) taken(t *thread, seq int64) bool {
	for _, id := range t.log {
		if m.postings[id].Seq == seq {
			return true
		}
	}
	return false
}

func (m *Memory) has(threadID, messageID wire.ID) bool {
	p := m.postings[messageID]
	return p != nil && p.ThreadID == threadID
}

// said tells whether the message is the user's own, stored before or by this step.
func (m *Memory) said(t *thread, postings []*wire.Posting, id wire.ID) bool {
	if m.has(t.ID, id) {
		return m.postings[id].Role == wire.RoleUser
	}
	return slices.ContainsFunc(postings, func(p *wire.Posting) bool { return p.ID == id && p.Role == wire.RoleUser })
}

func contains(postings []*wire.Posting, id wire.ID) bool {
	for _, p := range postings {
		if p.ID == id {
			return true
		}
	}
	return false
}

func (m *Memory) isOpen(threadID, recallID wire.ID) bool {
	r := m.recalls[recallID]
	return r != nil && r.ThreadID == threadID && r.state == wire.RecallOpen
}

func (m *Memory) apply(t *thread, c *wire.Commit) {
	t.Seq, t.deleted = c.Seq, c.Deleted
	if f := c.Thread; f != nil {
		t.Title, t.Summary, t.Pinned, t.Archived = f.Title, f.Summary, f.Pinned, f.Archived
	}
	m.store(t, c.Postings)
	if j := c.Judged; j != nil {
		judged := *m.postings[j.ID]
		judged.Verdict = j.Verdict
		m.postings[j.ID] = &judged
	}
	if h := c.Heard; h != nil {
		heard := *m.postings[h.ID]
		heard.Text, heard.RawTranscript = h.Text, h.RawTranscript
		m.postings[h.ID] = &heard
	}
	if e := c.Ended; e != nil {
		m.recalls[e.RecallID].state = e.State
	}
	if r := c.Accepted; r != nil {
		accepted := *r
		accepted.ThreadID, accepted.AcceptedAt = t.ID, wire.At(r.AcceptedAt).Time
		m.recalls[r.ID] = &recall{accepted, wire.RecallOpen}
	}
	if c.Stash != nil {
		t.stash = copyOf(c.Stash)
		t.stash.ThreadID, t.stash.CreatedAt = t.ID, wire.At(c.Stash.CreatedAt.Time)
	} else if c.Unstash {
		t.stash = nil
	}
	if c.Deleted {
		for _, r := range m.open(t.ID) {
			m.recalls[r.ID].state = wire.RecallCancelEnd
		}
	}
}

func (m *Memory) store(t *thread, postings []*wire.Posting) {
	var newest time.Time
	for _, p := range postings {
		stored := *p
		stored.ThreadID, stored.CreatedAt = t.ID, wire.At(p.CreatedAt.Time)
		m.postings[p.ID] = &stored
		t.log = append(t.log, p.ID)
		if stored.CreatedAt.After(newest) {
			newest = stored.CreatedAt.Time
		}
	}
	if len(postings) > 0 {
		t.LastMessageAt = wire.At(newest)
	}
}
