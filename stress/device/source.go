package device

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Source is a loopback address by number: one address has some 28,000 ports towards a
// server, of which ended connections keep theirs for a minute.
func Source(i int) net.IP { return net.IPv4(127, 0, byte(i>>8), byte(i)) } //nolint:gosec // wraps around

// SignToken makes a token of a user that every server with the secret accepts (HS256),
// so that connecting costs no request beside.
func SignToken(secret, user string, valid time.Duration) (string, error) {
	now := time.Now()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.RegisteredClaims{
		Subject: user, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(valid)),
	}).SignedString([]byte(secret))
}

var (
	clientsMu sync.Mutex
	clients   = map[int]*http.Client{}
)

// clientOf dials from a source address; the clients are few and live as long as we do.
func clientOf(source int) *http.Client {
	clientsMu.Lock()
	defer clientsMu.Unlock()
	if c, ok := clients[source]; ok {
		return c
	}
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: Source(source)}}
	c := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true, DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, fmt.Errorf("from %s: %w", Source(source), err)
			}
			return conn, nil
		},
	}}
	clients[source] = c
	return c
}
