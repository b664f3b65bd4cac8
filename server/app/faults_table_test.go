package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"recall/server/config"
	double "recall/stress/emulator/services"
)

// Every fault of every service, in a recall that needs it, at the time-outs that the
// program has by default.
func TestEveryFaultOfEveryService(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		for i, f := range double.Faults(s.service) {
			if raced && i%3 != 0 {
				continue
			}
			t.Run(s.name+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, s.change, func(r *rig) { faulted{r, s, f}.play() })
			})
		}
	}
}

// The same for what happens to a connection, on real ones.
func TestBrokenConnections(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		for _, name := range []string{"reset_before_headers", "reset_after_headers", "reset_in_body", "short_body", "html_502", "oversized_body"} {
			f, _ := double.FaultNamed(s.service, name)
			t.Run(s.name+"/"+f.Name, func(t *testing.T) {
				t.Parallel()
				onSockets(t, patiently(s.change), func(r *rig) { faulted{r, s, f}.play() })
			})
		}
	}
}

// patiently has the time-outs of the services so long that no slow machine meets them.
func patiently(change func(*config.Config)) func(*config.Config) {
	return func(c *config.Config) {
		for _, timeout := range []*time.Duration{&c.TranscribeTimeout, &c.IntentTimeout, &c.RecognizeTimeout, &c.AnswerTimeout, &c.LyricsTimeout, &c.StreamIdle} {
			*timeout = 50 * time.Second
		}
		if change != nil {
			change(c)
		}
	}
}

// faulted is one recall under one fault.
type faulted struct {
	*rig
	scene
	fault double.Fault
}

func (c faulted) play() {
	p := c.person()
	c.double.Inject(c.service, c.fault, -1)
	began := time.Now()
	id := p.asks(c.ask(p))
	end := p.end(id)
	c.settle()
	p.wantWhole(id)
	if end.Type != "recall.completed" {
		c.Fatalf("ended as %+v", end)
	}
	c.wantInTime(end.at.Sub(began))
	if len(end.Candidates) == 0 && end.Answer == nil && end.FollowUp == "" {
		c.Error("the person was left with nothing")
	}
	c.wantAttempts(p.events(id))
	c.wantDegraded(end.Degraded)
	c.wantStatus(end.Degraded)
	c.wantOthersWell()
	if n := c.open.Load(); n != 0 {
		c.Errorf("%d slots were not given back", n)
	}
}

// wantInTime: a recall takes no longer than its one bad service may, a second
// for slow answers added. On a bubble's clock nothing else takes time.
func (c faulted) wantInTime(took time.Duration) {
	most := c.timeout(c.cfg)
	if c.fault.Expect == double.Timeout && c.streams {
		most = c.cfg.StreamIdle // nobody waits 30 s for a stream that has fallen silent
	}
	if took > most+time.Second {
		c.Errorf("took %v, more than %v", took, most)
	}
}

// wantAttempts: each is of a class that PROVIDERS.md allows, and there is one retry
// where one is of use.
func (c faulted) wantAttempts(events []told) {
	attempts := c.tally.of(c.service)
	if len(attempts) == 0 || len(attempts) != c.double.Calls(c.service) {
		c.Errorf("attempts %v, but %d calls were seen", attempts, c.double.Calls(c.service))
	}
	for _, o := range attempts {
		if !c.fault.Allows(double.Class(o)) && (o != "ok" || !c.fault.Allows(double.NoMatch)) {
			c.Errorf("was taken for %s", o)
		}
	}
	bad := slices.DeleteFunc(attempts, func(o string) bool { return o == "ok" })
	if want := c.tries(bad, events); len(bad) != want {
		c.Errorf("%v: want %d tries", bad, want)
	}
}

// tries is how often a call is made that fails each time.
func (c faulted) tries(bad []string, events []told) int {
	if len(bad) == 0 {
		return 0
	}
	switch double.Class(bad[0]) {
	case double.Unavailable:
		switch {
		case !c.modelTold(events):
			return 2
		case strings.HasPrefix(c.fault.Name, "reset"): // takes with it what we have not read: each try may have told something, or not
			return len(bad)
		}
		return 1 // nobody is told a second answer after half of the first
	case double.Throttled:
		const jitter = 300 * time.Millisecond
		if whole := c.timeout(c.cfg); waits[c.fault.Name]+jitter+whole/4 <= whole {
			return 2
		}
		return 1
	default:
		return 1
	}
}

// waits is how long the faults ask for; those that do not say are given a second.
var waits = map[string]time.Duration{
	"throttled_seconds": 7 * time.Second, "throttled_date": 9 * time.Second, "throttled_ms": 2500 * time.Millisecond,
	"throttled_text": 18642 * time.Millisecond, "throttled_text_ms": 644 * time.Millisecond, "throttled_reset": 6 * time.Minute,
	"throttled_bare": time.Second, "throttled_qps": time.Second, "slow_down": time.Second,
	"throttled_second": time.Second, "throttled_minute": time.Minute,
}

// modelTold tells whether something of the faulted service's answer was streamed.
func (c faulted) modelTold(events []told) bool {
	return slices.ContainsFunc(events, func(f told) bool {
		switch f.Type {
		case "recall.answer.delta":
			return c.service == double.GPT4o
		case "recall.candidate":
			return slices.Contains(f.Candidate.Sources, c.service) && c.service == double.GPT4o
		case "recall.transcript":
			return c.service == double.Whisper && !f.Final
		}
		return false
	})
}
