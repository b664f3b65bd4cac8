package scenarios

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"recall/stress/device"
)

// fuzzed is how many frames each attacker invents: fewer than may come in one burst.
const fuzzed = 1500

// malformed sends what no client should, while others work.
func malformed(ctx context.Context, s *stage) error {
	server, err := s.serve(ctx)
	if err != nil {
		return err
	}
	apps, threads, err := s.crowd(ctx, max(2, s.Devices/10))
	if err != nil {
		return err
	}
	l := s.begin(ctx, apps, threads)
	defer l.stop()
	t := &attack{stage: s, user: device.NewUUID()}
	for _, step := range []func(context.Context) error{t.mistakes, t.tooLarge, t.unwelcome, t.fuzz} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	before := s.seen.ended.Load()
	if err := until(ctx, "answers for the others", func() bool { return s.seen.ended.Load() > before }); err != nil {
		return err
	}
	if err := l.end(); err != nil {
		return err
	}
	accepted, ended, cut := s.seen.accepted.Load(), s.seen.ended.Load(), s.seen.connected.Load()-int64(len(apps))
	s.check(accepted == ended && cut == 0, "the others", "are answered, none cut off", "%d of %d, %d cut off", ended, accepted, cut)
	live, serving := server.Live(ctx), server.Serving(ctx)
	s.check(live == nil && serving == nil, "the server", "lives and serves", "%v, %v", live, serving)
	return nil
}

// attack is one user's.
type attack struct {
	*stage
	user string
}

func (t *attack) dial(ctx context.Context, signedIn bool) (*device.Device, error) {
	var token string
	if signedIn {
		var err error
		if token, err = t.world.Token(t.user); err != nil {
			return nil, err
		}
	}
	return device.Dial(ctx, t.target.Load().WS(), device.Options{Token: token})
}

// mistakes sends each frame of the table on one connection, which stays open.
func (t *attack) mistakes(ctx context.Context) error {
	d, err := t.dial(ctx, true)
	if err != nil {
		return err
	}
	defer d.Drop()
	var wrong []string
	for i, m := range mistakes() {
		before := len(d.Frames())
		send := d.Send
		if m.binary {
			send = d.SendBinary
		}
		if err := send(ctx, []byte(m.frame)); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		f, err := answerBehind(ctx, d, before)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		if !m.fits(f) {
			wrong = append(wrong, fmt.Sprintf("%d (%s): %s", i, m.name, f.Raw))
		}
	}
	t.check(len(wrong) == 0, "wrong frames", "the documented answer to each", "%d of %d wrong: %s", len(wrong), len(mistakes()), strings.Join(wrong, "; "))
	return t.stillThere(ctx, d, "the connection of wrong frames")
}

// answerBehind is the next answer, whatever the server tells beside.
func answerBehind(ctx context.Context, d *device.Device, frames int) (device.Frame, error) {
	n := 0
	return d.Await(ctx, func(f device.Frame) bool {
		n++
		return n > frames && f.Type != "limits" && f.Type != "welcome"
	})
}

func (t *attack) stillThere(ctx context.Context, d *device.Device, name string) error {
	f, err := d.Do(ctx, "ping", nil)
	t.check(err == nil && f.Type == "pong", name, "stays open", "%s %v", f.Type, err)
	for _, fault := range d.Faults() {
		t.judge.Fault(name, fault)
	}
	return ctx.Err()
}

// tooLarge sends frames over the limits: each ends its connection.
func (t *attack) tooLarge(ctx context.Context) error {
	text := []byte(`{"type":"ping","x":"` + strings.Repeat("x", 64<<10) + `"}`)
	chunk := make([]byte, 256<<10+1)
	for name, send := range map[string]func(*device.Device) error{
		"text of 64 KiB and more":    func(d *device.Device) error { return d.Send(ctx, text) },
		"binary of 256 KiB and more": func(d *device.Device) error { return d.SendBinary(ctx, chunk) },
		"text of 8 MiB":              func(d *device.Device) error { return d.Send(ctx, slices.Repeat(text, 120)) },
	} {
		d, err := t.dial(ctx, true)
		if err != nil {
			return err
		}
		_ = send(d) // the server may close before it has taken all
		code, err := d.Closed(ctx)
		d.Drop()
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t.check(code == 1009 && saidGoodbye(d, 1009), name, "goodbye and 1009", "%d", code)
		t.judge.Closed(name, code, false)
	}
	return nil
}

// unwelcome says something before hello, and says hello with a token of nobody.
func (t *attack) unwelcome(ctx context.Context) error {
	d, err := t.dial(ctx, false)
	if err != nil {
		return err
	}
	defer d.Drop()
	f, err := d.Do(ctx, "thread.list", nil)
	if err != nil {
		return err
	}
	t.check(f.Code == "unauthorized", "a command before hello", "unauthorized", "%s", f.Raw)
	if _, err := d.Do(ctx, "hello", device.Fields{"token": "of.no.body"}); err != nil && ctx.Err() != nil {
		return err
	}
	code, err := d.Closed(ctx)
	if err != nil {
		return err
	}
	t.check(code == 4500 && saidGoodbye(d, 4500), "hello with a wrong token", "goodbye and 4500", "%d", code)
	t.judge.Closed("unwelcome", code, false)
	return nil
}

// fuzz sends frames that were right before somebody fell onto the keyboard. All of them
// are answered in some way; none of them ends the connection.
func (t *attack) fuzz(ctx context.Context) error {
	d, err := t.dial(ctx, true)
	if err != nil {
		return err
	}
	defer d.Drop()
	r := rand.New(rand.NewPCG(t.Seed, 99)) //nolint:gosec // repeatable
	for range fuzzed {
		if err := d.Send(ctx, broken(r)); err != nil {
			break // the check below tells
		}
	}
	if err := t.stillThere(ctx, d, fmt.Sprintf("the connection of %d fuzzed frames", fuzzed)); err != nil {
		return err
	}
	internal := count(d.Frames(), func(f device.Frame) bool { return f.Code == "internal" })
	answered := count(d.Frames(), func(f device.Frame) bool { return f.Type == "error" })
	t.check(internal == 0 && answered > 0, "fuzzed frames", "no fault of the server's own", "%d of %d errors are internal", internal, answered)
	return nil
}
