package services

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"sync"
)

// Bounds of what is kept and read of a request, in bytes. More than keepBody is
// counted only, so that a request that is too long is refused in full knowledge of
// its length; beyond readBody the connection is not worth keeping.
const (
	keepBody = 40 << 20
	readBody = 96 << 20
)

// call is one request that a service plays an answer to.
type call struct {
	s       *Services
	w       http.ResponseWriter
	r       *http.Request
	body    []byte
	read    int64 // length of the body, also of what was not kept
	service string
	key     string
	form    func() *form       // read once
	asked   func() ChatRequest // read once
	digest  func() [sha256.Size]byte
}

// receive reads the whole request first: a client that is still sending would take
// an early answer, or a reset, for another fault than the one that is played.
func (s *Services) receive(w http.ResponseWriter, r *http.Request) *call {
	c := &call{s: s, w: w, r: r}
	c.form, c.asked = sync.OnceValue(c.readForm), sync.OnceValue(c.chatRequest)
	c.digest = sync.OnceValue(func() [sha256.Size]byte { return sha256.Sum256(c.body) })
	var body bytes.Buffer
	body.Grow(int(min(max(r.ContentLength, 0)+bytes.MinRead, keepBody)))
	_, _ = body.ReadFrom(io.LimitReader(r.Body, keepBody)) // what came of a broken request is judged as a whole one
	rest, _ := io.Copy(io.Discard, io.LimitReader(r.Body, readBody-keepBody))
	c.body, c.read = body.Bytes(), int64(body.Len())+rest
	return c
}

// reply is what a service says.
type reply struct {
	status int
	header http.Header
	// parts are written one after the other; with more than one the answer is
	// a stream, paced by tokens.
	parts   [][]byte
	outcome Class
	note    string  // why, for the log
	buffer  *[]byte // that parts stand in; nil: they have memory of their own
}

func (r reply) isStream() bool { return len(r.parts) > 1 }

// body is all parts as one.
func (r reply) body() []byte {
	var all []byte
	for _, p := range r.parts {
		all = append(all, p...)
	}
	return all
}

func (r reply) because(note string) reply {
	r.note = note
	return r
}

func (r reply) with(key, value string) reply {
	r.header = r.header.Clone()
	r.header.Set(key, value)
	return r
}

func textReply(status int, outcome Class, contentType, text string) reply {
	return reply{
		status: status, header: http.Header{"Content-Type": {contentType}},
		parts: [][]byte{[]byte(text)}, outcome: outcome,
	}
}

func jsonReply(status int, outcome Class, value any) reply {
	return textReply(status, outcome, "application/json", string(encode(value)))
}

// object is a JSON object in the making.
type object = map[string]any

// encode is JSON as most services write it: characters such as < stay as they are.
func encode(value any) []byte {
	if text, ok := value.(string); ok && isPlain(text) {
		return append(append(append(make([]byte, 0, len(text)+2), '"'), text...), '"')
	}
	var b jsonBuffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		panic("emulator: an answer that is no JSON: " + err.Error())
	}
	return b.bytes[:len(b.bytes)-1] // without the line end
}

type jsonBuffer struct{ bytes []byte }

func (b *jsonBuffer) Write(p []byte) (int, error) {
	b.bytes = append(b.bytes, p...)
	return len(p), nil
}

// hashOf names content: hex of its SHA-256.
func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// pick chooses one of n by content, the same each time.
func pick(content []byte, n int) int {
	return pickBy(sha256.Sum256(content), n)
}

func pickBy(sum [sha256.Size]byte, n int) int { return (int(sum[0])<<8 | int(sum[1])) % n }
