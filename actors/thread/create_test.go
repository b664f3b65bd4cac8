package thread

import (
	"testing"

	"recall/wire"
)

// unwoken is a rig whose thread nobody has asked for since the last rest.
func unwoken(r *rig) *rig {
	r.state = New(r.id, r.cfg, r.shelf)
	return r
}

// Making a thread is one round trip: it finds the thread as well, if it is there.
func TestMakingAThreadReadsNothingBefore(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*rig{"new": unborn(t), "there": newRig(t, Config{})} {
		unwoken(r).hold("activate")
		r.send(ann, "c", &wire.ThreadCreate{ThreadID: r.id})
		_, makes := r.held[0].(Create)
		r.want(len(r.held) == 1 && makes, "%s: %v", name, r.held)
		r.release()
		r.want(r.subscribed[ann], "%s: the thread was not made", name)
	}
}

// Who tries to make a thread under the id of somebody else's finds nothing, and does
// not keep its owner from it: not who asks meanwhile, and not who asks later.
func TestMakingSomebodyElsesThreadHarmsNobody(t *testing.T) {
	t.Parallel()
	r := unwoken(newRig(t, Config{}))
	r.hold("activate")
	stranger := r.newID()
	r.sendAs(stranger, eve, "c", &wire.ThreadCreate{ThreadID: r.id})
	r.sendAs(stranger, eve, "g", &wire.ThreadGet{})
	r.send(ann, "g", &wire.ThreadGet{})
	r.send(ben, "c", &wire.ThreadCreate{ThreadID: r.id})
	r.release()
	for _, f := range r.frames[eve] {
		r.wantCode([]frame{f}, wire.CodeNotFound)
	}
	r.want(len(r.frames[eve]) == 2, "%d answers to the stranger", len(r.frames[eve]))
	r.want(len(r.frames[ann]) == 1 && r.frames[ann][0].Type == "thread", "the owner got %+v", r.frames[ann])
	r.want(r.subscribed[ben], "the owner's own create got %+v", r.frames[ben])

	unwoken(r)
	r.sendAs(stranger, eve, "c", &wire.ThreadCreate{ThreadID: r.id})
	got := r.send(ann, "g2", &wire.ThreadGet{})
	r.want(len(got) == 1 && got[0].Type == "thread", "afterwards the owner got %+v", got)
}
