package services

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestControlOverHTTP(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := enough(t)
	post := func(path, body string) answered {
		return send(t, request(ctx, t, "POST", s.URL+path, "application/json", []byte(body)))
	}
	if a := post("/control/fault", `{"service":"lyrics","fault":"status_503","times":1}`); a.status != 200 || !strings.Contains(a.body, `"expect":"unavailable"`) {
		t.Errorf("fault: %d %s", a.status, a.body)
	}
	if a := send(t, example(ctx, t, s, Lyrics)); a.status != 503 {
		t.Errorf("the fault is not played: %d", a.status)
	}
	if a := post("/control/fault", `{"service":"lyrics","fault":"empty_500","probability":1}`); a.status != 200 {
		t.Errorf("probability: %d %s", a.status, a.body)
	}
	send(t, request(ctx, t, "DELETE", s.URL+"/control/faults", "", nil))
	r := example(ctx, t, s, Lyrics)
	r.Header.Set("X-Client-Request-Id", "recall-1")
	if a := send(t, r); a.status != 200 {
		t.Errorf("faults were cleared: %d", a.status)
	}
	for _, bad := range []string{`{"service":"x","fault":"y"}`, `{"service":"lyrics","fault":"y"}`, `{`, `{"service":"lyrics","fault":"status_503","probability":2}`, `{"other":1}`} {
		if a := post("/control/fault", bad); a.status != 400 || a.body == "" {
			t.Errorf("%s: %d %s", bad, a.status, a.body)
		}
	}
	if err := s.WaitEnded(ctx, Lyrics, 2); err != nil {
		t.Fatal(err)
	}
	var calls struct {
		Counts map[string]int
		Log    []Call
	}
	a := send(t, request(ctx, t, "GET", s.URL+"/control/calls", "", nil))
	if err := json.Unmarshal([]byte(a.body), &calls); err != nil || calls.Counts[Lyrics] != 2 || calls.Log[1].RequestID != "recall-1" || calls.Log[0].Outcome != Unavailable {
		t.Errorf("%v %s", err, a.body)
	}
	if a := post("/control/pace", `{"tokens_per_second":12,"latency_ms":0}`); a.status != 204 || s.pace.tokens != 12 {
		t.Errorf("pace: %d %v", a.status, s.pace.tokens)
	}
}

func TestPageAndMedia(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := enough(t)
	r := request(ctx, t, "GET", s.URL+"/", "", nil)
	r.Header.Set("Accept", "text/html")
	if a := send(t, r); !strings.Contains(a.body, "stall_in_stream") || !strings.HasPrefix(a.body, "<!DOCTYPE html>") {
		t.Errorf("%.200s", a.body)
	}
	if a := send(t, request(ctx, t, "GET", s.URL+"/", "", nil)); a.json(t)["faults"] == nil {
		t.Errorf("%.200s", a.body)
	}
	a := send(t, request(ctx, t, "GET", s.URL+"/control/clip?name=song:Africa", "", nil))
	wantHeard(t, newEars(newScripts()).file([]byte(a.body)), "song:Africa")
	a = send(t, request(ctx, t, "GET", s.URL+"/control/picture?name=album:Thriller", "", nil))
	if h, _ := newEars(newScripts()).see([]byte(a.body)); h.text != "Thriller" {
		t.Errorf("saw %+v", h)
	}
	for _, path := range []string{"/control/clip?name=album:x", "/control/picture?name=song:x", "/control/clip"} {
		if a := send(t, request(ctx, t, "GET", s.URL+path, "", nil)); a.status != 400 {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}

// Many clients at once, with faults in between, leave a log that adds up.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Seed: 3})
	for _, service := range Names() {
		f, _ := FaultNamed(service, "status_503")
		s.InjectWithProbability(service, f, 0.3)
	}
	var all sync.WaitGroup
	const each = 8
	for _, service := range Names() {
		for range each {
			r := example(enough(t), t, s, service)
			all.Go(func() {
				resp, err := client.Do(r)
				if err != nil {
					t.Error(err)
					return
				}
				resp.Body.Close()
			})
		}
	}
	all.Wait()
	for _, service := range Names() {
		if s.Calls(service) != each {
			t.Errorf("%s: %d calls", service, s.Calls(service))
		}
	}
}

// An outage of all services is one command, and so is the recovery of one or of all.
func TestOutageAndRecoveryAreOneCommandEach(t *testing.T) {
	t.Parallel()
	s := start(t, Options{})
	ctx := enough(t)
	down := func() (names []string) {
		for _, service := range Names() {
			if a := send(t, example(ctx, t, s, service)); a.status == 503 {
				names = append(names, service)
			}
		}
		return names
	}
	control := func(method, path, body string) int {
		return send(t, request(ctx, t, method, s.URL+path, "application/json", []byte(body))).status
	}
	if code := control("POST", "/control/fault", `{"service":"all","fault":"status_503","times":-1}`); code != 200 || !slices.Equal(down(), Names()) {
		t.Fatalf("outage: %d, down are %v", code, down())
	}
	if code := control("DELETE", "/control/faults?service=whisper", ""); code != 204 || !slices.Equal(down(), Names()[1:]) {
		t.Errorf("one is back: %d, down are %v", code, down())
	}
	if code := control("DELETE", "/control/faults?service=whisperer", ""); code != 400 || len(down()) != len(Names())-1 {
		t.Errorf("unknown: %d, down are %v", code, down())
	}
	// No fault is planned anywhere when one of the services does not have it.
	if code := control("POST", "/control/fault", `{"service":"all","fault":"stall_in_stream"}`); code != 400 {
		t.Errorf("a fault that not all have: %d", code)
	}
	if code := control("DELETE", "/control/faults", ""); code != 204 || down() != nil {
		t.Errorf("all are back: %d, down are %v", code, down())
	}
}
