package load

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/report"
)

// What the end waits for, at most.
const (
	slotsOf    = 200             // users whose slots are looked at
	stragglers = slowest         // recalls
	cooling    = 2 * time.Minute // connections to outside services, which rest for 90 s
)

// goroutineSlack is what may have come since the start: the crews of the server that wait
// for more to do (package actors/crew; some 200), Postgres connections, and those to
// outside services that still rest, two goroutines each. A leak of one for each connection
// or recall is thousands.
const goroutineSlack = 320

// settle ends the run in order and looks for what has leaked.
func (l *load) settle(ctx context.Context, base int, r *report.Result) error {
	left, err := l.drain(ctx)
	if err != nil {
		return err
	}
	l.group.Wait() // who is on the way back would meet us at the door
	r.Checks = append(r.Checks, none("recalls without an end", left))
	if p := l.o.Profile; p.Most.Errors > 0 && !p.Steps {
		r.Checks = append(r.Checks, atMost("errors", 100*l.tally.share(), 100*p.Most.Errors, "%"))
	}
	leaked, err := l.slots(ctx)
	if err != nil {
		return err
	}
	r.Checks = append(r.Checks, none("users with a slot that did not come back", leaked))
	l.closeAll()
	l.group.Wait()
	return l.empty(ctx, base, r)
}

func none(what string, got int) report.Check {
	return report.Check{Name: what, Want: "0", Got: strconv.Itoa(got), OK: got == 0}
}

// drain waits until every recall has ended; who has not by then is an error.
func (l *load) drain(ctx context.Context) (left int, err error) {
	for deadline := time.Now().Add(stragglers); ; {
		left = 0
		for _, u := range l.users {
			left += u.busy()
		}
		if left == 0 || time.Now().After(deadline) {
			break
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return 0, err
		}
	}
	for range left {
		l.tally.fail("no end within %s", stragglers)
	}
	return left, nil
}

// slots reconnects users who have sent something and asks for their limits.
func (l *load) slots(ctx context.Context) (leaked int, err error) {
	var some []*user
	for _, u := range l.users {
		if len(some) < slotsOf && u.active() {
			some = append(some, u)
		}
	}
	free := make([]int, len(some))
	var group errgroup.Group
	group.SetLimit(dialsAtOnce)
	for i, u := range some {
		group.Go(func() (err error) {
			u.cut()
			free[i], err = u.enter(ctx, true)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return 0, fmt.Errorf("looking at slots: %w", err)
	}
	for _, n := range free {
		if n != limits.AtOnce {
			leaked++
		}
	}
	return leaked, nil
}

func (l *load) closeAll() {
	var group errgroup.Group
	group.SetLimit(dialsAtOnce)
	for _, u := range l.users {
		group.Go(func() error { u.leave(); return nil })
	}
	_ = group.Wait() // nobody fails
}

// empty waits until the server is as it was before the load.
func (l *load) empty(ctx context.Context, base int, r *report.Result) error {
	var now struct {
		Connections   int `json:"connections"`
		ActiveRecalls int `json:"active_recalls"`
	}
	goroutines := 0
	for deadline := time.Now().Add(cooling); ; {
		var err error
		if err = l.server.Stats(ctx, &now); err == nil {
			goroutines, err = l.goroutines(ctx)
		}
		if err != nil {
			return err
		}
		if now.Connections+now.ActiveRecalls == 0 && goroutines <= base+goroutineSlack || time.Now().After(deadline) {
			break
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
	r.Checks = append(r.Checks, none("connections that the server still counts", now.Connections), none("recalls that the server still counts", now.ActiveRecalls),
		report.Check{
			Name: "goroutines at the end", Want: fmt.Sprintf("at most %d, %d more than before", base+goroutineSlack, goroutineSlack),
			Got: strconv.Itoa(goroutines), OK: goroutines <= base+goroutineSlack,
		})
	return nil
}

// goroutines are those of the server.
func (l *load) goroutines(ctx context.Context) (int, error) {
	m, err := l.server.Metrics(ctx, "go_goroutines")
	return int(m["go_goroutines"]), err
}
