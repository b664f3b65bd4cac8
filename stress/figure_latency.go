package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"recall/actors/provider/catalog/catalogtest"
	"recall/stress/device"
	"recall/wire"
)

const (
	latencyQueries = 1000
	perUser        = 10 // recalls that a user may start in a minute
)

// measureLatency asks different questions, one after the other, against a large
// catalogue: the time from sending `recall` to the first candidate and to the
// terminal event, as the app sees it.
func measureLatency(ctx context.Context, server string, c figuresCommand) error {
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	defer remove()
	songs := catalogtest.Generate(c.Songs, 1)
	importTime, err := importSongs(ctx, server, dir, songs)
	if err != nil {
		return err
	}
	fmt.Printf("import               %d songs in %.1f s\n", len(songs), importTime.Seconds())
	p, err := serve(ctx, server, dir)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	fmt.Printf("start, %6d songs  %.2f s\n", c.Songs, p.ready.Seconds())
	var l latencies
	queries := catalogtest.Queries(songs, latencyQueries, 2)
	for len(queries) > 0 {
		n := min(perUser, len(queries))
		if err := l.askAll(ctx, p, queries[:n]); err != nil {
			return err
		}
		queries = queries[n:]
	}
	fmt.Printf("first candidate      %v\nterminal event       %v\n", l.first, l.last)
	return nil
}

type latencies struct{ first, last times }

// askAll is one user with a thread for each question.
func (l *latencies) askAll(ctx context.Context, p *process, queries []string) error {
	token, _, err := device.Token(ctx, p.http(), "")
	if err != nil {
		return err
	}
	d, err := device.Dial(ctx, p.ws(), device.Options{Token: token})
	if err != nil {
		return err
	}
	defer d.Close()
	for _, q := range queries {
		if err := l.ask(ctx, d, q); err != nil {
			return fmt.Errorf("%q: %w", q, err)
		}
	}
	return nil
}

func (l *latencies) ask(ctx context.Context, d *device.Device, query string) error {
	thread, err := d.NewThread(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	id, err := d.Ask(ctx, thread, query)
	if err != nil {
		return err
	}
	found, err := d.Await(ctx, func(f device.Frame) bool {
		return f.RecallID == id && (f.Type == "recall.candidate" || f.IsTerminal())
	})
	if err != nil {
		return err
	}
	if found.Type == "recall.candidate" {
		l.first = append(l.first, time.Since(start))
	}
	if _, err := d.Ending(ctx, id); err != nil {
		return err
	}
	l.last = append(l.last, time.Since(start))
	return nil
}

// importSongs loads a catalogue with the program's own command.
func importSongs(ctx context.Context, server, dir string, songs []wire.Song) (time.Duration, error) {
	path := filepath.Join(dir, "songs.jsonl")
	if err := writeSongs(path, songs); err != nil {
		return 0, err
	}
	start := time.Now()
	out, err := exec.CommandContext(ctx, server, "catalog", "import", path, "--data-dir", dir, "--log-level", "error").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%w: %s", err, out)
	}
	return time.Since(start), nil
}

func writeSongs(path string, songs []wire.Song) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriter(file)
	lines := json.NewEncoder(buffered)
	for _, s := range songs {
		if err := lines.Encode(s); err != nil {
			return err
		}
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Close()
}
