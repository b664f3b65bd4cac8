package storetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"recall/wire"
)

// Threads implements [Store].
func (m *Memory) Threads(ctx context.Context, owner wire.ID, q wire.ThreadList) (*wire.Threads, error) {
	if err := m.enter(ctx, "Threads"); err != nil {
		return nil, err
	}
	defer m.leave()
	var all []wire.Thread
	for id, t := range m.threads {
		if m.visible(id, owner) && t.Archived == q.Archived {
			all = append(all, t.Thread)
		}
	}
	page, next, err := pageOf(all, q.Cursor, q.PageSize(), func(t wire.Thread) (time.Time, wire.ID) {
		return t.LastMessageAt.Time, t.ID
	})
	if err != nil {
		return nil, err
	}
	return &wire.Threads{Threads: page, NextCursor: next}, nil
}

// Stash implements [Store].
func (m *Memory) Stash(ctx context.Context, owner wire.ID, q wire.StashList) (*wire.Stash, error) {
	if err := m.enter(ctx, "Stash"); err != nil {
		return nil, err
	}
	defer m.leave()
	var all []wire.StashItem
	for id, t := range m.threads {
		if m.visible(id, owner) && t.stash != nil {
			all = append(all, *t.stash)
		}
	}
	page, next, err := pageOf(all, q.Cursor, q.PageSize(), func(s wire.StashItem) (time.Time, wire.ID) {
		return s.CreatedAt.Time, s.ThreadID
	})
	if err != nil {
		return nil, err
	}
	return &wire.Stash{Items: page, NextCursor: next}, nil
}

// pageOf orders by place, both parts descending, and cuts out the page after
// the cursor.
func pageOf[T any](all []T, cursor string, size int, place func(T) (time.Time, wire.ID)) ([]T, *string, error) {
	order := func(a, b T) int {
		at, id := place(a)
		otherAt, other := place(b)
		return -byTime(at, id, otherAt, other)
	}
	slices.SortFunc(all, order)
	if cursor != "" {
		at, id, err := parseCursor(cursor)
		if err != nil {
			return nil, nil, err
		}
		all = slices.DeleteFunc(all, func(v T) bool {
			vAt, vID := place(v)
			return byTime(vAt, vID, at, id) >= 0
		})
	}
	if len(all) <= size {
		return append([]T{}, all...), nil, nil
	}
	at, id := place(all[size-1])
	next := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", at.UnixMilli(), id))
	return all[:size:size], &next, nil
}

func parseCursor(word string) (time.Time, wire.ID, error) {
	var ms int64
	var text string
	b, err := base64.RawURLEncoding.DecodeString(word)
	if err == nil {
		_, err = fmt.Sscanf(string(b), "%d %s", &ms, &text)
	}
	id, idErr := wire.ParseID(text)
	if err != nil || idErr != nil {
		return time.Time{}, wire.ID{}, wire.Errorf(wire.CodeBadRequest, "cursor: is not one that this server gave out")
	}
	return time.UnixMilli(ms), id, nil
}
