package user

import (
	"testing"
	"time"

	"recall/wire"
)

const ms = time.Millisecond

func TestMinuteToTheMillisecond(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	for n := range 10 {
		if d := once(s, start.Add(time.Duration(n)*time.Second), n); !d.Accepted() {
			t.Fatalf("recall %d is refused: %v", n, d.Refused)
		}
	}
	d := admit(s, start.Add(30*time.Second), 11)
	if d.Refused == nil || d.Refused.Policy != wire.PolicyMinute || d.Refused.RetryAfterMS != 30_000 {
		t.Fatalf("refusal %+v", d.Refused)
	}
	if d := admit(s, start.Add(time.Minute-ms), 11); d.Refused == nil || d.Refused.RetryAfterMS != 1 {
		t.Fatalf("a millisecond too early: %+v", d)
	}
	if d := admit(s, start.Add(time.Minute), 11); !d.Accepted() {
		t.Fatalf("after a whole minute: %+v", d.Refused)
	}
}

func TestHourToTheMillisecond(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	for n := range 100 {
		if d := once(s, start.Add(time.Duration(n)*30*time.Second), n); !d.Accepted() {
			t.Fatalf("recall %d is refused: %v", n, d.Refused)
		}
	}
	d := admit(s, start.Add(time.Hour-ms), 100)
	if d.Refused == nil || d.Refused.Policy != wire.PolicyHour || d.Refused.RetryAfterMS != 1 {
		t.Fatalf("a millisecond too early: %+v", d)
	}
	if d := admit(s, start.Add(time.Hour), 100); !d.Accepted() {
		t.Fatalf("after a whole hour: %+v", d.Refused)
	}
}

func TestFiveAtOnce(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	for n := range 5 {
		admit(s, start, n)
	}
	if d := admit(s, start, 5); d.Refused == nil || d.Refused.Policy != wire.PolicyConcurrent || d.Refused.RetryAfterMS < 1 {
		t.Fatalf("the sixth: %+v", d)
	}
	if l := standing(s, start, wire.PolicyConcurrent); l.Remaining != 0 || l.Limit != 5 {
		t.Fatalf("%+v", l)
	}
	release(s, start, 3)
	release(s, start, 3) // a slot comes back once
	if !admit(s, start, 6).Accepted() || admit(s, start, 7).Accepted() {
		t.Fatal("one release must make place for exactly one")
	}
}

func TestLostReleaseEndsAtTheHardCap(t *testing.T) {
	t.Parallel()
	s := awake(Config{AtOnce: 1}, start)
	admit(s, start, 0)
	if admit(s, start.Add(90*time.Second-ms), 1).Accepted() {
		t.Fatal("the slot came back too early")
	}
	if !admit(s, start.Add(90*time.Second), 1).Accepted() {
		t.Fatal("the slot is lost")
	}
}

// Every limit stands in the way: the one to wait longest for is named, so that
// its wait is enough.
func TestRefusalNamesTheLongestWait(t *testing.T) {
	t.Parallel()
	s := awake(Config{PerMinute: 2, PerHour: 3, AtOnce: 1}, start)
	for n := range 3 {
		once(s, start.Add(time.Duration(n)*time.Minute), n)
	}
	now := start.Add(2*time.Minute + time.Second)
	d := admit(s, now, 3)
	if d.Refused == nil || d.Refused.Policy != wire.PolicyHour {
		t.Fatalf("%+v", d.Refused)
	}
	if d := admit(s, now.Add(time.Duration(d.Refused.RetryAfterMS)*ms), 3); !d.Accepted() {
		t.Fatalf("waiting was not enough: %+v", d.Refused)
	}
}

func TestRefusedCostsNothing(t *testing.T) {
	t.Parallel()
	s := awake(Config{PerMinute: 1}, start)
	once(s, start, 0)
	before := call(s, start, ShowLimits{})
	for n := range 1000 {
		admit(s, start.Add(time.Duration(n)*ms), n+1)
	}
	after := call(s, start, ShowLimits{})
	for i, l := range before.(Standing).Limits {
		if after.(Standing).Limits[i] != l {
			t.Fatalf("%+v became %+v", l, after.(Standing).Limits[i])
		}
	}
	if !admit(s, start.Add(time.Minute), 2000).Accepted() {
		t.Fatal("refusals were counted")
	}
}

func TestRefundGivesAllBack(t *testing.T) {
	t.Parallel()
	s := awake(Config{PerMinute: 1, AtOnce: 1}, start)
	admit(s, start, 0)
	refund(s, start, 0)
	refund(s, start, 0)
	if d := admit(s, start, 0); !d.Accepted() || d.Joins {
		t.Fatalf("%+v", d)
	}
}

func TestRepeatedRequestIsNotCharged(t *testing.T) {
	t.Parallel()
	s := awake(Config{PerMinute: 1, AtOnce: 1}, start)
	r := wire.Recall{ID: id(1), RequestID: id(9), ThreadID: id(7)}
	first := call(s, start, Admit{Recall: r}).(Decision)
	if again := call(s, start.Add(ms), Admit{Recall: r}).(Decision); again != first {
		t.Fatalf("the same recall: %+v, at first %+v", again, first)
	}
	r.ID = id(2)
	if d := call(s, start.Add(ms), Admit{Recall: r}).(Decision); !d.Joins || d.RecallID != id(1) || d.ThreadID != id(7) || d.Accepted() {
		t.Fatalf("another recall of the request: %+v", d)
	}
	if l := standing(s, start.Add(ms), wire.PolicyMinute); l.Remaining != 0 {
		t.Fatalf("%+v", l)
	}
}

func TestRemainingAndReset(t *testing.T) {
	t.Parallel()
	s := awake(Config{}, start)
	if l := standing(s, start, wire.PolicyMinute); l != (wire.Limit{Policy: wire.PolicyMinute, Limit: 10, WindowMS: 60_000, Remaining: 10}) {
		t.Fatalf("fresh: %+v", l)
	}
	once(s, start, 0)
	once(s, start.Add(10*time.Second), 1)
	if l := standing(s, start.Add(20*time.Second), wire.PolicyMinute); l.Remaining != 8 || l.ResetMS != 40_000 {
		t.Fatalf("two: %+v", l)
	}
	if l := standing(s, start.Add(time.Minute), wire.PolicyMinute); l.Remaining != 9 || l.ResetMS != 10_000 {
		t.Fatalf("one: %+v", l)
	}
	if l := standing(s, start.Add(time.Minute), wire.PolicyHour); l.Remaining != 98 || l.ResetMS != 3_540_000 {
		t.Fatalf("hour: %+v", l)
	}
}

// A log that holds more than the limit allows (it was lowered): remaining rises
// only when the surplus has left.
func TestResetOfAnOverfullWindow(t *testing.T) {
	t.Parallel()
	log := make([]wire.Admission, 5)
	for n := range log {
		log[n] = wire.Admission{RecallID: id(n), AcceptedAt: start.Add(time.Duration(n) * time.Second), Ended: true}
	}
	s := awake(Config{PerMinute: 2}, start.Add(10*time.Second), log...)
	if l := standing(s, start.Add(10*time.Second), wire.PolicyMinute); l.Remaining != 0 || l.ResetMS != 53_000 {
		t.Fatalf("%+v", l)
	}
}

// Between two milliseconds the time counts as the later one, as it will be read
// back from the database.
func TestAdmissionTimeIsWhatTheDatabaseKeeps(t *testing.T) {
	t.Parallel()
	s := awake(Config{PerMinute: 1}, start)
	d := once(s, start.Add(1), 0)
	if !d.At.Equal(start.Add(ms)) {
		t.Fatalf("at %v", d.At)
	}
	if admit(s, start.Add(time.Minute), 1).Accepted() {
		t.Fatal("admitted before the rebuilt log would")
	}
	if !admit(s, start.Add(time.Minute+ms), 1).Accepted() {
		t.Fatal("refused after a whole minute")
	}
}
