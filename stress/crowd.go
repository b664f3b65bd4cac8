package main

import (
	"context"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

// crowd is users with a connection each. They ask in turns, so that none of them
// asks more often than its limit allows.
type crowd struct {
	devices []*device.Device
	tokens  []string
}

// usersFor is how many are needed for n recalls, however slow these are: a user may
// have 5 under way at once, and each sends 4 at all.
func usersFor(n int) int { return (n + 3) / 4 }

// gather connects new users.
func gather(ctx context.Context, p *process, users int) (*crowd, error) {
	c := &crowd{devices: make([]*device.Device, users), tokens: make([]string, users)}
	var dials errgroup.Group
	dials.SetLimit(dialAtOnce)
	for i := range users {
		dials.Go(func() (err error) {
			if c.tokens[i], _, err = device.Token(ctx, p.http(), ""); err != nil {
				return err
			}
			c.devices[i], err = device.Dial(ctx, p.ws(), device.Options{Token: c.tokens[i]})
			return err
		})
	}
	if err := dials.Wait(); err != nil {
		c.leave()
		return nil, err
	}
	return c, nil
}

// of is who sends recall i.
func (c *crowd) of(i int) *device.Device { return c.devices[i%len(c.devices)] }

// leave closes the connections and returns what the server broke of its promises.
func (c *crowd) leave() (faults []error) {
	for _, d := range c.devices {
		if d != nil {
			d.Drop()
			faults = append(faults, d.Faults()...)
		}
	}
	return faults
}
