package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
)

// dialAtOnce is how many connections are opened side by side.
const dialAtOnce = 32

// measureIdle opens authenticated connections, one user each, that then say
// nothing, and divides what the server's heap and stacks grew by. GOGC=5 makes
// the heap's size close to what really lives.
func measureIdle(ctx context.Context, server string, c figuresCommand) error {
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	defer remove()
	p, err := serve(ctx, server, dir, "GOGC=5")
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	before, err := memory(ctx, p)
	if err != nil {
		return err
	}
	devices, err := dialAll(ctx, p, c.Conns)
	if err != nil {
		return err
	}
	after, err := memory(ctx, p)
	for _, d := range devices {
		d.Drop()
	}
	if err != nil {
		return err
	}
	grown := (after - before) / float64(c.Conns) / 1024
	fmt.Printf("idle connection      %.1f KiB of heap and stacks each, authenticated, with its actors (%d connections)\n", grown, c.Conns)
	return nil
}

func dialAll(ctx context.Context, p *process, n int) ([]*device.Device, error) {
	devices := make([]*device.Device, n)
	var dials errgroup.Group
	dials.SetLimit(dialAtOnce)
	for i := range devices {
		dials.Go(func() error {
			token, _, err := device.Token(ctx, p.http(), "")
			if err != nil {
				return err
			}
			if devices[i], err = device.Dial(ctx, p.ws(), device.Options{Token: token}); err != nil {
				return err
			}
			_, err = devices[i].Await(ctx, func(f device.Frame) bool { return f.Type == "limits" })
			return err
		})
	}
	return devices, dials.Wait()
}

// memory is the server's live heap and its stacks, in bytes.
func memory(ctx context.Context, p *process) (float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.http()+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	total := 0.0
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if name == "go_memstats_heap_inuse_bytes" || name == "go_memstats_stack_inuse_bytes" {
			v, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0, fmt.Errorf("%s: %w", name, err)
			}
			total += v
		}
	}
	return total, lines.Err()
}
