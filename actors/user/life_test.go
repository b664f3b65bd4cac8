package user

import (
	"errors"
	"slices"
	"testing"
	"time"

	"recall/wire"
)

func stops(effects []Effect) bool {
	for _, e := range effects {
		if _, ok := e.(Stop); ok {
			return true
		}
	}
	return false
}

func TestCallsWaitForTheLog(t *testing.T) {
	t.Parallel()
	s := New(Config{PerMinute: 1}, &kept{})
	if e := s.Step(start, Call{Body: Release{RecallID: id(9)}}); len(e) != 0 {
		t.Fatalf("a release that came before anybody needed the log: %+v", e)
	}
	e := s.Step(start, Call{From: "me", Body: Admit{Recall: wire.Recall{ID: id(1), RequestID: id(2)}}})
	if len(e) != 1 || e[0].(Rebuild).Since != start.Add(-time.Hour) {
		t.Fatalf("%+v", e)
	}
	if e := s.Step(start, Call{From: "me", Body: ShowLimits{}}); len(e) != 0 {
		t.Fatalf("answered without the log, or read twice: %+v", e)
	}
	call(s, start, Release{RecallID: id(9)})
	open := wire.Admission{RecallID: id(9), RequestID: id(8), AcceptedAt: start.Add(-time.Second)}
	_, answers := split(s.Step(start, Rebuilt{Log: []wire.Admission{open}}))
	if len(answers) != 2 || answers[0].Body.(Decision).Refused == nil {
		t.Fatalf("%+v", answers)
	}
	if len(s.limits.slots) != 0 {
		t.Fatal("a release that came before the log is lost")
	}
}

func TestLogThatCannotBeReadIsToldAndReadAgain(t *testing.T) {
	t.Parallel()
	s := New(Config{}, &kept{})
	fault := errors.New("away")
	for _, body := range []any{Admit{}, ShowLimits{}, Release{}} {
		s.Step(start, Call{From: 1, Body: body})
	}
	effects := s.Step(start, Rebuilt{Err: fault})
	_, answers := split(effects)
	if len(answers) != 2 || stops(effects) {
		t.Fatalf("%+v", effects)
	}
	faults := []error{answers[0].Body.(Decision).Err, answers[1].Body.(Standing).Err}
	if slices.ContainsFunc(faults, func(err error) bool { return !errors.Is(err, fault) }) {
		t.Fatalf("%+v", answers)
	}
	if answers[0].Body.(Decision).Accepted() {
		t.Fatal("a failure is taken for an admission")
	}
	if e := s.Step(start, Call{From: 1, Body: ShowLimits{}}); len(e) != 1 || e[0].(Rebuild).Since.IsZero() {
		t.Fatalf("it is not read again: %+v", e)
	}
}

func TestWaitingCallsAreBounded(t *testing.T) {
	t.Parallel()
	s := New(Config{}, &kept{})
	for range maxParked {
		if a := call(s, start, ShowLimits{}); a != nil {
			t.Fatalf("%+v", a)
		}
	}
	a := call(s, start, ShowLimits{}).(Standing)
	if wire.AsError(a.Err).Code != wire.CodeUnavailable {
		t.Fatalf("%+v", a)
	}
}

func TestPassivationOnlyWhenNothingIsUnderWay(t *testing.T) {
	t.Parallel()
	s := New(Config{}, &kept{})
	s.Step(start, Call{From: 1, Body: ShowLimits{}})
	if stops(s.Step(start, Idle{})) {
		t.Fatal("left a call that waits for the log")
	}
	s.Step(start, Rebuilt{})
	reads, _ := split(s.Step(start, firstPage(1)))
	if stops(s.Step(start, Idle{})) {
		t.Fatal("left a reader")
	}
	s.Step(start, Listed{Key: reads[0].Key, Threads: &wire.Threads{}})
	admit(s, start, 1)
	if stops(s.Step(start, Idle{})) {
		t.Fatal("left a slot")
	}
	if !stops(s.Step(start.Add(90*time.Second), Idle{})) {
		t.Fatal("a lost release keeps it for ever")
	}
}
