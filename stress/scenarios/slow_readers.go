package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"

	"recall/stress/device"
	"recall/stress/world"
)

// slowRecalls are streamed while nobody of the slow reads.
const slowRecalls = 8

// slowReaders has three kinds of devices of one user: those who read, those who stop for
// a while, and those who never read again.
func slowReaders(ctx context.Context, s *stage) error {
	server, err := s.serve(ctx)
	if err != nil {
		return err
	}
	c, err := s.company(ctx)
	if err != nil {
		return err
	}
	defer c.drop()
	if err := s.world.Pace(ctx, 2000, 0); err != nil {
		return err
	}
	if err := c.talk(ctx); err != nil { // messages to fill queues with
		return err
	}
	if err := c.holdBack(ctx); err != nil {
		return err
	}
	if err := c.talk(ctx); err != nil {
		return err
	}
	return c.readAgain(ctx, server)
}

// company is the devices of one user, in one thread.
type company struct {
	*stage
	readers    []*app
	slow, deaf []*device.Device
	thread     string
	last       string // recall
	spoken     int    // recalls
}

func (s *stage) company(ctx context.Context) (*company, error) {
	c, user := &company{stage: s}, device.NewUUID()
	for i := range max(2, s.Devices/5) {
		a, err := s.newApp(ctx, fmt.Sprintf("reader %d", i), user)
		if err != nil {
			return nil, err
		}
		c.readers = append(c.readers, a)
	}
	var err error
	if c.thread, err = c.readers[0].newThread(ctx); err != nil {
		return nil, err
	}
	return c, together(ctx, len(c.readers), func(ctx context.Context, i int) error {
		return c.readers[i].follow(ctx, c.thread)
	})
}

// talk asks one question after the other, and waits until every reader has heard the last answer.
func (c *company) talk(ctx context.Context) (err error) {
	r := rand.New(rand.NewPCG(c.Seed, uint64(c.spoken))) //nolint:gosec // repeatable
	for range slowRecalls {
		if c.last, err = c.readers[0].ask(ctx, c.thread, text(question(r))); err != nil {
			return err
		}
		c.spoken++
		if err := together(ctx, len(c.readers), func(ctx context.Context, i int) error {
			_, _, err := c.readers[i].ending(ctx, c.last)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// readAgain waits for the sentence over the deaf, lets everybody read, and compares.
func (c *company) readAgain(ctx context.Context, server *world.Server) error {
	const tooSlow = `recall_closes_total{code="4008"}`
	sentenced := func() bool {
		m, err := server.Metrics(ctx, tooSlow)
		return err == nil && int(m[tooSlow]) >= len(c.deaf)
	}
	if err := until(ctx, "the end of the deaf", sentenced); err != nil {
		return err
	}
	if err := c.deafRead(ctx); err != nil {
		return err
	}
	if err := c.slowRead(ctx); err != nil {
		return err
	}
	c.check(c.seen.closed(4008) == 0, "those who read", "stay, and have seen each end", "%d of %d closed", c.seen.closed(4008), len(c.readers))
	return nil
}

// deafRead looks what is left for those who read too late. That waits for 15 s only.
func (c *company) deafRead(ctx context.Context) error {
	for _, d := range c.deaf {
		d.Start()
	}
	closed := 0
	for i, d := range c.deaf {
		code, err := d.Closed(ctx)
		if err != nil {
			return err
		}
		c.report(fmt.Sprintf("deaf %d", i), d, code, false)
		if code == 4008 && saidGoodbye(d, 4008) {
			closed++
		}
	}
	c.check(closed == len(c.deaf), "the deaf", "goodbye and 4008", "%d of %d", closed, len(c.deaf))
	return nil
}

// slowRead lets the slow ones catch up to the last answer, and counts their merged pieces.
func (c *company) slowRead(ctx context.Context) error {
	merged := 0
	for i, d := range c.slow {
		d.Start()
		if _, err := d.Ending(ctx, c.last); err != nil {
			return fmt.Errorf("slow device %d: %w", i, err)
		}
		merged += count(d.Frames(), func(f device.Frame) bool { return f.FirstSeq > 0 && f.FirstSeq < f.Seq })
		d.Close()
		c.report(fmt.Sprintf("slow %d", i), d, 1000, true)
	}
	c.check(merged > 0, "pieces for the slow", "merged, numbering complete", "%d merged on %d devices", merged, len(c.slow))
	return nil
}

// report tells the judge what a device saw that is no app.
func (s *stage) report(name string, d *device.Device, code int, ours bool) {
	for _, f := range d.Frames() {
		if f.IsTerminal() {
			s.judge.Ended(name, f.RecallID, f.Type, f.At)
		}
	}
	for _, fault := range d.Faults() {
		s.judge.Fault(name, fault)
	}
	s.judge.Closed(name, code, ours)
}

func saidGoodbye(d *device.Device, code int) bool {
	return count(d.Frames(), func(f device.Frame) bool { return f.Type == "goodbye" && f.Code == float64(code) }) == 1
}

func (c *company) drop() {
	for _, d := range append(c.slow, c.deaf...) {
		d.Drop()
	}
}
