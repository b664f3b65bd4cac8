package load

import (
	"slices"
	"time"
)

// Profile is a kind of run.
type Profile struct {
	Name   string
	Stages Stages
	Rate   float64 // recalls a second at the peak
	Mix    Mix

	// Emulator are its flags, Server settings beside the defaults, as a deployer would
	// set them.
	Emulator []string
	Server   []string

	ConnectFast bool          // all connections at once, before the clock of the stages
	Warm        time.Duration // before the stages: the rate rises in it, and stays as long again; its times do not count
	ConnectIn   time.Duration // the longest that may take; 0: not judged
	Storm       float64       // share of the connections that is cut at once in the plateau
	Compare     string        // stage at whose end memory is what it was at the end of the first; empty: not compared
	Steps       bool          // the rate rises until the server cannot follow

	Most Thresholds
}

// Thresholds are what a run may not exceed; 0: not judged.
type Thresholds struct {
	P95    time.Duration // from due to the terminal event
	First  time.Duration // p95 from due to the first event
	Errors float64       // share of the actions
	Memory float64       // share by which the end may exceed the start
}

// Of the outside services: a model that writes 400 tokens a second after 100 ms is
// quick, but of this world; sustain is about the server alone.
var (
	lifelike = []string{"-tokens-per-second=400", "-latency=100ms", "-burst=20ms", "-quiet"}
	quick    = []string{"-tokens-per-second=2000", "-latency=20ms", "-burst=50ms", "-candidates=3", "-quiet"}
)

// settings let as many calls of a service run at once as the load has under way; tuned
// are those of somebody who gives the machine to rates: fewer collections, larger groups of commits, threads
// that rest when nobody asks them, and pages that stay as long as people talk.
var (
	settings = []string{"RECALL_SERVICE_AT_ONCE=1024"}
	tuned    = append(slices.Clone(settings), "GOGC=200", "RECALL_BATCH_WAIT=5ms", "RECALL_IDLE_AFTER=30s",
		"RECALL_MESSAGE_CACHE_BYTES=128MiB", "RECALL_MESSAGE_CACHE_TTL=2m")
)

// ProfileOf finds a profile by its name: full, short, sustain or ceiling.
func ProfileOf(name string) (Profile, bool) {
	p := Profile{Name: name, Emulator: lifelike, Server: settings, Mix: everyday, Rate: 100}
	switch name {
	case "full":
		p.Stages, p.Storm, p.Compare = fullStages, 0.2, "rest"
		p.Most = Thresholds{P95: 2 * time.Second, Errors: 0.01, Memory: 0.1}
	case "short":
		p.Stages, p.Storm = fullStages[:4].faster(10), 0.2
		p.Most = Thresholds{P95: 2 * time.Second, Errors: 0.01}
	case "sustain":
		p.Stages = Stages{{Name: "sustain", Hold: 5 * time.Minute, Conns: 10_000}}
		p.Emulator, p.Server, p.Mix, p.Rate, p.ConnectFast, p.ConnectIn, p.Warm = quick, tuned, typed, 600, true, 20*time.Second, time.Minute
		p.Most = Thresholds{P95: 500 * time.Millisecond, First: 100 * time.Millisecond, Errors: 0.001}
	case "ceiling":
		p.Stages = Stages{{Name: "step", Hold: 25 * time.Second, Conns: 10_000}}
		p.Emulator, p.Server, p.Mix, p.Rate, p.ConnectFast, p.Steps, p.Warm = quick, tuned, typed, 300, true, true, time.Minute
		p.Most = Thresholds{P95: 2 * time.Second, Errors: 0.01}
	default:
		return Profile{}, false
	}
	return p, true
}

// fullStages are those of the earlier version. After them the connections rest at the
// number of the first stage, until unused grains and cached pages have gone (2 min and
// 1 min by default), so that memory can be compared.
var fullStages = Stages{
	{Name: "to 1,000", Ramp: 90 * time.Second, Hold: 30 * time.Second, Conns: 1_000},
	{Name: "to 5,000", Ramp: 5 * time.Minute, Conns: 5_000},
	{Name: "10,000", Ramp: time.Minute, Hold: 9 * time.Minute, Conns: 10_000},
	{Name: "down", Ramp: 2 * time.Minute, Conns: 1_000},
	{Name: "rest", Hold: 4 * time.Minute, Conns: 1_000},
}

// With is the profile with other numbers; 0 keeps its own. length is that of all stages.
func (p Profile) With(conns int, rate float64, length time.Duration) Profile {
	if conns > 0 {
		p.Stages = p.Stages.smaller(conns)
	}
	if rate > 0 {
		p.Rate = rate
	}
	if length > 0 {
		p.Stages = p.Stages.faster(float64(p.Stages.Length()) / float64(length))
	}
	return p
}
