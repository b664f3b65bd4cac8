package gateway

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"recall/actors/session"
	"recall/wire"
)

// answerTime is how long a client may take to read the answer to an upload.
const answerTime = 30 * time.Second

// upload stores the body of a request (PROTOCOL.md, section 6).
func (g *Gateway) upload(w http.ResponseWriter, r *http.Request, owner wire.ID) {
	stored, fault := g.receive(w, r, owner)
	// The server's own deadline began with the request, which may be minutes ago.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTime))
	if fault != nil {
		turnAway(w, r, fault)
		return
	}
	w.Header().Set("Location", "/v1/media/"+stored.MediaID.String())
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(stored) // the client may be gone
}

// receive is media.open, the chunks and media.close in one.
func (g *Gateway) receive(w http.ResponseWriter, r *http.Request, owner wire.ID) (*wire.MediaStored, *wire.Error) {
	if g.draining.Load() {
		return nil, wire.Errorf(wire.CodeUnavailable, "the server restarts")
	}
	open := opening(r)
	if fault := wire.Check(open); fault != nil {
		return nil, fault
	}
	u, err := g.deps.Media.Begin(owner, open)
	if err != nil {
		return nil, g.faultOf(r, err)
	}
	defer u.Abort() // after Finish it does nothing
	closing := &wire.MediaClose{MediaID: u.ID(), SHA256: r.URL.Query().Get("sha256")}
	if fault := wire.Check(closing); fault != nil {
		return nil, fault
	}
	if fault := g.fill(w, r, u); fault != nil {
		return nil, fault
	}
	ctx, done := context.WithTimeout(r.Context(), session.StoreTimeout)
	defer done()
	stored, err := u.Finish(ctx, closing.SHA256)
	if err != nil {
		return nil, g.faultOf(r, err)
	}
	return stored, nil
}

// opening reads the command off the request. Content judges the kind, so that a
// client need not know a content type.
func opening(r *http.Request) *wire.MediaOpen {
	open := &wire.MediaOpen{
		Kind:        wire.InputKind(r.URL.Query().Get("kind")),
		ContentType: cmp.Or(r.Header.Get("Content-Type"), "application/octet-stream"),
	}
	if r.ContentLength >= 0 {
		open.Size = &r.ContentLength
	}
	return open
}

// fill pours the body into u: as long as it takes, while bytes come.
func (g *Gateway) fill(w http.ResponseWriter, r *http.Request, u session.Upload) *wire.Error {
	buf := chunkBuffers.Get().(*[chunkBuffer]byte)
	defer chunkBuffers.Put(buf)
	control := http.NewResponseController(w)
	for size := 0; ; {
		// The server's own deadline is for the whole of a request.
		_ = control.SetReadDeadline(time.Now().Add(g.transfers.idle))
		n, err := r.Body.Read(buf[:])
		if size += n; size > wire.MaxMedia {
			return wire.Errorf(wire.CodeTooLarge, "the body is longer than %d bytes", wire.MaxMedia)
		}
		if n > 0 {
			if _, fault := u.Write(buf[:n]); fault != nil {
				return g.faultOf(r, fault)
			}
		}
		if err == io.EOF { //nolint:errorlint // a wrapped one would be another end than the body's
			// The server goes on reading, to see whether the client leaves: a deadline would
			// look like that, and end the storing before its time.
			_ = control.SetReadDeadline(time.Time{})
			return nil
		}
		if err != nil {
			return wire.Errorf(wire.CodeBadRequest, "the body breaks off after %d bytes", size)
		}
	}
}
