package app

import (
	"testing"

	"recall/actors/provider"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// A recall that is cancelled leaves its outside calls at once, whatever service it waits
// for; that is no failure of the service; and what was found stays.
func TestCancelLeavesTheServices(t *testing.T) {
	t.Parallel()
	for _, s := range scenes {
		for _, name := range []string{"stall_before_headers", "stall_in_body", "slow_headers"} {
			t.Run(s.name+"/"+name, func(t *testing.T) {
				t.Parallel()
				onSockets(t, s.change, func(r *rig) { r.cancelled(s, name) })
			})
		}
	}
}

func (r *rig) cancelled(s scene, stall string) {
	f, _ := double.FaultNamed(s.service, stall)
	r.double.Inject(s.service, f, -1)
	p := r.person()
	id := p.asks(s.ask(p))
	r.seen(r.double.WaitStarted(r.ctx, s.service, 1))
	p.cancels(id)
	end := p.end(id)
	r.seen(r.double.WaitCancelled(r.ctx, s.service, 1))
	r.settle()
	p.wantWhole(id)
	if end.Type != "recall.cancelled" {
		r.Errorf("ended as %+v", end)
	}
	r.wantFound(p, id)
	if st := r.status(s.service); st.State != provider.Closed || st.Failures != 0 {
		r.Errorf("%s: %+v", s.service, st)
	}
	if n := r.double.Calls(s.service); n != 1 || r.open.Load() != 0 {
		r.Errorf("%d calls, %d slots not given back", n, r.open.Load())
	}
}

func (r *rig) seen(err error) {
	r.Helper()
	if err != nil {
		r.Fatal("the double did not see it: ", err)
	}
}

// wantFound: every song that was told is stored, in its last revision.
func (r *rig) wantFound(p *person, recallID wire.ID) {
	r.Helper()
	page, err := r.mem.Page(r.ctx, wire.PageQuery{ThreadID: p.thread, Limit: 100})
	if err != nil {
		r.Fatal(err)
	}
	stored := map[string]float64{}
	for _, m := range page.Postings {
		if m.Type == wire.TypeCandidate {
			stored[m.Candidate.Key] = m.Candidate.Confidence
		}
	}
	offered := map[string]float64{}
	for _, e := range p.events(recallID) {
		if e.Type == "recall.candidate" {
			offered[e.Candidate.Key] = e.Candidate.Confidence
		}
	}
	if len(stored) != len(offered) {
		r.Errorf("%d songs were told and %d stored", len(offered), len(stored))
	}
	for key, confidence := range offered {
		if stored[key] != confidence {
			r.Errorf("%s was told with %v and stored with %v", key, confidence, stored[key])
		}
	}
}

// Cancelled while the model is writing: what it has told of its answer is there.
func TestCancelInTheMiddleOfTheAnswer(t *testing.T) {
	t.Parallel()
	onSockets(t, nil, func(r *rig) {
		f, _ := double.FaultNamed(double.GPT4o, "stall_in_stream")
		r.double.Inject(double.GPT4o, f, -1)
		p := r.person()
		id := p.asks(typed("norwegian band from the eighties with a high falsetto voice and synthesizers")(p))
		p.until("a song of the model", func(f told) bool {
			return f.Type == "recall.candidate" && len(f.Candidate.Sources) > 1
		})
		p.cancels(id)
		end := p.end(id)
		r.seen(r.double.WaitCancelled(r.ctx, double.GPT4o, 1))
		r.settle()
		p.wantWhole(id)
		if end.Type != "recall.cancelled" {
			r.Errorf("ended as %+v", end)
		}
		r.wantFound(p, id)
	})
}
