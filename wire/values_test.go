package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestMergeOnlyNeighbours(t *testing.T) {
	t.Parallel()
	at := sampleEnvelope()
	delta := func(change func(*Envelope)) *Frame {
		e := at
		e.Seq++
		change(&e)
		return EventFrame(e, &AnswerDelta{Text: "b"})
	}
	a := EventFrame(at, &AnswerDelta{Text: "a"})
	if _, ok := Merge(a, delta(func(*Envelope) {})); !ok {
		t.Error("neighbours do not merge")
	}
	for name, b := range map[string]*Frame{
		"a gap":          delta(func(e *Envelope) { e.Seq++ }),
		"the same again": delta(func(e *Envelope) { e.Seq-- }),
		"another recall": delta(func(e *Envelope) { e.RecallID = sampleID(99) }),
		"another thread": delta(func(e *Envelope) { e.ThreadID = sampleID(99) }),
		"another epoch":  delta(func(e *Envelope) { e.Epoch = "4" }),
		"no delta":       EventFrame(at, &FollowUp{Text: "b"}),
		"a reply":        Reply("", OK{}),
	} {
		if _, ok := Merge(a, b); ok {
			t.Errorf("merged with %s", name)
		}
		if _, ok := Merge(b, a); ok {
			t.Errorf("%s merged with it", name)
		}
	}
}

// TestFrameOfItsText: it is the frame that was made, whatever the event.
func TestFrameOfItsText(t *testing.T) {
	t.Parallel()
	at := sampleEnvelope()
	for _, at := range []Envelope{at, {ThreadID: at.ThreadID, Seq: 7, FirstSeq: 5, Epoch: "2", TS: at.TS}} {
		for name, e := range sampleEvents() {
			if f := EventFrame(at, e); !reflect.DeepEqual(restored(f), f) {
				t.Errorf("%s: %+v, not %+v", name, restored(f), f)
			}
		}
	}
}

func TestTimeRoundTrip(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`"2024-02-29T23:59:59.9999Z"`:          `"2024-02-29T23:59:59.999Z"`,
		`"2024-02-29T23:59:59Z"`:               `"2024-02-29T23:59:59.000Z"`,
		`"2024-03-01T01:29:59.120+01:30"`:      `"2024-02-29T23:59:59.120Z"`,
		`"0001-01-01T00:00:00Z"`:               `"0001-01-01T00:00:00.000Z"`,
		`"1969-12-31T23:59:59.999999999Z"`:     `"1969-12-31T23:59:59.999Z"`,
		`"2024-02-29T23:59:59.123456789-0000"`: "",
		`"2023-02-29T00:00:00Z"`:               "",
		`1709251199`:                           "",
	} {
		var at Time
		err := json.Unmarshal([]byte(in), &at)
		if (err != nil) != (want == "") {
			t.Errorf("%s: %v", in, err)
		} else if err == nil && string(mustJSON(at)) != want {
			t.Errorf("%s is written %s, want %s", in, mustJSON(at), want)
		}
		if again := At(at.Time); err == nil && !again.Equal(at.Time) {
			t.Errorf("%s changes when it is cut twice", in)
		}
	}
}

func TestNewIDsAreOrdered(t *testing.T) {
	t.Parallel()
	before := time.Now().UnixMilli()
	ids := make([]ID, 1000)
	for i := range ids {
		ids[i] = NewID()
	}
	after := time.Now().UnixMilli()
	seen := map[ID]bool{}
	for _, id := range ids {
		at := int64(id[0])<<40 | int64(id[1])<<32 | int64(id[2])<<24 | int64(id[3])<<16 | int64(id[4])<<8 | int64(id[5])
		if at < before || at > after || id[6]>>4 != 7 || id[8]>>6 != 2 || seen[id] {
			t.Fatalf("%s: made at %d, between %d and %d; seen %v", id, at, before, after, seen[id])
		}
		seen[id] = true
	}
	if !slices.IsSortedFunc(ids, func(a, b ID) int { return slices.Compare(a[:6], b[:6]) }) {
		t.Error("later ids sort before earlier ones")
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	retry := []string{string(CodeRateLimited), string(CodeBusy), string(CodeUnavailable), string(CodeInternal)}
	for code := range constants(t)["Code"] {
		if e := Errorf(Code(code), "x"); e.Retryable != slices.Contains(retry, code) {
			t.Errorf("%s: retryable %v", code, e.Retryable)
		}
	}
	inner := Errorf(CodeBusy, "secret %d", 1)
	if e := AsError(fmt.Errorf("wrapped: %w", inner)); e != inner {
		t.Errorf("%v", e)
	}
	if e := AsError(errors.New("password=1")); e.Code != CodeInternal || e.Message == "password=1" {
		t.Errorf("a foreign error shows itself: %v", e)
	}
	for wait, ms := range map[time.Duration]int64{-time.Second: 1, 0: 1, 1: 1, time.Millisecond: 1, time.Millisecond + 1: 2, time.Minute: 60_000} {
		if e := RateLimited(PolicyFrames, wait); e.RetryAfterMS != ms || e.Policy != PolicyFrames {
			t.Errorf("wait %v: %+v", wait, e)
		}
	}
}
