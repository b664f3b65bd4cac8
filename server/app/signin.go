package app

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"recall/actors/session"
	"recall/server/auth"
	"recall/wire"
)

// devTokenLife is how long a development token lasts.
const devTokenLife = 24 * time.Hour

// signIn opens what judges tokens and, in development mode, what gives them out.
func (a *App) signIn(ctx context.Context) (verifier, *issuer, error) {
	options, err := auth.OptionsFor(a.cfg, a.log)
	if err != nil {
		return nil, nil, err
	}
	v, err := auth.Open(ctx, options)
	if err != nil {
		return nil, nil, err
	}
	a.closeAuth = v.Close
	verify := func(ctx context.Context, token string) (session.Claims, error) {
		claims, err := v.Verify(ctx, token)
		return session.Claims{UserID: claims.UserID, ExpiresAt: claims.ExpiresAt}, err
	}
	if !a.cfg.Dev() {
		return verify, nil, nil
	}
	return verify, &issuer{options}, nil
}

// issuer answers `POST /v1/dev/token` (development mode only): a token for the
// user that is asked for, or for a new one.
type issuer struct{ options auth.Options }

// ServeHTTP implements [http.Handler].
func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !fromHere(r.Host) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write(wire.Encode("", wire.Errorf(wire.CodeUnauthorized, "Host: must be localhost or a loopback address")))
		return
	}
	userID, fault := wantedUser(r)
	if fault != nil {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(wire.Encode("", fault))
		return
	}
	token, expires, err := i.options.Issue(userID, devTokenLife)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write(wire.Encode("", wire.AsError(err)))
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"token": token, "user_id": userID, "expires_at": wire.At(expires)})
}

// fromHere tells whether the request names this machine. A page of somebody
// else's, whose name was made to point here, would name itself.
func fromHere(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// maxTokenRequest is more than a request for a token can need, in bytes.
const maxTokenRequest = 4 << 10

func wantedUser(r *http.Request) (wire.ID, *wire.Error) {
	var body struct {
		UserID wire.ID `json:"user_id"`
	}
	err := json.NewDecoder(io.LimitReader(r.Body, maxTokenRequest)).Decode(&body)
	if err != nil && !errors.Is(err, io.EOF) { // no body at all asks for a new user
		return wire.ID{}, wire.Errorf(wire.CodeBadRequest, "user_id: must be a UUID in a JSON object")
	}
	if body.UserID.IsZero() {
		body.UserID = wire.NewID()
	}
	return body.UserID, nil
}
