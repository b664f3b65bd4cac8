package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
	"recall/stress/emulator/services"
)

const (
	streamTokens = 30 // a second, of the model
	streamAtOnce = 40 // recalls side by side
)

// measureStreaming asks a model that writes at the pace of the real one, and tells
// how long people wait for a first song: from sending `recall`, as a share of the time
// that the model takes to write its whole answer.
func measureStreaming(ctx context.Context, server string, c figuresCommand) error {
	s, err := setStage(ctx, server, c.Songs, services.Options{TokensPerSecond: streamTokens})
	if err != nil {
		return err
	}
	defer s.clear()
	p, err := s.serve(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	all, err := askStreaming(ctx, s, p, c.Streams)
	if err != nil {
		return err
	}
	var f firsts
	calls, err := s.callsOf(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		f.add(a, calls[a.id])
	}
	fmt.Print(f)
	return nil
}

func askStreaming(ctx context.Context, s *stage, p *process, n int) ([]asked, error) {
	users, err := gather(ctx, p, usersFor(n))
	if err != nil {
		return nil, err
	}
	all := make([]asked, n)
	asks, ctx := errgroup.WithContext(ctx)
	asks.SetLimit(streamAtOnce)
	for i, q := range s.questions(n) {
		asks.Go(func() (err error) {
			all[i], err = ask(ctx, users.of(i), device.Fields{"kind": "text", "text": q})
			if i%50 == 49 {
				progress("streaming: recall %d of %d", i+1, n)
			}
			return err
		})
	}
	return all, errors.Join(asks.Wait(), errors.Join(users.leave()...))
}

// firsts are the waits for the first song.
type firsts struct {
	streams    times // how long the model wrote
	any, model shares
	silent     int // recalls in which the model named no song
	cut        int // answers that reached the server's deadline before their end
}

// add takes one recall. The time before the model's first word counts as waiting,
// and not as streaming: the share is never told smaller than it is.
func (f *firsts) add(a asked, calls []services.Call) {
	i := slices.IndexFunc(calls, func(c services.Call) bool { return c.Service == services.GPT4o && c.Status == http.StatusOK })
	if i < 0 {
		f.silent++
		return
	}
	if calls[i].Cancelled {
		f.cut++
	}
	stream := calls[i].End.Sub(calls[i].Start)
	f.streams = append(f.streams, stream)
	if at, ok := a.firstCandidate(""); ok {
		f.any = append(f.any, at.Seconds()/stream.Seconds())
	}
	if at, ok := a.firstCandidate(services.GPT4o); ok {
		f.model = append(f.model, at.Seconds()/stream.Seconds())
	} else {
		f.silent++
	}
}

// firstCandidate is the time from sending to the first candidate that source has a
// share in; "" is any source.
func (a asked) firstCandidate(source string) (time.Duration, bool) {
	for _, f := range a.frames {
		var e struct{ Candidate struct{ Sources []string } }
		if f.Type != "recall.candidate" || f.Into(&e) != nil {
			continue
		}
		if source == "" || slices.Contains(e.Candidate.Sources, source) {
			return f.At.Sub(a.sent), true
		}
	}
	return 0, false
}

// String is the table.
func (f firsts) String() string {
	return fmt.Sprintf(`first candidate      from sending to the event, as a share of the model's streaming time (%d tokens a second, seeds %d, %d, %d)
  model streams for    p50 %6.2f s   p95 %6.2f s   max %6.2f s   (%d)
  first of any source  %v
  first of the model   %v
  recalls in which the model named no song: %d; answers that were cut off by the server's deadline: %d
`, streamTokens, seedSongs, seedQuestions, seedServices,
		f.streams.at(50).Seconds(), f.streams.at(95).Seconds(), f.streams.at(100).Seconds(), len(f.streams), f.any, f.model, f.silent, f.cut)
}

// shares are parts of 1.
type shares []float64

func (s shares) at(percent int) float64 {
	if len(s) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(s))[(len(s)*percent+99)/100-1]
}

func (s shares) String() string {
	early := 0
	for _, v := range s {
		if v < 0.5 {
			early++
		}
	}
	return fmt.Sprintf("p50 %.4f   p95 %.4f   max %.4f   before half: %.1f %%   (%d)",
		s.at(50), s.at(95), s.at(100), 100*float64(early)/float64(max(len(s), 1)), len(s))
}
