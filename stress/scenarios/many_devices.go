package scenarios

import (
	"context"
	"fmt"
	"sync"

	"recall/stress/device"
	"recall/stress/judge"
)

// manyDevices is one user who is signed in everywhere, and asks from everywhere.
func manyDevices(ctx context.Context, s *stage) error {
	s.judged(judge.Limits{PerMinute: 10, PerHour: 100, AtOnce: 5})
	devices := 2 * s.Devices
	if _, err := s.serve(ctx, fmt.Sprintf("RECALL_MAX_CONNECTIONS_PER_USER=%d", devices)); err != nil {
		return err
	}
	h, err := s.household(ctx, devices)
	if err != nil {
		return err
	}
	if err := h.oneTooMany(ctx); err != nil {
		return err
	}
	if err := h.sharedRecall(ctx); err != nil { // one of the ten
		return err
	}
	// Recalls that cannot end by themselves: who asks meanwhile is one too many for certain.
	if err := s.world.Fault(ctx, "gpt-4o", "stall_before_headers", 1); err != nil {
		return err
	}
	for _, round := range []struct {
		accepted int
		policy   string
	}{{5, "recall_concurrent"}, {4, "recall_minute"}, {0, "recall_minute"}} {
		if err := h.allAsk(ctx, round.accepted, round.policy); err != nil {
			return err
		}
	}
	return nil
}

// askers of the user's devices ask at once, each in a thread of its own; that of the first
// one is on every device.
const askers = 12

// household is the devices of one user.
type household struct {
	*stage
	user    string
	apps    []*app
	threads []string // of the askers
	round   int
}

func (s *stage) household(ctx context.Context, n int) (*household, error) {
	h := &household{stage: s, user: device.NewUUID(), threads: make([]string, min(n, askers))}
	for i := range n {
		a, err := s.newApp(ctx, fmt.Sprintf("device %d", i), h.user)
		if err != nil {
			return nil, err
		}
		h.apps = append(h.apps, a)
	}
	err := together(ctx, len(h.threads), func(ctx context.Context, i int) (err error) {
		h.threads[i], err = h.apps[i].newThread(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return h, together(ctx, n, func(ctx context.Context, i int) error {
		return h.apps[i].follow(ctx, h.threads[0])
	})
}

// oneTooMany is a further device, which is sent away for good.
func (h *household) oneTooMany(ctx context.Context) error {
	d, err := device.Dial(ctx, h.target.Load().WS(), device.Options{Token: h.apps[0].token})
	if err != nil {
		return err
	}
	defer d.Drop()
	code, err := d.Closed(ctx)
	if err != nil {
		return err
	}
	h.report("one too many", d, code, false)
	h.check(code == 4504 && saidGoodbye(d, 4504), "one device too many", "goodbye and 4504", "%d", code)
	return nil
}

// sharedRecall asks in the thread that every device follows, and compares what they were told.
func (h *household) sharedRecall(ctx context.Context) error {
	id, err := h.apps[0].ask(ctx, h.threads[0], text("Africa by Toto, on every device"))
	if err != nil {
		return err
	}
	stories := make([]string, len(h.apps))
	err = together(ctx, len(h.apps), func(ctx context.Context, i int) error {
		_, _, err := h.apps[i].ending(ctx, id)
		stories[i] = h.apps[i].story.told()
		return err
	})
	alike := count(stories, func(s string) bool { return s == stories[0] })
	h.check(alike == len(stories) && h.apps[0].story.length() > 5, "one thread on many devices", "the same events in the same order",
		"%d of %d as the first, %d events", alike, len(stories), h.apps[0].story.length())
	return err
}

// allAsk asks from many devices at the same moment. What was accepted is then cancelled,
// each recall from another device than that which asked.
func (h *household) allAsk(ctx context.Context, want int, policy string) error {
	h.round++
	recalls := make([]string, len(h.threads))
	var mu sync.Mutex
	refused := map[string]int{}
	err := together(ctx, len(h.threads), func(ctx context.Context, i int) error {
		f, err := h.apps[i].askOnce(ctx, asking(h.threads[i], text(fmt.Sprintf("Africa by Toto, %d of round %d", i, h.round))))
		if recalls[i] = f.RecallID; err == nil && f.Type != "recall.accepted" {
			mu.Lock()
			refused[fmt.Sprint(f.Code, " ", f.Policy)]++
			mu.Unlock()
		}
		return err
	})
	if err != nil {
		return err
	}
	accepted := count(recalls, func(id string) bool { return id != "" })
	want = min(want, len(h.threads))
	h.check(accepted == want && refused["rate_limited "+policy] == len(h.threads)-want, fmt.Sprintf("%d devices ask at once (%d)", len(h.threads), h.round),
		fmt.Sprintf("%d accepted, the others refused by %s", want, policy), "%d accepted, refused: %v", accepted, refused)
	return h.cancel(ctx, recalls)
}

func (h *household) cancel(ctx context.Context, recalls []string) error {
	return together(ctx, len(recalls), func(ctx context.Context, i int) error {
		if recalls[i] == "" {
			return nil
		}
		other := h.apps[(i+1)%len(h.apps)]
		if f, err := other.do(ctx, "recall.cancel", device.Fields{"recall_id": recalls[i]}); err != nil || f.Type != "ok" {
			return fmt.Errorf("recall.cancel: %s, %w", f.Raw, err)
		}
		_, _, err := h.apps[i].ending(ctx, recalls[i])
		return err
	})
}
