package gateway

import (
	"net/http"
	"time"

	"recall/wire"
)

// limited lets one address ask next only so often. Health checks do not go through it:
// they must be answered above all when there is too much of everything.
func (g *Gateway) limited(k kind, next http.HandlerFunc) http.HandlerFunc {
	p := g.addresses.policies[k]
	if !p.limits() {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		from := g.remote(r)
		if among(g.cfg.Unlimited, from) {
			next(w, r)
			return
		}
		s, wait := g.addresses.take(ClientKey(from), k, g.now())
		p.announce(w.Header(), s)
		if wait > 0 {
			g.metrics.Flooded(string(p.name))
			turnAway(w, r, wire.RateLimited(p.name, wait))
			return
		}
		next(w, r)
	}
}

// connectionRetry is told to whoever has too many connections: when one of them ends is
// known to nobody.
const connectionRetry = 5 * time.Second

// seat counts a connection of its address until leave gives it back; false: the request
// is refused.
func (g *Gateway) seat(w http.ResponseWriter, r *http.Request) (leave func(), ok bool) {
	from := g.remote(r)
	if g.cfg.MaxPerAddress <= 0 || among(g.cfg.Unlimited, from) {
		return func() {}, true
	}
	who, left := g.addresses.enter(ClientKey(from), g.now())
	announceAtOnce(w.Header(), wire.PolicyConnections, g.cfg.MaxPerAddress, left)
	if who == nil {
		g.metrics.Flooded(string(wire.PolicyConnections))
		refuse(w, wire.RateLimited(wire.PolicyConnections, connectionRetry))
		return nil, false
	}
	return func() { g.addresses.leave(who, g.now()) }, true
}
