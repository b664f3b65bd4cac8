package thread

import (
	"context"

	"recall/wire"
)

// uploads is a [Media]: what was uploaded, and one fault that comes next.
type uploads struct {
	kinds map[wire.ID]wire.InputKind
	away  error
}

func (u *uploads) Use(_ context.Context, _, mediaID wire.ID, kind wire.InputKind) error {
	if err := u.away; err != nil {
		u.away = nil
		return err
	}
	switch u.kinds[mediaID] {
	case "":
		return wire.NotFound("media")
	case kind:
		return nil
	default:
		return wire.Errorf(wire.CodeBadRequest, "input.media_id: is no %s", kind)
	}
}

// upload makes a voice note or picture of the owner.
func (r *rig) upload(kind wire.InputKind) wire.ID {
	id := r.newID()
	if r.media.kinds == nil {
		r.media.kinds = map[wire.ID]wire.InputKind{}
	}
	r.media.kinds[id] = kind
	return id
}

func (r *rig) with(kind wire.InputKind, mediaID wire.ID) *wire.StartRecall {
	return &wire.StartRecall{RequestID: r.newID(), Input: wire.Input{Kind: kind, MediaID: mediaID}}
}

// askWith starts a recall of an upload.
func (r *rig) askWith(from Peer, c *wire.StartRecall) wire.ID {
	r.Helper()
	for _, f := range r.send(from, "ask", c) {
		if f.Type == "recall.accepted" {
			return f.RecallID
		}
	}
	r.Fatalf("%s is not accepted: %+v", c.Input.Kind, r.frames[from])
	return wire.ID{}
}
