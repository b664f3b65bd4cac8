package gateway

import (
	"mime"
	"net/http"
	"strings"

	"recall/wire"
)

// cacheControl lets a shared cache (a CDN) stand in front without ever giving one
// user's bytes to another:
//
//   - A shared cache must not reuse an answer to a request with Authorization, unless
//     the answer has must-revalidate, s-maxage or public (RFC 9111, 3.5). So it may keep
//     this one.
//   - s-maxage=0 makes it stale for a shared cache at once, and s-maxage and
//     must-revalidate both forbid serving what is stale without asking (5.2.2.10,
//     5.2.2.2). It asks with the validator and the Authorization of whoever wants it now
//     (4.3.1); the token and the owner are checked before a 304 is given, so a stranger
//     gets the 404 that the cache has to pass on (4.3.3). What is saved is the way of
//     25 MiB from here to there.
//   - A private cache goes by max-age: the bytes behind an id never change. With
//     Vary: Authorization it does not serve the next person at the same browser
//     (4.1); after a fresh token it asks, and gets a 304.
const cacheControl = "max-age=31536000, s-maxage=0, must-revalidate, immutable"

// download gives media back to their owner.
func (g *Gateway) download(w http.ResponseWriter, r *http.Request, owner wire.ID) {
	m, fault := g.find(r, owner)
	if fault != nil {
		refuse(w, fault)
		return
	}
	content, err := g.deps.Media.Reader(r.Context(), m)
	if err != nil {
		refuse(w, g.faultOf(r, err))
		return
	}
	defer func() { _ = content.Close() }()
	describe(w.Header(), m)
	oneRange(r.Header)
	d := newDelivery(w, content, g.transfers.idle)
	http.ServeContent(d, r, "", m.CreatedAt, d.content)
	d.end(func(err error) *wire.Error { return g.faultOf(r, err) })
}

func (g *Gateway) find(r *http.Request, owner wire.ID) (wire.Media, *wire.Error) {
	id, err := wire.ParseID(r.PathValue("media_id"))
	if err != nil {
		return wire.Media{}, wire.NotFound("media")
	}
	m, err := g.deps.Media.Get(r.Context(), owner, id)
	if err != nil {
		return wire.Media{}, g.faultOf(r, err)
	}
	return m, nil
}

// describe says what the bytes are. They were made by a stranger to the browser that
// shows them: it must not guess another type, nor run anything that is in them.
func describe(h http.Header, m wire.Media) {
	h.Set("Content-Type", m.ContentType)
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{
		"filename": string(m.Kind) + "-" + m.ID.String() + m.Extension,
	}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("ETag", `"`+m.SHA256+`"`)
	h.Set("Cache-Control", cacheControl)
	h.Add("Vary", "Authorization")
}

// oneRange forgets a request for several ranges, as it may be (RFC 9110, 14.2):
// players ask for one, and ServeContent reads several in a goroutine that outlives it.
func oneRange(h http.Header) {
	if strings.Contains(h.Get("Range"), ",") {
		h.Del("Range")
	}
}
