package session

import (
	"context"
	"fmt"
	"time"

	"recall/wire"
)

// Media is where uploads go.
type Media interface {
	// Begin opens an upload, which has to be ended. Faults are [*wire.Error] values.
	Begin(owner wire.ID, m *wire.MediaOpen) (Upload, error)
}

// Upload is one that is under way. It is safe for use by several goroutines.
type Upload interface {
	ID() wire.ID
	// Write appends p. A fault ends the upload, and Finish repeats it.
	Write(p []byte) (int, error)
	// Finish judges the bytes and stores them; sha256, when not empty, is their hash in
	// hex. It ends the upload, whatever comes of it.
	Finish(ctx context.Context, sha256 string) (*wire.MediaStored, error)
	// Abort ends the upload without a trace; after the end it does nothing.
	Abort()
}

// StoreTimeout bounds the end of an upload: 25 MiB on their way to another machine,
// maybe behind others.
const StoreTimeout = 2 * time.Minute

// openMedia begins an upload and attaches it to the connection.
func (s *Session) openMedia(r *Received, m *wire.MediaOpen) {
	switch {
	case s.deps.Media == nil:
		s.answer(r, wire.Errorf(wire.CodeUnsupportedMedia, "this server takes text only"))
		return
	case s.deps.Draining():
		s.answer(r, restarts())
		return
	case !s.uploads.reserve():
		s.answer(r, wire.Errorf(wire.CodeBusy, "%d uploads are open on this connection: close one first", wire.MaxUploads))
		return
	}
	owner := s.claims.UserID
	s.run(r, func(context.Context) error {
		u, err := s.deps.Media.Begin(owner, m)
		if err != nil {
			s.uploads.release()
			return err
		}
		s.attach(r, u)
		return nil
	})
}

// attach tells the client its channel, unless it has gone meanwhile.
func (s *Session) attach(r *Received, u Upload) {
	one := &upload{Upload: u}
	one.channel = s.conn.Attach(s.taker(r, u))
	if s.uploads.add(one) {
		s.conn.Send(wire.Reply(r.ID, &wire.MediaOpened{MediaID: u.ID(), Channel: one.channel, ChunkBytes: wire.ChunkBytes}))
	}
}

// taker takes the chunks of an upload. After a fault it takes them in silence:
// media.close tells. Only that there are too many bytes is told at once, so that a
// client can stop.
func (s *Session) taker(r *Received, u Upload) func([]byte) {
	failed := false
	return func(p []byte) {
		if failed {
			return
		}
		_, err := u.Write(p)
		if failed = err != nil; !failed {
			return
		}
		if fault := *s.fault(r, err); fault.Code == wire.CodeTooLarge {
			fault.MediaID = u.ID()
			fault.Message = fmt.Sprintf("media %s: %s", fault.MediaID, fault.Message)
			s.conn.Send(wire.Reply("", &fault))
		}
	}
}

// closeMedia ends an upload of this connection. All chunks that were sent before have
// been taken, since the reader takes one frame after the other.
func (s *Session) closeMedia(r *Received, m *wire.MediaClose) {
	one := s.uploads.remove(m.MediaID)
	if one == nil {
		s.answer(r, wire.NotFound("upload"))
		return
	}
	s.conn.Detach(one.channel)
	s.runWithin(StoreTimeout, r, func(ctx context.Context) error {
		stored, err := one.Finish(ctx, m.SHA256)
		if err == nil {
			s.conn.Send(wire.Reply(r.ID, stored))
		}
		return err
	})
}
