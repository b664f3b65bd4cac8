package thread

import (
	"testing"

	"recall/wire"
)

// unwelcome asks a question at a moment at which no new ones are taken.
func (r *rig) unwelcome(from Peer, request wire.ID, why Refusal) []frame {
	before := len(r.frames[from])
	r.feed(Request{From: from, ID: "r", User: r.owner, Command: question(request, "x"), Refusal: &why})
	return r.frames[from][before:]
}

// the refusals of a server that has too much to do, and of one that is about to go.
func refusals() map[string]Refusal {
	full := wire.Errorf(wire.CodeUnavailable, "too much to do")
	full.RetryAfterMS = 1500
	return map[string]Refusal{"overload": {full, "recalls"}, "draining": {wire.Unavailable(), ""}}
}

func TestNewRecallIsShed(t *testing.T) {
	t.Parallel()
	for name, why := range refusals() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Config{})
			fs := r.unwelcome(ann, r.newID(), why)
			r.wantCode(fs, wire.CodeUnavailable)
			r.want(fs[0].Limits, "the limits do not follow")
			r.want(len(r.users.byRequest) == 0 && len(r.running) == 0, "it came in")
			counted := 0
			if why.Reason != "" {
				counted = 1
			}
			r.want(r.meter.shed[why.Reason] == counted && len(r.meter.shed) == counted, "counted %v", r.meter.shed)
		})
	}
}

// A thread that sleeps runs nothing that could be joined: the database is not asked.
func TestSheddingWakesNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.state = New(r.id, r.cfg, r.shelf)
	r.hold("activate")
	r.wantCode(r.unwelcome(ann, r.newID(), refusals()["overload"]), wire.CodeUnavailable)
	r.want(len(r.held) == 0 && r.state.Vacant() && r.meter.shed["recalls"] == 1, "%+v", r.held)
	r.send(ben, "g", &wire.ThreadGet{})
	r.release()
	r.wantTypes(r.frames[ben], "thread")
	r.feed(Idle{})
	r.want(r.stopped, "it stays for nothing")
}

// A repeated request_id joins also then, wherever its recall stands: promise 3.
func TestRepeatIsNeverShed(t *testing.T) {
	t.Parallel()
	for name, why := range refusals() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, Config{})
			request := r.newID()
			r.hold("admit", "commit", "activate")
			r.ask(ann, request, "x")
			r.unwelcome(ben, request, why)
			r.want(len(r.frames[ben]) == 0, "while it is admitted: %+v", r.frames[ben])
			r.releaseAt(0)
			r.unwelcome(ben, request, why)
			r.want(len(r.frames[ben]) == 0, "while it is stored: %+v", r.frames[ben])
			r.releaseAt(0)
			id := r.frames[ann][0].RecallID
			r.want(!id.IsZero() && r.replies(ben)[0].RecallID == id && r.replies(ben)[1].RecallID == id, "%+v", r.frames)
			r.want(r.unwelcome(eve, request, why)[0].RecallID == id, "while it runs")
			r.wake() // as the start does where a crash left something open
			r.unwelcome(eve, request, why)
			r.release()
			r.want(r.frames[eve][0].RecallID == id, "after a crash: %+v", r.frames[eve])
			r.want(len(r.meter.shed) == 0, "counted %v", r.meter.shed)
		})
	}
}
