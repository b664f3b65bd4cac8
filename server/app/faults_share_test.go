package app

import (
	"testing"
	"time"

	double "recall/stress/emulator/services"
	"recall/wire"
)

const many = 20

// wantCalls checks how many calls the double has seen, and that the rest joined them.
func (r *rig) wantCalls(calls map[string]int) {
	r.Helper()
	for service, n := range r.double.Counts() {
		if n != calls[service] {
			r.Errorf("%d calls of %s, want %d", n, service, calls[service])
		}
		if joined := r.tally.joined(service); n == 1 && joined != many-1 {
			r.Errorf("%d joined the call of %s", joined, service)
		}
	}
}

// people are n persons, each with a thread of their own.
func (r *rig) people(n int) (all []*person) {
	r.Helper()
	for range n {
		all = append(all, r.person())
	}
	return all
}

// asked has people ask at the same moment.
func asked(people []*person, s scene) (recalls []wire.ID) {
	for _, p := range people {
		recalls = append(recalls, p.asks(s.ask(p)))
	}
	return recalls
}

// together has people ask at the same moment, and gives the ends of their recalls.
func (r *rig) together(people []*person, s scene) (ends []told) {
	r.Helper()
	recalls := asked(people, s)
	for i, p := range people {
		ends = append(ends, p.end(recalls[i]))
	}
	r.settle()
	for i, p := range people {
		p.wantWhole(recalls[i])
	}
	return ends
}

func (r *rig) crowd(n int, s scene) []told { r.Helper(); return r.together(r.people(n), s) }

// wantNothingLeft: no call is under way on either side, and no slot is taken.
func (r *rig) wantNothingLeft() {
	r.Helper()
	r.settle()
	if r.running() != 0 || r.unended() != 0 || r.open.Load() != 0 {
		r.Errorf("%d calls run here, %d there, %d slots are taken", r.running(), r.unended(), r.open.Load())
	}
}

// slowly has the double think for a while, so that who asks at the same moment meets.
func slowly(t *testing.T, test func(*rig)) {
	t.Helper()
	inBubble(t, nil, func(r *rig) {
		r.double.SetPace(30, time.Second)
		test(r)
	})
}

// The same recording, words or picture at the same time in many threads is one call of
// each service.
func TestEqualRequestsAreOneCall(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		scene scene
		calls map[string]int
	}{
		"a hum":               {scene{ask: spoken("hum:Take On Me")}, map[string]int{double.Whisper: 1, double.GPT4oMini: 1, double.ACRCloud: 1, double.Shazam: 1, double.AudD: 1}},
		"speech":              {scene{ask: spoken("speech:norwegian band with a high falsetto")}, map[string]int{double.Whisper: 1, double.GPT4oMini: 1, double.GPT4o: 1}},
		"a picture":           {scene{ask: shown("album:Thriller")}, map[string]int{double.GPT4o: 2}}, // to look and to answer
		"words":               {scene{ask: typed("norwegian band with a high falsetto")}, map[string]int{double.GPT4o: 1}},
		"a song and its song": {scene{ask: typed("what is Take On Me by a-ha about?")}, map[string]int{double.GPT4o: 1, double.Lyrics: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slowly(t, func(r *rig) {
				ends := r.crowd(many, c.scene)
				for _, end := range ends {
					if end.Type != "recall.completed" || len(end.Degraded) != 0 || end.Answer == nil && len(end.Candidates) == 0 {
						r.Errorf("%+v", end)
					}
				}
				r.wantCalls(c.calls)
			})
		})
	}
}

// Answers that depend on a conversation belong to it alone; the recording in it is still
// the same recording.
func TestConversationsAreNotShared(t *testing.T) {
	t.Parallel()
	slowly(t, func(r *rig) {
		people := r.people(many)
		for _, p := range people {
			p.end(p.asks(typed("hello")(p))) // costs no outside call
		}
		r.wantCalls(map[string]int{})
		r.together(people, scene{ask: spoken("speech:norwegian band with a high falsetto")})
		r.wantCalls(map[string]int{double.Whisper: 1, double.GPT4oMini: 1, double.GPT4o: many})
	})
}

// One of many who leaves does not end the call of the others; the last one does.
func TestLastToLeaveEndsTheCall(t *testing.T) {
	t.Parallel()
	slowly(t, func(r *rig) {
		stall, _ := double.FaultNamed(double.Whisper, "stall_before_headers")
		r.double.Inject(double.Whisper, stall, -1)
		people := r.people(3)
		recalls := asked(people, scene{ask: spoken("speech:norwegian band")})
		for i, p := range people {
			r.settle()
			if n := r.unended(); n != 1 {
				r.Fatalf("%d calls are under way before person %d leaves", n, i)
			}
			p.cancels(recalls[i])
			p.end(recalls[i])
		}
		r.seen(r.double.WaitCancelled(r.ctx, double.Whisper, 1))
		r.wantNothingLeft()
	})
}
