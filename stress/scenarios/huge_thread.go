package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"

	"github.com/jackc/pgx/v5"

	"recall/stress/device"
)

// hugeThread is a conversation of years.
func hugeThread(ctx context.Context, s *stage) error {
	if _, err := s.serve(ctx, "RECALL_FRAMES_PER_SECOND=100000"); err != nil {
		return err
	}
	a, err := s.newApp(ctx, "reader", device.NewUUID())
	if err != nil {
		return err
	}
	thread := device.NewUUID()
	if err := s.fill(ctx, a.user, thread, s.Messages); err != nil {
		return err
	}
	if err := s.pages(ctx, a, thread, s.Messages); err != nil {
		return err
	}
	id, err := a.ask(ctx, thread, text(question(rand.New(rand.NewPCG(s.Seed, 0))))) //nolint:gosec // repeatable
	if err != nil {
		return err
	}
	f, ok, err := a.ending(ctx, id)
	if err != nil {
		return err
	}
	s.check(ok && f.Type == "recall.completed", "a recall in it", "recall.completed", "%s", f.Type)
	page, _, err := a.page(ctx, device.Fields{"thread_id": thread, "limit": 2})
	if err != nil {
		return err
	}
	newer := count(page, func(seq int64) bool { return seq > int64(s.Messages) })
	s.check(newer == 2, "the newest page", "what the recall has stored", "%v", page)
	return nil
}

// fill writes a thread as the earlier app did, before the server knows of it. Messages have
// no numbers then: the database gives them, from 1 on.
func (s *stage) fill(ctx context.Context, user, thread string, n int) error {
	conn, err := pgx.Connect(ctx, s.world.DatabaseURL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, `INSERT INTO recall_threads (id, user_id) VALUES ($1, $2)`, thread, user); err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `INSERT INTO recall_messages (id, thread_id, user_id, created_at, role, message_type, text)
		SELECT gen_random_uuid(), $1, $2, now() - make_interval(secs => $3 - i), 'user', 'text', 'message ' || i
		FROM generate_series(1, $3::int) i`, thread, user, n)
	return err
}

// steps are lengths of pages: the longest, odd ones, and the shortest.
var steps = []int{50, 49, 13, 7, 1}

// pages reads the whole thread in both directions, with each step.
func (s *stage) pages(ctx context.Context, a *app, thread string, n int) error {
	for _, step := range steps {
		most := n
		if step == 1 {
			most = min(n, 1000) // the way is the same one all along
		}
		for _, direction := range []string{"before_seq", "after_seq"} {
			seqs, err := a.readAll(ctx, thread, direction, step, most)
			if err != nil {
				return err
			}
			want := n
			if step == 1 {
				want = most
			}
			holes := holesIn(seqs, direction, n)
			s.check(len(seqs) == want && holes == 0, fmt.Sprintf("pages of %d by %s", step, direction),
				fmt.Sprintf("%d messages, each once and in order", want), "%d, %d out of order", len(seqs), holes)
		}
	}
	return nil
}

// readAll turns pages from one end towards the other, until most messages were read or
// the server says that there are no more.
func (a *app) readAll(ctx context.Context, thread, direction string, step, most int) (seqs []int64, err error) {
	fields := device.Fields{"thread_id": thread, "limit": step}
	if direction == "after_seq" {
		fields[direction] = 0
	}
	for len(seqs) < most {
		page, more, err := a.page(ctx, fields)
		if err != nil {
			return nil, err
		}
		if direction == "before_seq" { // a page is in ascending order, the pages are not
			for i := range page {
				seqs = append(seqs, page[len(page)-1-i])
			}
		} else {
			seqs = append(seqs, page...)
		}
		if !more {
			break
		}
		if len(page) == 0 {
			return nil, fmt.Errorf("an empty page with has_more: %v", fields)
		}
		fields[direction] = seqs[len(seqs)-1]
	}
	return seqs, nil
}

// page is one messages.list: the numbers of its messages.
func (a *app) page(ctx context.Context, fields device.Fields) (seqs []int64, more bool, err error) {
	f, err := a.insist(ctx, "messages.list", fields)
	if err != nil {
		return nil, false, err
	}
	var reply struct {
		Messages []struct{ Seq int64 }
		HasMore  bool `json:"has_more"`
	}
	if f.Type != "messages" {
		return nil, false, fmt.Errorf("messages.list: %s", f.Raw)
	}
	if err := f.Into(&reply); err != nil {
		return nil, false, err
	}
	for _, m := range reply.Messages {
		seqs = append(seqs, m.Seq)
	}
	return seqs, reply.HasMore, nil
}

// holesIn counts the messages that are not the next one. Numbers are 1 to n here.
func holesIn(seqs []int64, direction string, n int) (holes int) {
	for i, seq := range seqs {
		want := int64(i + 1)
		if direction == "before_seq" {
			want = int64(n - i)
		}
		if seq != want {
			holes++
		}
	}
	return holes
}
