package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

// This file is what people of the figure "worth" do to read.

// come connects without a token and brings it with hello, as a browser does.
func (s *screen) come(ctx context.Context, p *process, token string) (err error) {
	if s.Device, err = device.Dial(ctx, p.ws(), device.Options{}); err != nil {
		return err
	}
	_, err = answer(ctx, s, "hello", device.Fields{"token": token}, "welcome")
	return err
}

func (a *audience) list(ctx context.Context, s *screen, next bool) error {
	fields := device.Fields{}
	if next {
		fields["cursor"] = s.cursor
	}
	f, err := answer(ctx, s, "thread.list", fields, "threads")
	if err != nil {
		return err
	}
	var page struct {
		NextCursor string `json:"next_cursor"`
	}
	if err := f.Into(&page); err != nil {
		return err
	}
	s.cursor = page.NextCursor
	a.read()
	return nil
}

// open subscribes and asks for the newest page, perhaps several times in a row without
// waiting for the replies.
func (a *audience) open(ctx context.Context, s *screen, thread string, times int) error {
	if _, err := answer(ctx, s, "thread.subscribe", device.Fields{"thread_id": thread}, "subscribed"); err != nil {
		return err
	}
	begin := time.Now()
	asks, ctx := errgroup.WithContext(ctx)
	for i := range times {
		asks.Go(func() error {
			if err := until(ctx, begin.Add(time.Duration(i)*hasteEvery)); err != nil {
				return err
			}
			oldest, err := a.pageOf(ctx, s, device.Fields{"thread_id": thread})
			if i == 0 {
				s.oldest = oldest
			}
			return err
		})
	}
	return asks.Wait()
}

// turn reads the page before the last one.
func (a *audience) turn(ctx context.Context, s *screen, thread string) error {
	begin := time.Now()
	oldest, err := a.pageOf(ctx, s, device.Fields{"thread_id": thread, "before_seq": s.oldest})
	if err == nil && oldest == 0 {
		err = fmt.Errorf("nothing stands before message %d of the long thread", s.oldest)
	}
	if err != nil {
		return err
	}
	s.oldest = oldest
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turns = append(a.turns, time.Since(begin))
	return nil
}

func (a *audience) page(ctx context.Context, s *screen, fields device.Fields) error {
	_, err := a.pageOf(ctx, s, fields)
	return err
}

// pageOf reads a page and tells where it begins; 0 when it is empty.
func (a *audience) pageOf(ctx context.Context, s *screen, fields device.Fields) (oldest int64, err error) {
	f, err := answer(ctx, s, "messages.list", fields, "messages")
	if err != nil {
		return 0, err
	}
	var page struct{ Messages []struct{ Seq int64 } }
	if err := f.Into(&page); err != nil {
		return 0, err
	}
	a.read()
	if len(page.Messages) == 0 { // a thread whose first question is not stored yet
		return 0, nil
	}
	return page.Messages[0].Seq, nil
}

func (a *audience) read() {
	a.mu.Lock()
	a.reads++
	a.mu.Unlock()
}

// answer is the reply of the wanted type, or an error.
func answer(ctx context.Context, s *screen, kind string, fields device.Fields, want string) (device.Frame, error) {
	f, err := s.Do(ctx, kind, fields)
	if err == nil && f.Type != want {
		err = fmt.Errorf("%s: %s", kind, f.Raw)
	}
	return f, err
}
