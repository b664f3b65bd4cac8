package main

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
	"recall/stress/emulator/services"
)

// openLoop sends at a rate, whatever has ended by then: a server that falls behind
// is not spared.
func openLoop(ctx context.Context, users *crowd, inputs []device.Fields, rate float64, name string) ([]asked, error) {
	all := make([]asked, len(inputs))
	asks, ctx := errgroup.WithContext(ctx)
	next := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer next.Stop()
	for i, input := range inputs {
		select {
		case <-next.C:
		case <-ctx.Done():
			return nil, asks.Wait()
		}
		asks.Go(func() (err error) {
			if all[i], err = ask(ctx, users.of(i), input); err == nil {
				err = all[i].sound()
			}
			return err
		})
		if i%200 == 199 {
			progress("%s: recall %d of %d", name, i+1, len(inputs))
		}
	}
	return all, asks.Wait()
}

// outside is how long at least one of the calls was under way between two times. Calls
// are in the order of their beginning.
func outside(calls []services.Call, from, to time.Time) (sum time.Duration) {
	for _, c := range calls {
		begin, end := c.Start, c.End
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		if end.After(begin) {
			sum, from = sum+end.Sub(begin), end
		}
	}
	return sum
}

// operation is what the server says of the last 1,000 times of something, in ms.
type operation struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
}

func serversView(ctx context.Context, p *process) (operation, error) {
	c, err := statsOf(ctx, p)
	return c.Operations["resolve_recall_added"], err
}
