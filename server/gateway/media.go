package gateway

import (
	"context"
	"io"
	"net/http"

	"recall/actors/session"
	"recall/wire"
)

// Media keeps what is uploaded over HTTP and gives it back. Faults are
// [*wire.Error] values.
type Media interface {
	session.Media
	// Get finds what owner has uploaded; somebody else's is not_found.
	Get(ctx context.Context, owner, id wire.ID) (wire.Media, error)
	// Reader gives the bytes of m, for as long as ctx lasts.
	Reader(ctx context.Context, m wire.Media) (io.ReadSeekCloser, error)
}

// routeMedia adds the routes of PROTOCOL.md, section 6. Browsers of other origins ask
// first what they may do; without such origins nobody answers them.
func (g *Gateway) routeMedia(mux *http.ServeMux) {
	route := func(route string, next http.HandlerFunc) {
		mux.HandleFunc(route, g.shared(g.limited(requests, g.traced(route, next))))
	}
	route("POST /v1/media", g.owned(g.upload))
	route("GET /v1/media/{media_id}", g.owned(g.download)) // and HEAD
	if len(g.cfg.AllowedOrigins) > 0 {
		route("OPTIONS /v1/media", preflight)
		route("OPTIONS /v1/media/{media_id}", preflight)
	}
}

// ownedHandler serves a user.
type ownedHandler func(w http.ResponseWriter, r *http.Request, owner wire.ID)

// owned lets in who has a token, as often as one user may come at once.
func (g *Gateway) owned(next ownedHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		claims, fault := g.bearer(r)
		if claims == nil && fault == nil {
			fault = wire.Errorf(wire.CodeUnauthorized, "Authorization: a bearer token is required")
		}
		if fault != nil {
			turnAway(w, r, fault)
			return
		}
		left, ok := g.transfers.enter(claims.UserID)
		announceAtOnce(w.Header(), "transfers", maxTransfers, left)
		if !ok {
			turnAway(w, r, wire.Errorf(wire.CodeBusy, "more than %d transfers at once", maxTransfers))
			return
		}
		defer g.transfers.leave(claims.UserID)
		next(w, r, claims.UserID)
	}
}

// turnAway refuses a request whose body is not read to its end. The server would
// otherwise wait for the rest of it before it answers: for ever, while a recording
// goes on.
func turnAway(w http.ResponseWriter, r *http.Request, fault *wire.Error) {
	if r.ContentLength != 0 {
		w.Header().Set("Connection", "close")
	}
	refuse(w, fault)
}

// faultOf is what the client is told; what is ours goes into the log.
func (g *Gateway) faultOf(r *http.Request, err error) *wire.Error {
	fault := wire.AsError(err)
	if fault.Code == wire.CodeInternal {
		g.deps.Logger.Error("request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	return fault
}
