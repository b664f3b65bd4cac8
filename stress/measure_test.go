package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"recall/stress/device"
	"recall/stress/emulator/services"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func at(msec int) time.Time { return noon.Add(time.Duration(msec) * time.Millisecond) }

// Calls side by side count once, gaps between them not at all, and what lies outside
// the recall is not its own.
func TestOutsideTimeIsTheUnionOfTheCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		calls [][2]int
		want  time.Duration
	}{
		"none":              {nil, 0},
		"one after another": {[][2]int{{10, 20}, {30, 50}}, 30 * time.Millisecond},
		"side by side":      {[][2]int{{10, 40}, {20, 50}}, 40 * time.Millisecond},
		"one within":        {[][2]int{{10, 50}, {20, 30}, {25, 60}}, 50 * time.Millisecond},
		"longer than it":    {[][2]int{{-10, 20}, {90, 200}}, 30 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls []services.Call
			for _, span := range c.calls {
				calls = append(calls, services.Call{Start: at(span[0]), End: at(span[1])})
			}
			if got := outside(calls, at(0), at(100)); got != c.want {
				t.Errorf("%v, not %v", got, c.want)
			}
		})
	}
}

// The share counts from sending, and tells the model's first song from the first of all.
func TestFirstCandidateAsAShareOfTheStream(t *testing.T) {
	t.Parallel()
	a := asked{sent: at(0), frames: []device.Frame{
		{Type: "recall.started", At: at(1), Raw: json.RawMessage(`{}`)},
		candidateAt(10, `"catalog"`), candidateAt(300, `"catalog","gpt-4o"`), candidateAt(400, `"gpt-4o"`),
	}}
	var f firsts
	f.add(a, []services.Call{
		{Service: services.GPT4oMini, Status: http.StatusOK, Start: at(2), End: at(3)},
		{Service: services.GPT4o, Status: http.StatusOK, Start: at(20), End: at(1020)},
	})
	f.add(asked{sent: at(0)}, nil)
	if !slices.Equal(f.any, shares{0.01}) || !slices.Equal(f.model, shares{0.3}) || f.silent != 1 {
		t.Errorf("any %v, model %v, silent %d", f.any, f.model, f.silent)
	}
}

func candidateAt(msec int, sources string) device.Frame {
	return device.Frame{Type: "recall.candidate", At: at(msec), Raw: json.RawMessage(`{"candidate":{"sources":[` + sources + `]}}`)}
}

// What is sent has the length and the sum that the figure checks, and no two are equal.
func TestRecordingsHaveTheirSum(t *testing.T) {
	t.Parallel()
	r := newRecording()
	for _, number := range []int{0, 1} {
		whole := append(bytes.Clone(r.common), r.own(number)...)
		sum := sha256.Sum256(whole)
		if len(whole) != uploadBytes || r.sum(number) != hex.EncodeToString(sum[:]) {
			t.Errorf("upload %d: %d bytes, %s", number, len(whole), r.sum(number))
		}
	}
	if r.sum(0) == r.sum(1) {
		t.Error("two uploads are equal")
	}
}
