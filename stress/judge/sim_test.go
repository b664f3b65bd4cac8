package judge_test

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"recall/stress/judge"
)

// simLimits let an hour's limit be met, but late.
var simLimits = judge.Limits{PerMinute: 10, PerHour: 250, AtOnce: 5}

// flaws are what a server may do wrong.
type flaws struct {
	more     int     // is this much too generous by the minute, or too strict
	crowd    int     // the same at once
	leaks    float64 // share of slots that do not come back
	twice    float64 // share of ends that are sent twice
	mute     float64 // share of ends that are not sent
	forgets  bool    // does not know a request_id again
	charges  bool    // counts what it refuses
	lateness float64 // seconds by which slots come back behind the end
	calm     bool    // nothing is lost, and every recall lasts until it is cancelled: less may hide
}

// job is a recall in the eyes of the server.
type job struct {
	id      int
	began   float64
	running bool
}

// sim is a server that keeps the limits by a sliding log, devices, and a network
// that delays and loses. All happens in one virtual time, in its order.
type sim struct {
	scene
	flaws
	rng    *rand.Rand
	now    float64
	future []event
	log    []float64 // when places were taken
	slots  int
	jobs   map[int]*job // by request
	ids    int
}

type event struct {
	at float64
	do func()
}

func newSim(seed uint64, f flaws) *sim {
	return &sim{scene: newScene(simLimits), flaws: f, rng: rand.New(rand.NewPCG(seed, 1)), jobs: map[int]*job{}}
}

func (s *sim) after(delay float64, do func()) {
	at := s.now + delay
	i, _ := slices.BinarySearchFunc(s.future, at, func(e event, t float64) int { return cmp.Compare(e.at, t) })
	s.future = slices.Insert(s.future, i, event{at, do})
}

func (s *sim) run() {
	for len(s.future) > 0 {
		e := s.future[0]
		s.future, s.now = s.future[1:], e.at
		e.do()
	}
}

// trouble happens where the network is not calm.
func (s *sim) trouble(p float64) bool { return !s.calm && s.chance(p) }

func (s *sim) chance(p float64) bool    { return s.rng.Float64() < p }
func (s *sim) upTo(sec float64) float64 { return s.rng.Float64() * sec }

// asks makes one user ask so many times, now fast, now slowly.
func (s *sim) asks(count int) {
	at := 0.0
	for n := range count {
		at += s.upTo([]float64{1, 4, 20}[n/15%3])
		s.after(at, func() { s.send(n) })
	}
}

// send is the device: one in ten questions meets a connection that breaks before
// the server reads, or before its answer is read. Most of those are asked again.
func (s *sim) send(n int) {
	s.ask(1, n, s.now)
	heard, told := !s.trouble(0.05), !s.trouble(0.05)
	if heard {
		s.after(s.upTo(0.5), func() { s.decide(n, told) })
	}
	if !heard || !told {
		s.after(1, func() {
			s.Lost(user(1), request(n))
			if s.chance(0.8) {
				s.after(s.upTo(10), func() { s.send(n) })
			}
		})
	}
}

// decide is the server.
func (s *sim) decide(n int, told bool) {
	reply := func(do func()) {
		if told {
			s.after(s.upTo(0.5), do)
		}
	}
	if j, known := s.jobs[n]; known && !s.forgets {
		reply(func() { s.answer(n, j) })
		return
	}
	if policy := s.refusal(); policy != "" {
		if s.charges {
			s.log = append(s.log, s.now)
		}
		reply(func() { s.refuse(1, n, policy, s.now) })
		return
	}
	j := s.begin(n)
	if s.trouble(0.03) { // it is not sure whether it stored this
		reply(func() { s.Refused(user(1), request(n), "unavailable", "", at(s.now)) })
		return
	}
	reply(func() { s.answer(n, j) })
}

func (s *sim) refusal() string {
	within := func(sec float64) (count int) {
		for _, t := range s.log {
			if t > s.now-sec {
				count++
			}
		}
		return count
	}
	switch {
	case within(3600) >= simLimits.PerHour:
		return "recall_hour"
	case within(60) >= simLimits.PerMinute+s.more:
		return "recall_minute"
	case s.slots >= simLimits.AtOnce+s.crowd:
		return "recall_concurrent"
	}
	return ""
}

func (s *sim) begin(n int) *job {
	s.ids++
	j := &job{id: s.ids, began: s.now, running: true}
	s.jobs[n] = j
	s.log, s.slots = append(s.log, s.now), s.slots+1
	lasting := 5 + s.upTo(50)
	if s.calm {
		lasting = 55
	}
	s.after(lasting, func() { s.finish(j, "recall.completed", 0) })
	return j
}

// answer reaches the device, which cancels most recalls after a while, and
// sometimes repeats a question that was answered.
func (s *sim) answer(n int, j *job) {
	s.Accepted(user(1), request(n), recallID(j.id), thread(1), message(j.id), at(s.now))
	if s.chance(0.05) {
		s.after(s.upTo(5), func() { s.send(n) })
	}
	if s.calm || s.chance(0.9) {
		least := 0.0
		if s.calm {
			least = 20
		}
		s.after(least+s.upTo(30), func() {
			sent := s.now
			s.after(s.upTo(0.1), func() { s.finish(j, "recall.cancelled", sent) })
		})
	}
}

// finish gives the slot back and tells two devices.
func (s *sim) finish(j *job, kind string, cancelled float64) {
	if !j.running {
		return
	}
	j.running = false
	if !s.chance(s.leaks) {
		s.after(s.lateness, func() { s.slots-- })
	}
	if s.chance(s.mute) {
		return
	}
	for _, device := range []string{"phone", "tablet"} {
		s.after(s.upTo(0.5), func() { s.shown(device, j, kind, cancelled) })
	}
	if s.chance(s.twice) {
		s.after(1, func() { s.shown("phone", j, kind, cancelled) })
	}
}

func (s *sim) shown(device string, j *job, kind string, cancelled float64) {
	if kind == "recall.cancelled" {
		s.UnderWay(recallID(j.id), at(cancelled))
	}
	s.Ended(device, recallID(j.id), kind, at(s.now))
}
