package load

import (
	"sync/atomic"
	"time"

	"recall/stress/report"
)

// step is a part of a run whose recalls are judged by themselves. A nil one counts
// nothing.
type step struct {
	rate            float64
	due, done, errs atomic.Int64
	terminal, first *report.Latency
}

func newStep(rate float64) *step {
	return &step{rate: rate, terminal: report.NewLatency(), first: report.NewLatency()}
}

func (s *step) began(took time.Duration) {
	if s != nil {
		s.first.Record(took)
	}
}

func (s *step) settled(took time.Duration, wrong bool) {
	if s == nil {
		return
	}
	s.done.Add(1)
	s.terminal.Record(took)
	if wrong {
		s.errs.Add(1)
	}
}

func (s *step) fail() {
	if s != nil {
		s.done.Add(1)
		s.errs.Add(1)
	}
}

func (s *step) unseen() {
	if s != nil {
		s.done.Add(1)
	}
}

// outcome is how a step went.
type outcome struct {
	rate   float64
	p95    time.Duration // of those that have ended
	open   float64       // share that has not
	errors float64       // share
}

// judge tells how the step stands when it has been over for a while: who has not ended
// by then is slower than any bound.
func (s *step) judge() outcome {
	due := float64(max(1, s.due.Load()))
	q := s.terminal.Total("").P95
	return outcome{
		rate: s.rate, p95: time.Duration(q * float64(time.Millisecond)),
		open: (due - float64(s.done.Load())) / due, errors: float64(s.errs.Load()) / due,
	}
}

// holds tells whether the step was within the thresholds.
func (o outcome) holds(most Thresholds) bool {
	return o.p95 < most.P95 && o.errors < most.Errors && o.open < 0.05
}
