package judge_test

import (
	"slices"
	"testing"

	"recall/stress/judge"
)

const (
	dense     = "events dense and in order"
	answered  = "every recall is answered"
	ended     = "every accepted recall ended"
	once      = "no recall ended twice"
	strays    = "only accepted recalls ended"
	fits      = "a request is one recall"
	own       = "nobody sees what is another's"
	codes     = "every close had a documented code"
	byLimits  = "recalls are refused by their own limits"
	exceeded  = "limits never exceeded"
	wrongly   = "limits never refuse wrongly"
	nobodyHit = ""
)

// history is what devices tell, and the check that must fail, or none.
type history struct {
	name  string
	tell  func(s scene)
	wrong string
}

var histories = []history{
	{"nothing", func(scene) {}, nobodyHit},
	{"a recall", func(s scene) { s.whole(1, 1, 0) }, nobodyHit},
	{"a fault of numbering", func(s scene) { s.Fault("phone", errNumbers) }, dense},
	{"no answer", func(s scene) { s.ask(1, 1, 0) }, answered},
	{"no answer, but lost", func(s scene) { s.ask(1, 1, 0); s.Lost(user(1), request(1)) }, nobodyHit},
	{"no end", func(s scene) { s.ask(1, 1, 0); s.accept(1, 1, 1) }, ended},
	{"no end behind a gap", func(s scene) { s.ask(1, 1, 0); s.accept(1, 1, 1); s.Gap(thread(1), at(2)) }, nobodyHit},
	{"no end after a gap", func(s scene) { s.Gap(thread(1), at(0)); s.ask(1, 1, 1); s.accept(1, 1, 2) }, ended},
	{"an end twice on a device", func(s scene) { s.whole(1, 1, 0); s.end(1, 2) }, once},
	{"an end twice on the second device", func(s scene) {
		s.whole(1, 1, 0)
		for range 2 {
			s.Ended("tablet", recallID(1), "completed", at(2))
		}
	}, once},
	{"an end on two devices", func(s scene) {
		s.whole(1, 1, 0)
		s.Ended("tablet", recallID(1), "recall.completed", at(1))
	}, nobodyHit},
	{"two ends", func(s scene) { s.whole(1, 1, 0); s.Ended("tablet", recallID(1), "recall.failed", at(1)) }, once},
	{"an end seen before the acceptance", func(s scene) { s.ask(1, 1, 0); s.end(1, 1); s.accept(1, 1, 2) }, nobodyHit},
	{"an end of nobody's", func(s scene) { s.end(7, 1) }, strays},
	{"an end of a refused one's", func(s scene) {
		s.ask(1, 1, 0)
		s.Refused(user(1), request(1), "busy", "", at(1))
		s.end(1, 2)
	}, strays},
	{"an end of a lost one's", func(s scene) { s.ask(1, 1, 0); s.Lost(user(1), request(1)); s.end(1, 2) }, nobodyHit},
	{"an end of what the server was unsure of", func(s scene) {
		s.ask(1, 1, 0)
		s.Refused(user(1), request(1), "unavailable", "", at(1))
		s.end(1, 2)
	}, nobodyHit},
	{"more ends than lost ones", func(s scene) {
		s.ask(1, 1, 0)
		s.Lost(user(1), request(1))
		s.end(1, 2)
		s.end(2, 2)
	}, strays},
	{"an unknown end", func(s scene) {
		s.whole(1, 1, 0)
		s.Ended("phone", recallID(1), "recall.started", at(1))
	}, fits},
	{"a repetition joins", func(s scene) { s.whole(1, 1, 0); s.ask(1, 1, 1); s.accept(1, 1, 2) }, nobodyHit},
	{"a lost one is repeated", func(s scene) { s.ask(1, 1, 0); s.Lost(user(1), request(1)); s.whole(1, 1, 1) }, nobodyHit},
	{"a repetition is another recall", func(s scene) {
		s.whole(1, 1, 0)
		s.ask(1, 1, 1)
		s.Accepted(user(1), request(1), recallID(2), thread(1), message(2), at(2))
	}, fits},
	{"a recall for two requests", func(s scene) {
		s.whole(1, 1, 0)
		s.ask(1, 2, 1)
		s.Accepted(user(1), request(2), recallID(1), thread(1), message(1), at(2))
	}, fits},
	{"an answer to nothing", func(s scene) { s.accept(1, 1, 1); s.end(1, 2) }, fits},
	{"no id", func(s scene) { s.ThreadMade(user(1), "thread") }, fits},
	{"one's own thread", func(s scene) { s.ThreadMade(user(1), thread(1)); s.Saw(user(1), thread(1)) }, nobodyHit},
	{"another's thread", func(s scene) { s.ThreadMade(user(1), thread(1)); s.Saw(user(2), thread(1)) }, own},
	{"a recall in another's thread", func(s scene) { s.ThreadMade(user(2), thread(1)); s.whole(1, 1, 0) }, own},
	{"known codes", func(s scene) {
		for _, code := range []int{1000, 1001, 1009, 1012, 1013, 4001, 4008, 4012, 4500, 4501, 4504} {
			s.Closed("phone", code, false)
		}
		s.Closed("phone", -1, true)
		s.Closed("phone", 1006, true)
	}, nobodyHit},
	{"an unknown code", func(s scene) { s.Closed("phone", 1011, true) }, codes},
	{"no code", func(s scene) { s.Closed("phone", -1, false) }, codes},
	{"cut off", func(s scene) { s.Closed("phone", 1006, false) }, codes},
	{"refused for a flood", func(s scene) { s.ask(1, 1, 0); s.refuse(1, 1, "frames", 1) }, byLimits},
	{"refused for nothing known", func(s scene) { s.ask(1, 1, 0); s.refuse(1, 1, "", 1) }, byLimits},
}

func TestHistories(t *testing.T) {
	t.Parallel()
	for _, h := range slices.Concat(histories, limitHistories) {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			hold(t, limits, h)
		})
	}
}

func hold(t *testing.T, l judge.Limits, h history) {
	t.Helper()
	s := newScene(l)
	h.tell(s)
	checks := s.Verdict()
	switch got := broken(checks); {
	case h.wrong == nobodyHit && len(got) > 0:
		t.Errorf("%v are found broken: %+v", got, checks)
	case h.wrong != nobodyHit && !slices.Equal(got, []string{h.wrong}):
		t.Errorf("%v are found broken, want %q: %+v", got, h.wrong, checks)
	}
}

// What a run does on purpose is no offence.
func TestAllowances(t *testing.T) {
	t.Parallel()
	kind := limits
	kind.Killed, kind.Floods = true, true
	hold(t, kind, history{tell: func(s scene) {
		s.Closed("phone", -1, false)
		s.ask(1, 1, 0)
		s.refuse(1, 1, "frames", 1)
	}})
	hold(t, kind, history{tell: func(s scene) { s.Closed("phone", 1011, false) }, wrong: codes})
	hold(t, judge.Limits{}, history{tell: func(s scene) {
		s.wholes(50, 0, 0.01)
		s.ask(1, 99, 1)
		s.refuse(1, 99, "recall_minute", 2)
	}})
}

// A check names the first few offenders, however many there are.
func TestOffendersAreNamed(t *testing.T) {
	t.Parallel()
	s := newScene(limits)
	for range 5 {
		s.Closed("phone 7", 4999, false)
	}
	i := slices.IndexFunc(s.Verdict(), func(c checkOf) bool { return c.Name == codes })
	const want = "5 of 5 connections: device phone 7 with 4999; device phone 7 with 4999; device phone 7 with 4999; …"
	if got := s.Verdict()[i].Got; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
