package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

type figuresCommand struct {
	Which   string  `arg:"" optional:"" enum:"all,start,latency,idle,streaming,added,uploads,worth" default:"all" help:"start, latency, idle, streaming, added, uploads or worth; all without it."`
	Songs   int     `default:"100000" help:"Songs in the catalogue for latency, streaming and added."`
	Conns   int     `default:"5000" help:"Connections for idle."`
	Streams int     `default:"200" help:"Recalls for streaming."`
	Recalls int     `default:"1000" help:"Typed recalls for added; fewer of the others."`
	Kind    string  `help:"One kind only for added, such as text."`
	Rate    float64 `default:"20" help:"Recalls a second for added."`
	Uploads int     `default:"200" help:"Uploads at a time for uploads."`
	Users   int     `default:"48" help:"People in the load of worth; more take longer."`
	Rounds  int     `default:"1" help:"Times that each row of worth is played; the one of the median p95 counts."`
	Rewrite bool    `help:"Write the table of worth into README.md as well."`
}

// measurement is one figure of the README.
type measurement struct {
	name string
	take func(ctx context.Context, server string, c figuresCommand) error
}

var measurements = []measurement{
	{"start", measureStart}, {"latency", measureLatency}, {"idle", measureIdle},
	{"streaming", measureStreaming}, {"added", measureAdded}, {"uploads", measureUploads}, {"worth", measureWorth},
}

// Run takes the figures that were asked for, each on a fresh server.
func (c figuresCommand) Run(ctx context.Context) error {
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	defer remove()
	server, err := build(ctx, dir)
	if err != nil {
		return err
	}
	fmt.Printf("%d cores, %s, %s/%s, %s\n", runtime.NumCPU(), cpuModel(), runtime.GOOS, runtime.Version(), time.Now().Format(time.DateOnly))
	for _, m := range measurements {
		if c.Which != "all" && c.Which != m.name {
			continue
		}
		if err := m.take(ctx, server, c); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// cpuModel is what the machine says of itself.
func cpuModel() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(info)) {
		if name, ok := strings.CutPrefix(line, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}

// times are measurements of one thing.
type times []time.Duration

// at is the percentile by nearest rank.
func (t times) at(percent int) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[(len(sorted)*percent+99)/100-1]
}

func (t times) String() string {
	return fmt.Sprintf("p50 %7.2f ms   p95 %7.2f ms   max %7.2f ms   (%d)", ms(t.at(50)), ms(t.at(95)), ms(t.at(100)), len(t))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
