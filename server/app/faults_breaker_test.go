package app

import (
	"slices"
	"testing"
	"time"

	"recall/actors/provider"
	"recall/server/config"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// once asks in a thread of its own and gives the end, which must be a completed recall.
func (r *rig) once(s scene) told {
	r.Helper()
	end := r.crowd(1, s)[0]
	if end.Type != "recall.completed" {
		r.Fatalf("ended as %+v", end)
	}
	return end
}

// wantState checks how a service stands, and how many calls of it were seen in all.
func (r *rig) wantState(when, service string, state provider.State, calls int) {
	r.Helper()
	if st := r.status(service); st.State != state || r.double.Calls(service) != calls {
		r.Fatalf("%s: %s after %d calls, want %s after %d", when, st.State, r.double.Calls(service), state, calls)
	}
}

// lacks checks that exactly one service is named, with its reason.
func (r *rig) lacks(end told, service, reason string) {
	r.Helper()
	if len(end.Degraded) != 1 || end.Degraded[0] != (wire.Degraded{Provider: service, Reason: reason}) {
		r.Fatalf("degraded by %+v, want %s: %s", end.Degraded, service, reason)
	}
}

// Five recalls that fail shut a service out: for 60 s nobody asks it and nobody waits for
// it, then one recall tries, and its luck decides.
func TestBreakerFromEndToEnd(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, s.change, func(r *rig) {
				stall, _ := double.FaultNamed(s.service, "stall_before_headers")
				r.double.Inject(s.service, stall, -1)
				r.opens(s)
				r.triesAndFails(s)
				r.double.ClearFaults()
				r.triesAndRecovers(s)
			})
		})
	}
}

func (r *rig) opens(s scene) {
	r.Helper()
	for range r.cfg.ServiceFailures {
		if end := r.once(s); len(end.Degraded) != 1 || end.Degraded[0].Provider != s.service {
			r.Fatalf("degraded by %+v", end.Degraded)
		}
	}
	r.wantState("five have failed", s.service, provider.Open, 5)
	r.refuses(s, 5)
}

// refuses: no call, no waiting, and the reason is told.
func (r *rig) refuses(s scene, calls int) {
	r.Helper()
	began := time.Now()
	r.lacks(r.once(s), s.service, provider.BreakerOpen)
	if took := time.Since(began); took != 0 {
		r.Errorf("an open breaker cost %v", took)
	}
	r.wantState("refused", s.service, provider.Open, calls)
}

// triesAndFails: of ten that ask after 60 s, one is the trial. It fails.
func (r *rig) triesAndFails(s scene) {
	r.Helper()
	opened := r.status(s.service).OpenedAt
	time.Sleep(time.Until(opened.Add(r.cfg.ServiceOpen - time.Millisecond)))
	r.refuses(s, 5)
	time.Sleep(time.Millisecond)
	r.unequal = true
	trials := slices.DeleteFunc(r.crowd(10, s), func(end told) bool {
		return slices.Equal(end.Degraded, []wire.Degraded{{Provider: s.service, Reason: provider.BreakerOpen}})
	})
	oneRequest := s.service == double.Lyrics || s.service == double.GPT4oMini // the same song, the same words
	if len(trials) != 1 && !oneRequest {
		r.Fatalf("%d of ten tried", len(trials))
	}
	r.wantState("a trial has failed", s.service, provider.Open, 6)
	r.refuses(s, 6)
}

func (r *rig) triesAndRecovers(s scene) {
	r.Helper()
	time.Sleep(r.cfg.ServiceOpen)
	for range 2 {
		if end := r.once(s); len(end.Degraded) != 0 {
			r.Fatalf("degraded by %+v", end.Degraded)
		}
	}
	if st := r.status(s.service); st.State != provider.Closed || st.Failures != 0 || r.double.Calls(s.service) < 8 {
		r.Errorf("%+v after %d calls", st, r.double.Calls(s.service))
	}
}

// Whatever is away, a person gets an answer: from the catalogue where there are words,
// else the question that leads to some.
func TestNobodyIsLeftWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for name, setting := range map[string]struct {
		change func(*config.Config)
		warm   bool // the breakers are to be opened first
	}{
		"every breaker open": {func(c *config.Config) { c.ServiceFailures = 1 }, true},
		"no key at all": {func(c *config.Config) {
			c.OpenAIURL, c.OpenAIKey, c.ACRCloudKey, c.ShazamKey, c.AudDToken, c.LyricsURL = config.Default().OpenAIURL, "", "", "", "", ""
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, setting.change, func(r *rig) {
				if setting.warm {
					r.breakAll()
				}
				calls := r.allCalls()
				r.wantAnswers()
				if r.allCalls() != calls {
					r.Errorf("%d calls were made", r.allCalls()-calls)
				}
			})
		})
	}
}

// breakAll has every service fail once, which is enough for its breaker here.
func (r *rig) breakAll() {
	r.Helper()
	for _, name := range double.Names() {
		f, _ := double.FaultNamed(name, "status_503")
		r.double.Inject(name, f, -1)
	}
	for _, ask := range []func(*person) wire.Input{
		spoken("hum:Africa"), transcribed("norwegian band with a high falsetto"), typed("what is Take On Me by a-ha about?"),
	} {
		r.once(scene{ask: ask})
	}
	for _, s := range r.outside.all {
		if st := s.Status(); st.State != provider.Open {
			r.Fatalf("%s: %+v", s.Name(), st)
		}
	}
	r.double.ClearFaults()
}

func (r *rig) allCalls() (n int) {
	for _, calls := range r.double.Counts() {
		n += calls
	}
	return n
}

func (r *rig) wantAnswers() {
	r.Helper()
	end := r.once(scene{ask: typed("norwegian band from the eighties with a high falsetto voice")})
	if len(end.Candidates) == 0 || end.Candidates[0].Title != "Take On Me" || end.Candidates[0].Sources[0] != "catalog" {
		r.Errorf("words: %+v", end)
	}
	end = r.once(scene{ask: typed("what is Take On Me by a-ha about?")})
	if end.Answer == nil || end.Answer.Text == "" {
		r.Errorf("meaning: %+v", end)
	}
	for _, ask := range []func(*person) wire.Input{spoken("hum:Africa"), spoken("speech:find a song"), shown("album:Thriller")} {
		if end = r.once(scene{ask: ask}); end.FollowUp == "" || len(end.Degraded) == 0 {
			r.Errorf("a recording or picture: %+v", end)
		}
	}
}
