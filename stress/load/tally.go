package load

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"recall/stress/report"
)

// tally counts what happened. It is safe for concurrent use.
type tally struct {
	due, actions, accepted, ended, errors                    atomic.Int64
	completed, noMatch, degraded, cancelled, failed, expired atomic.Int64
	recovered, reloaded, unseen                              atomic.Int64 // threads resumed with and without what was missed, and ends in between

	terminal, first, acceptance *report.Latency // of recalls, from due
	typed, voice                *report.Latency // terminal again, by what was sent
	paging, listing             *report.Latency
	connecting, resuming        *report.Latency
	lateness                    *report.Latency // of the scheduler itself

	mu      sync.Mutex
	wrong   map[string]int64
	refused map[string]int64 // by policy, else by code
}

func newTally() *tally {
	n := report.NewLatency
	return &tally{
		terminal: n(), first: n(), acceptance: n(), typed: n(), voice: n(), paging: n(), listing: n(),
		connecting: n(), resuming: n(), lateness: n(), wrong: map[string]int64{}, refused: map[string]int64{},
	}
}

// forgetTimes lets the times of what users do begin anew, counts stay.
func (t *tally) forgetTimes() {
	for _, l := range []*report.Latency{t.terminal, t.first, t.acceptance, t.typed, t.voice, t.paging, t.listing, t.lateness} {
		l.Forget()
	}
}

// fail counts an error under a name that tells what it was.
func (t *tally) fail(format string, args ...any) {
	t.errors.Add(1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.wrong[fmt.Sprintf(format, args...)]++
}

func (t *tally) refuse(code, policy string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if policy != "" {
		code = policy
	}
	t.refused[code]++
}

// share is that of the errors among all actions.
func (t *tally) share() float64 {
	return float64(t.errors.Load()) / float64(max(1, t.actions.Load()))
}

// wrongs tell each sort of error and how often it came, the most frequent first.
func (t *tally) wrongs() (lines []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	names := slices.SortedFunc(maps.Keys(t.wrong), func(a, b string) int { return int(t.wrong[b] - t.wrong[a]) })
	for _, name := range names {
		lines = append(lines, fmt.Sprintf("error: %s (%d times)", name, t.wrong[name]))
	}
	return lines
}

func (t *tally) counts() report.Counts {
	t.mu.Lock()
	defer t.mu.Unlock()
	return report.Counts{
		Due: t.due.Load(), Accepted: t.accepted.Load(), Refused: maps.Clone(t.refused), Completed: t.completed.Load(),
		NoMatch: t.noMatch.Load(), Degraded: t.degraded.Load(), Cancelled: t.cancelled.Load(), Failed: t.failed.Load(),
		Expired: t.expired.Load(), Errors: t.errors.Load(),
	}
}

// latencies are those that have any value; the headline comes first.
func (t *tally) latencies() (all []report.Distribution) {
	for _, l := range []struct {
		name string
		of   *report.Latency
	}{
		{"due to terminal event", t.terminal}, {"due to first event", t.first}, {"due to accepted", t.acceptance},
		{"text, due to terminal event", t.typed}, {"voice, due to terminal event", t.voice},
		{"page of messages", t.paging}, {"list of threads", t.listing},
		{"connect to welcome", t.connecting}, {"reconnect to resumed", t.resuming}, {"scheduler behind its plan", t.lateness},
	} {
		if d := l.of.Total(l.name); d.Count > 0 {
			all = append(all, d)
		}
	}
	return all
}
