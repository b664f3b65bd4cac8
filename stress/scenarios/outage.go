package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"recall/stress/device"
	"recall/stress/emulator/services"
	"recall/stress/world"
)

// The servers of this scenario try a service again sooner than after a minute.
const breakerOpen = "RECALL_SERVICE_OPEN=4s"

// outagePeople ask at once, each with words and with a recording: as many as open each breaker.
const outagePeople = 8

// ending is what recall.completed says, as far as it matters here.
type ending struct {
	Type       string
	Candidates []struct{ Sources []string }
	Degraded   []struct{ Provider, Reason string }
}

// lacks tells whether a service is named as missing.
func (e ending) lacks(service string) bool {
	return slices.ContainsFunc(e.Degraded, func(d struct{ Provider, Reason string }) bool { return d.Provider == service })
}

// outage takes every outside service away, and gives them all back.
func outage(ctx context.Context, s *stage) error {
	server, err := s.serve(ctx, breakerOpen)
	if err != nil {
		return err
	}
	p, err := s.people(ctx, min(outagePeople, s.Devices))
	if err != nil {
		return err
	}
	for _, service := range world.Services() {
		if err := s.world.Outage(ctx, service); err != nil {
			return err
		}
	}
	if err := p.without(ctx, server); err != nil {
		return err
	}
	if err := s.world.Recover(ctx); err != nil {
		return err
	}
	return p.again(ctx)
}

// people ask by word and by voice.
type people struct {
	*stage
	apps    []*app
	threads []string // two for each
	round   int
}

func (s *stage) people(ctx context.Context, n int) (*people, error) {
	apps, threads, err := s.crowd(ctx, n)
	if err != nil {
		return nil, err
	}
	p := &people{stage: s, apps: apps, threads: append(threads, make([]string, n)...)}
	return p, together(ctx, n, func(ctx context.Context, i int) (err error) {
		p.threads[n+i], err = apps[i].newThread(ctx)
		return err
	})
}

// ask lets all of them ask once, and returns what came of words and of recordings.
func (p *people) ask(ctx context.Context) (words, voices []ending, err error) {
	p.round++
	n := len(p.apps)
	all := make([]ending, 2*n)
	err = together(ctx, 2*n, func(ctx context.Context, i int) error {
		a, input := p.apps[i%n], text(fmt.Sprintf("Africa by Toto, as I heard it on day %d of year %d", i, p.round))
		if i >= n {
			media, err := a.upload(ctx, fmt.Sprintf("speech:find that song about rain in africa %d %d", i, p.round))
			if err != nil {
				return err
			}
			input = device.Fields{"kind": "voice", "media_id": media}
		}
		id, err := a.ask(ctx, p.threads[i], input)
		if err != nil {
			return err
		}
		f, ok, err := a.ending(ctx, id)
		if err == nil && ok {
			err = f.Into(&all[i])
		}
		return err
	})
	return all[:n], all[n:], err
}

// upload sends a recording over HTTP.
func (a *app) upload(ctx context.Context, clip string) (mediaID string, err error) {
	recording := services.Clip(clip)
	stored, err := device.Post(ctx, a.target.Load().HTTP(), a.token, "voice", bytes.NewReader(recording), int64(len(recording)))
	return stored.ID, err
}

// without asks while nobody outside answers.
func (p *people) without(ctx context.Context, server *world.Server) error {
	words, voices, err := p.ask(ctx)
	if err != nil {
		return err
	}
	good := count(words, func(e ending) bool {
		return e.Type == "recall.completed" && e.lacks("gpt-4o") && len(e.Candidates) > 0 && slices.Contains(e.Candidates[0].Sources, "catalog")
	})
	p.check(good == len(words), "words in an outage", "completed from the catalogue, naming gpt-4o", "%d of %d", good, len(words))
	good = count(voices, func(e ending) bool { return e.Type == "recall.completed" && e.lacks("whisper") && e.lacks("acrcloud") })
	p.check(good == len(voices), "recordings in an outage", "completed, naming whisper and recognizers", "%d of %d", good, len(voices))
	return p.spared(ctx, server)
}

// spared looks that nobody is called whose breaker is open.
func (p *people) spared(ctx context.Context, server *world.Server) error {
	open, err := breakers(ctx, server, "open")
	if err != nil {
		return err
	}
	before, err := p.world.Calls(ctx)
	if err != nil {
		return err
	}
	words, _, err := p.ask(ctx)
	if err != nil {
		return err
	}
	after, err := p.world.Calls(ctx)
	if err != nil {
		return err
	}
	calls := after["gpt-4o"] - before["gpt-4o"]
	p.check(slices.Contains(open, "gpt-4o") && slices.Contains(open, "whisper"), "breakers in an outage", "open", "%s", strings.Join(open, ", "))
	// On a machine so slow that the breaker's time is over meanwhile, one trial is right.
	p.check(calls <= 1, "calls of gpt-4o with an open breaker", "none, but for a trial", "%d for %d recalls", calls, len(words))
	return nil
}

// again asks until everybody outside is back.
func (p *people) again(ctx context.Context) error {
	missing := 1
	for try := 0; missing > 0 && try < 5; try++ { // each trial closes one breaker; an hour would be five minutes more
		if err := pause(ctx, 4*time.Second); err != nil {
			return err
		}
		words, voices, err := p.ask(ctx)
		if err != nil {
			return err
		}
		missing = count(append(words, voices...), func(e ending) bool { return e.Type != "recall.completed" || len(e.Degraded) > 0 })
		p.Progress("%d of %d lack a service", missing, len(words)+len(voices))
	}
	p.check(missing == 0, "recalls after the outage", "lack nobody", "%d lack a service", missing)
	return nil
}

func count[T any](all []T, is func(T) bool) (n int) {
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}

// breakers are the services whose breakers are in a state, in order.
func breakers(ctx context.Context, server *world.Server, state string) (names []string, err error) {
	var stats struct {
		Breakers map[string]struct{ State string } `json:"breakers"`
	}
	if err := server.Stats(ctx, &stats); err != nil {
		return nil, err
	}
	for name, b := range stats.Breakers {
		if b.State == state {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}
