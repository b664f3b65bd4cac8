package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

// audience plays the script against one server and keeps what the people saw.
type audience struct {
	server *process
	people []*person
	spoken map[string][]byte

	mu      sync.Mutex
	recalls times // from sending to the terminal event
	turns   times // of a page, from asking to the reply
	reads   int   // lists and pages that were answered
}

// person is somebody in the course of a row. A device's fields are its own: its steps
// are played one after the other.
type person struct {
	somebody
	devices []*screen
	fresh   string        // the new thread
	began   chan struct{} // closed when the first question was accepted; fresh is known then
}

// screen is one device and where it stands.
type screen struct {
	*device.Device
	cursor string // of the list's next page
	oldest int64  // first seq of the last page read
}

func newAudience(server *process, p *past, devices []int) *audience {
	a := &audience{server: server, spoken: p.spoken}
	for i, s := range p.people {
		one := &person{somebody: s, began: make(chan struct{})}
		for range devices[i] {
			one.devices = append(one.devices, &screen{})
		}
		a.people = append(a.people, one)
	}
	return a
}

// leave closes all connections and returns what the server broke of its promises.
func (a *audience) leave() (faults []error) {
	for _, p := range a.people {
		for _, s := range p.devices {
			if s.Device != nil {
				s.Drop()
				faults = append(faults, s.Faults()...)
			}
		}
	}
	return faults
}

// play plays a part of the script. Each device has its own row of steps.
func (a *audience) play(ctx context.Context, visits []visit) error {
	begin := time.Now()
	all, ctx := errgroup.WithContext(ctx)
	for _, v := range visits {
		for d := range a.people[v.person].devices {
			all.Go(func() error { return a.visit(ctx, v, d, begin.Add(v.at)) })
		}
	}
	return all.Wait()
}

func (a *audience) visit(ctx context.Context, v visit, device int, begin time.Time) error {
	p := a.people[v.person]
	for _, s := range v.steps {
		if s.device != device {
			continue
		}
		if err := until(ctx, begin.Add(s.at)); err != nil {
			return err
		}
		if err := a.do(ctx, p, p.devices[device], s); err != nil {
			return fmt.Errorf("person %d, device %d, step %d at %v: %w", v.person, device, s.do, s.at, err)
		}
	}
	return nil
}

func (a *audience) do(ctx context.Context, p *person, s *screen, st step) error {
	switch st.do {
	case come:
		return s.come(ctx, a.server, p.token)
	case listThreads, turnThreads:
		return a.list(ctx, s, st.do == turnThreads)
	case open, openInHaste:
		return a.open(ctx, s, p.old, st.requests())
	case turnPage:
		return a.turn(ctx, s, p.old)
	case ask1st:
		return a.askFirst(ctx, p, s, st.text)
	case askMore:
		return a.timed(askIn(ctx, s.Device, p.fresh, device.Fields{"kind": "text", "text": st.text}))
	case askAloud:
		return a.askAloud(ctx, s, st.text)
	case follow:
		return a.follow(ctx, p, s)
	case readNew:
		return a.page(ctx, s, device.Fields{"thread_id": p.fresh})
	default:
		return a.page(ctx, s, device.Fields{"thread_id": p.old})
	}
}

// askFirst tells the other device of the new thread as soon as it is there.
func (a *audience) askFirst(ctx context.Context, p *person, s *screen, text string) (err error) {
	if p.fresh, err = s.NewThread(ctx); err != nil {
		return err
	}
	close(p.began)
	return a.timed(askIn(ctx, s.Device, p.fresh, device.Fields{"kind": "text", "text": text}))
}

func (a *audience) follow(ctx context.Context, p *person, s *screen) error {
	select {
	case <-p.began:
		return a.open(ctx, s, p.fresh, 1)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (a *audience) askAloud(ctx context.Context, s *screen, text string) error {
	stored, err := s.Upload(ctx, "voice", "audio/wav", a.spoken[text])
	if err != nil {
		return err
	}
	return a.timed(ask(ctx, s.Device, device.Fields{"kind": "voice", "media_id": stored.ID}))
}

// timed counts a recall that went as in everyday life.
func (a *audience) timed(r asked, err error) error {
	if err == nil {
		err = r.sound()
	}
	if err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.recalls = append(a.recalls, r.ended.At.Sub(r.sent))
	return nil
}

// until waits for a time.
func until(ctx context.Context, due time.Time) error {
	timer := time.NewTimer(time.Until(due))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
