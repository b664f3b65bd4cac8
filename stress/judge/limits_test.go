package judge_test

import "recall/stress/report"

type checkOf = report.Check

// limitHistories stand on both sides of what is certain. A whole recall takes
// its place within 0.1 s and gives its slot back within 0.2 s.
var limitHistories = []history{
	{"ten in a minute", func(s scene) { s.wholes(10, 0, 1) }, nobodyHit},
	{"eleven in a minute", func(s scene) { s.wholes(11, 0, 5.98) }, exceeded},
	{"eleven, perhaps in a minute", func(s scene) { s.wholes(11, 0, 5.995) }, nobodyHit},
	{"eleven in just a minute", func(s scene) { s.wholes(11, 0, 6) }, nobodyHit},
	{"eleven, one of them asked before and accepted late", func(s scene) {
		s.ask(1, 99, 0)
		s.wholes(10, 50, 1)
		s.accept(1, 99, 61)
		s.end(99, 62)
	}, nobodyHit},
	{"eleven, one of them lost", func(s scene) {
		s.wholes(10, 0, 1)
		s.ask(1, 99, 20)
		s.Lost(user(1), request(99))
	}, nobodyHit},
	{"eleven, one of them lost and then found accepted", func(s scene) {
		s.wholes(10, 0, 1)
		s.ask(1, 99, 20)
		s.Lost(user(1), request(99))
		s.whole(1, 99, 30)
	}, exceeded},
	{"eleven of two users", func(s scene) { s.wholes(10, 0, 1); s.whole(2, 99, 10) }, nobodyHit},
	{"a hundred and one in an hour", func(s scene) { s.wholes(101, 0, 35.9) }, exceeded},
	{"a hundred in an hour, then more", func(s scene) { s.wholes(150, 0, 36) }, nobodyHit},
	{"six at once", func(s scene) {
		for n := range 6 {
			s.ask(1, n, 0)
			s.accept(1, n, 1)
			s.UnderWay(recallID(n), at(3))
			s.Ended("phone", recallID(n), "recall.cancelled", at(4))
		}
	}, exceeded},
	{"six, perhaps not at once", func(s scene) {
		for n := range 6 {
			s.ask(1, n, 0)
			s.accept(1, n, 1)
			s.end(n, 4)
		}
	}, nobodyHit},
	{"six, not at once", func(s scene) {
		for n := range 6 {
			s.ask(1, n, 0)
			s.accept(1, n, 1+float64(n))
			s.UnderWay(recallID(n), at(5))
			s.end(n, 5.5)
		}
	}, nobodyHit},
	{"the eleventh is refused", func(s scene) { s.wholes(10, 0, 1); s.ask(1, 99, 20); s.refuse(1, 99, "recall_minute", 21) }, nobodyHit},
	{"the tenth is refused", func(s scene) { s.wholes(9, 0, 1); s.ask(1, 99, 20); s.refuse(1, 99, "recall_minute", 21) }, wrongly},
	{"the eleventh is refused by the hour", func(s scene) { s.wholes(10, 0, 1); s.ask(1, 99, 20); s.refuse(1, 99, "recall_hour", 21) }, wrongly},
	{"the hundred and first is refused by the hour", func(s scene) {
		s.wholes(100, 0, 10)
		s.ask(1, 199, 2000)
		s.refuse(1, 199, "recall_hour", 2001)
	}, nobodyHit},
	{"refused in the last moment", func(s scene) { s.wholes(10, 0, 1); s.ask(1, 99, 60.1); s.refuse(1, 99, "recall_minute", 61) }, nobodyHit},
	{"refused when the first is a minute old", func(s scene) {
		s.wholes(10, 0, 1)
		s.ask(1, 99, 60.102)
		s.refuse(1, 99, "recall_minute", 60.2)
	}, wrongly},
	{"refused with a lost one in the window", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 98, 20)
		s.Lost(user(1), request(98))
		s.ask(1, 99, 21)
		s.refuse(1, 99, "recall_minute", 22)
	}, nobodyHit},
	{"refused with one in the window that was lost long ago", func(s scene) {
		s.ask(1, 98, 0)
		s.Lost(user(1), request(98))
		s.wholes(9, 300, 1)
		s.ask(1, 99, 320)
		s.refuse(1, 99, "recall_minute", 321)
	}, wrongly},
	{"refused with lost ones under way", func(s scene) {
		for n := range 5 {
			s.ask(1, n, 0)
			s.Lost(user(1), request(n))
		}
		s.ask(1, 99, 230)
		s.refuse(1, 99, "recall_concurrent", 231)
	}, nobodyHit},
	{"refused with lost ones that have ended by now", func(s scene) {
		for n := range 5 {
			s.ask(1, n, 0)
			s.Lost(user(1), request(n))
		}
		s.ask(1, 99, 241)
		s.refuse(1, 99, "recall_concurrent", 242)
	}, wrongly},
	{"six at once when the first have had their 90 s", func(s scene) {
		for n := range 6 {
			s.whole(1, n, float64(n)*20)
			s.UnderWay(recallID(n), at(200))
		}
	}, nobodyHit},
	{"refused while another waits for its answer", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 98, 20)
		s.ask(1, 99, 21)
		s.refuse(1, 99, "recall_minute", 22)
		s.accept(1, 98, 23)
		s.end(98, 24)
	}, nobodyHit},
	{"refused before another was asked", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 99, 20)
		s.refuse(1, 99, "recall_minute", 21)
		s.whole(1, 98, 22)
	}, wrongly},
	{"another is asked while the refusal is on its way", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 99, 20)
		s.whole(1, 98, 20.1)
		s.refuse(1, 99, "recall_minute", 21)
	}, nobodyHit},
	// The nine and the other one were never in one window: the first had left it
	// when the other was asked.
	{"one comes when another has gone", func(s scene) {
		s.whole(1, 98, 0)
		for n := range 8 {
			s.whole(1, n, 50+float64(n)/10)
		}
		s.ask(1, 99, 59)
		s.whole(1, 97, 60.5)
		s.refuse(1, 99, "recall_minute", 61)
	}, wrongly},
	{"a refused one does not count", func(s scene) {
		s.wholes(9, 0, 1)
		for n := range 3 {
			s.ask(1, 90+n, 20)
			s.refuse(1, 90+n, "recall_concurrent", 21)
		}
	}, wrongly},
	{"one refused as busy does not count", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 98, 20)
		s.Refused(user(1), request(98), "busy", "", at(20.5))
		s.ask(1, 99, 21)
		s.refuse(1, 99, "recall_minute", 22)
	}, wrongly},
	{"one refused as unavailable may count", func(s scene) {
		s.wholes(9, 0, 1)
		s.ask(1, 98, 20)
		s.Refused(user(1), request(98), "unavailable", "", at(20.5))
		s.ask(1, 99, 21)
		s.refuse(1, 99, "recall_minute", 22)
	}, nobodyHit},
	{"refused, though accepted before", func(s scene) {
		s.wholes(10, 0, 1)
		s.ask(1, 9, 20)
		s.refuse(1, 9, "recall_minute", 21)
	}, wrongly},
	{"the sixth at once is refused", func(s scene) {
		for n := range 5 {
			s.ask(1, n, 0)
			s.accept(1, n, 1)
		}
		s.ask(1, 99, 2)
		s.refuse(1, 99, "recall_concurrent", 2.5)
		for n := range 5 {
			s.end(n, 3)
		}
	}, nobodyHit},
	{"refused while an end is on its way", func(s scene) {
		for n := range 5 {
			s.ask(1, n, 0)
			s.accept(1, n, 1)
			s.end(n, 3)
		}
		s.ask(1, 99, 2.9)
		s.refuse(1, 99, "recall_concurrent", 4)
	}, nobodyHit},
	{"refused when an end had come", func(s scene) {
		for n := range 5 {
			s.ask(1, n, 0)
			s.accept(1, n, 1)
			s.end(n, 3+float64(n))
		}
		s.ask(1, 99, 3.1)
		s.refuse(1, 99, "recall_concurrent", 4)
	}, wrongly},
}
