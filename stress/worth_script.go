package main

import (
	"fmt"
	"slices"
	"time"
)

// This file is the scripted load of the figure "worth": who does what and when. It is
// the same for the same number of people, so that what differs between two rows of
// the table is the server's setting and nothing else.
//
// People come four at a time, as after a song on the radio, at fixed times whatever
// the server has managed by then (an open loop). Each step of a person begins when
// it is due, or when the step before it on the same device has ended, if that is
// later: nobody turns a page before seeing it.
//
// The load has three parts, measured apart, so that the cost of one thing is not told
// with that of another mixed in:
//
//	reading   connect, the list of threads and its next page; open a thread with a long
//	          past, which the app asks for four times within 180 ms (it appears, gets
//	          the focus, comes back to life …); read back page after page. Everybody
//	          with a second device opens and turns the same pages on it at the same time.
//	          At the end they go back to the list.
//	asking    a new thread with a first question and two follow-ups, which the second
//	          device follows; the thread read again, the list of threads again, the
//	          old thread again, and the list. One person of each four also asks by voice.
//	talking   two further questions in that thread and nothing else: the steady state
//	          of a conversation.
//
// Half of the first questions are on everybody's lips: two people ask the same at the
// same time, two more a moment later, and others again after that. The other half is
// asked once.

// deed is one thing that a person does with an app.
type deed int

const (
	come        deed = iota // connect and say hello
	listThreads             // the newest page of the list
	turnThreads             // the page after it
	open                    // subscribe to the old thread and ask for its newest page
	openInHaste             // the same, but the page is asked for four times
	turnPage                // the page before the last one read
	ask1st                  // a question in a new thread, typed
	askMore                 // a further one in the same thread
	askAloud                // a question in a thread of its own, spoken
	follow                  // the second device opens the new thread
	readNew                 // the new thread's newest page
	readOld                 // the old thread's newest page
)

// step is a deed on one of the person's devices.
type step struct {
	at     time.Duration // after the person has come
	device int
	do     deed
	text   string // of a question
}

// visit is all that one person does in a part of the load.
type visit struct {
	person int
	at     time.Duration // after the part has begun
	steps  []step
}

// loadScript is the three parts, and how many devices each person has.
type loadScript struct {
	reading, asking, talking []visit
	devices                  []int
}

const (
	together    = 4                      // people who come at once
	readingGap  = 200 * time.Millisecond // between these groups
	askingGap   = 500 * time.Millisecond
	talkingGap  = 250 * time.Millisecond
	onAllLips   = 2                      // questions that many ask
	aMoment     = 250 * time.Millisecond // between the pairs that ask the same
	hasteTimes  = 4                      // equal requests of an app that opens a thread
	hasteEvery  = 60 * time.Millisecond
	pagesTurned = 2
)

// questionsNeeded is how many different ones [scriptFor] uses at most.
func questionsNeeded(people int) int { return onAllLips + 2*people }

// scriptFor is the load of so many people. questions are all different.
func scriptFor(people int, questions []string) loadScript {
	s := loadScript{devices: make([]int, people)}
	for p := range people {
		s.devices[p] = 1 + p%2
		group := p / together
		s.reading = append(s.reading, visit{p, after(group, readingGap), readingSteps(s.devices[p])})
		s.asking = append(s.asking, visit{p, after(group, askingGap) + after(p%together/2, aMoment), askingSteps(p, s.devices[p], questions)})
		s.talking = append(s.talking, visit{p, after(group, talkingGap), talkingSteps(p)})
	}
	return s
}

func after(n int, gap time.Duration) time.Duration { return time.Duration(n) * gap }

// String tells the script in a line, for the caption of the table.
func (s loadScript) String() string {
	devices, recalls, reads := 0, 0, 0
	for _, n := range s.devices {
		devices += n
	}
	for _, v := range slices.Concat(s.reading, s.asking, s.talking) {
		for _, st := range v.steps {
			if st.isRecall() {
				recalls++
			}
			reads += st.requests()
		}
	}
	return fmt.Sprintf("%d people with %d devices: %d recalls, %d requests for lists and pages", len(s.devices), devices, recalls, reads)
}

func (s step) isRecall() bool { return s.do == ask1st || s.do == askMore || s.do == askAloud }

// requests is how many lists and pages the step asks for.
func (s step) requests() int {
	switch {
	case s.do == openInHaste:
		return hasteTimes
	case s.do == come || s.isRecall():
		return 0
	default:
		return 1
	}
}
