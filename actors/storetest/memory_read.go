package storetest

import (
	"cmp"
	"context"
	"slices"
	"time"

	"recall/wire"
)

// Page implements [Store].
func (m *Memory) Page(ctx context.Context, q wire.PageQuery) (wire.Page, error) {
	if err := m.enter(ctx, "Page"); err != nil {
		return wire.Page{}, err
	}
	defer m.leave()
	found := make([]*wire.Posting, 0, q.Limit)
	if t := m.threads[q.ThreadID]; t != nil {
		for _, id := range t.log {
			if p := m.postings[id]; p.Seq > q.After && (q.Before == 0 || p.Seq < q.Before) {
				found = append(found, copyOf(p))
			}
		}
	}
	slices.SortFunc(found, func(a, b *wire.Posting) int { return cmp.Compare(a.Seq, b.Seq) })
	more := len(found) > q.Limit
	switch {
	case more && (q.Forward || q.After > 0):
		found = found[:q.Limit]
	case more:
		found = found[len(found)-q.Limit:]
	}
	return wire.Page{Postings: found, HasMore: more}, nil
}

// Posting implements [Store].
func (m *Memory) Posting(ctx context.Context, threadID, messageID wire.ID) (*wire.Posting, error) {
	if err := m.enter(ctx, "Posting"); err != nil {
		return nil, err
	}
	defer m.leave()
	if !m.has(threadID, messageID) {
		return nil, wire.NotFound("message")
	}
	return copyOf(m.postings[messageID]), nil
}

// ThreadOfMessage implements [Store].
func (m *Memory) ThreadOfMessage(ctx context.Context, userID, messageID wire.ID) (wire.ID, error) {
	if err := m.enter(ctx, "ThreadOfMessage"); err != nil {
		return wire.ID{}, err
	}
	defer m.leave()
	p := m.postings[messageID]
	if p == nil || !m.visible(p.ThreadID, userID) {
		return wire.ID{}, wire.NotFound("message")
	}
	return p.ThreadID, nil
}

func (m *Memory) visible(threadID, userID wire.ID) bool {
	t := m.threads[threadID]
	return t != nil && !t.deleted && t.owner == userID
}

// open are the thread's recalls without an end, oldest first.
func (m *Memory) open(threadID wire.ID) []wire.Recall {
	var open []wire.Recall
	for _, r := range m.recalls {
		if r.ThreadID == threadID && r.state == wire.RecallOpen {
			open = append(open, r.Recall)
		}
	}
	slices.SortFunc(open, func(a, b wire.Recall) int { return byTime(a.AcceptedAt, a.ID, b.AcceptedAt, b.ID) })
	return open
}

func byTime(at time.Time, id wire.ID, otherAt time.Time, other wire.ID) int {
	return cmp.Or(at.Compare(otherAt), slices.Compare(id[:], other[:]))
}

func (m *Memory) byRequest(userID, requestID wire.ID) *recall {
	for _, r := range m.recalls {
		if r.UserID == userID && r.RequestID == requestID {
			return r
		}
	}
	return nil
}

// Admissions implements [Store].
func (m *Memory) Admissions(ctx context.Context, userID wire.ID, since time.Time) ([]wire.Admission, error) {
	if err := m.enter(ctx, "Admissions"); err != nil {
		return nil, err
	}
	defer m.leave()
	found := []wire.Admission{}
	for _, r := range m.recalls {
		if r.UserID == userID && !r.AcceptedAt.Before(since) {
			found = append(found, wire.Admission{RecallID: r.ID, RequestID: r.RequestID, ThreadID: r.ThreadID,
				AcceptedAt: r.AcceptedAt, Ended: r.state != wire.RecallOpen})
		}
	}
	slices.SortFunc(found, func(a, b wire.Admission) int {
		return byTime(a.AcceptedAt, a.RecallID, b.AcceptedAt, b.RecallID)
	})
	return found, nil
}

// RecallByRequest implements [Store].
func (m *Memory) RecallByRequest(ctx context.Context, userID, requestID wire.ID) (wire.Recall, *wire.Posting, error) {
	if err := m.enter(ctx, "RecallByRequest"); err != nil {
		return wire.Recall{}, nil, err
	}
	defer m.leave()
	r := m.byRequest(userID, requestID)
	if r == nil || m.postings[r.MessageID] == nil {
		return wire.Recall{}, nil, wire.NotFound("recall")
	}
	return r.Recall, copyOf(m.postings[r.MessageID]), nil
}

// ThreadOfRecall implements [Store].
func (m *Memory) ThreadOfRecall(ctx context.Context, userID, recallID wire.ID) (wire.ID, error) {
	if err := m.enter(ctx, "ThreadOfRecall"); err != nil {
		return wire.ID{}, err
	}
	defer m.leave()
	r := m.recalls[recallID]
	if r == nil || r.UserID != userID || !m.visible(r.ThreadID, userID) {
		return wire.ID{}, wire.NotFound("recall")
	}
	return r.ThreadID, nil
}

// ThreadsWithOpenRecalls implements [Store].
func (m *Memory) ThreadsWithOpenRecalls(ctx context.Context) ([]wire.ID, error) {
	if err := m.enter(ctx, "ThreadsWithOpenRecalls"); err != nil {
		return nil, err
	}
	defer m.leave()
	var found []wire.ID
	for id, t := range m.threads {
		if !t.deleted && len(m.open(id)) > 0 {
			found = append(found, id)
		}
	}
	return found, nil
}
