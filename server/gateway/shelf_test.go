package gateway

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
	"time"

	"recall/actors/session"
	"recall/wire"
)

// shelf is a store of media in memory that keeps the rules of the real one: a bound,
// the declared size, the kind by content, the hash, the owner.
type shelf struct {
	ends chan string // "stored", "failed" or "aborted", once for each upload; "closed" for each reader

	mu     sync.Mutex
	away   bool // nothing can be stored or read
	begun  int
	kept   map[wire.ID]volume
	writes int // the largest one, in bytes
}

type volume struct {
	wire.Media
	content []byte
}

func newShelf() *shelf { return &shelf{ends: make(chan string, 100), kept: map[wire.ID]volume{}} }

// Begin implements Media.
func (s *shelf) Begin(owner wire.ID, m *wire.MediaOpen) (session.Upload, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begun++
	if s.away {
		return nil, wire.Errorf(wire.CodeUnavailable, "no room")
	}
	return &spool{shelf: s, id: wire.NewID(), owner: owner, open: *m}, nil
}

// Get implements Media.
func (s *shelf) Get(_ context.Context, owner, id wire.ID) (wire.Media, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, known := s.kept[id]
	if !known || v.Owner != owner {
		return wire.Media{}, wire.NotFound("media")
	}
	return v.Media, nil
}

// Reader implements Media. As the real one, it says when it is read that there is nothing.
func (s *shelf) Reader(_ context.Context, m wire.Media) (io.ReadSeekCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return &reader{bytes.NewReader(s.kept[m.ID].content), s}, nil
}

type reader struct {
	*bytes.Reader
	shelf *shelf
}

func (r *reader) Close() error { r.shelf.ends <- "closed"; return nil }

// Read implements io.Reader; it hides the WriterTo of bytes.Reader, which the real one has not.
func (r *reader) Read(p []byte) (int, error) {
	r.shelf.mu.Lock()
	defer r.shelf.mu.Unlock()
	if r.shelf.away {
		return 0, wire.Errorf(wire.CodeUnavailable, "the bucket is away")
	}
	return r.Reader.Read(p)
}

// WriteTo is never to be called.
func (r *reader) WriteTo(io.Writer) (int64, error) { panic("read in pieces") }

// spool is an upload that is under way.
type spool struct {
	shelf *shelf
	id    wire.ID
	owner wire.ID
	open  wire.MediaOpen

	mu      sync.Mutex
	content []byte
	fault   error
	ended   bool
}

func (u *spool) ID() wire.ID { return u.id }

func (u *spool) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.shelf.mu.Lock()
	u.shelf.writes = max(u.shelf.writes, len(p))
	u.shelf.mu.Unlock()
	switch {
	case u.ended:
		return 0, wire.NotFound("upload")
	case u.fault == nil && len(u.content)+len(p) > wire.MaxMedia:
		u.fault = wire.Errorf(wire.CodeTooLarge, "size: at most %d bytes", wire.MaxMedia)
	case u.fault == nil:
		u.content = append(u.content, p...)
	}
	return len(p), u.fault
}

func (u *spool) Finish(_ context.Context, sum string) (*wire.MediaStored, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ended {
		return nil, wire.NotFound("upload")
	}
	u.ended = true
	hash := sha256.Sum256(u.content)
	found := hex.EncodeToString(hash[:])
	if fault := u.judge(sum, found); fault != nil {
		u.shelf.ends <- "failed"
		return nil, fault
	}
	m := wire.Media{
		ID: u.id, Owner: u.owner, Kind: u.open.Kind, ContentType: "audio/wav", Extension: ".wav",
		Size: int64(len(u.content)), SHA256: found, CreatedAt: time.Unix(1_000_000_000, 0),
	}
	u.shelf.mu.Lock()
	u.shelf.kept[u.id] = volume{m, u.content}
	u.shelf.mu.Unlock()
	u.shelf.ends <- "stored"
	return &wire.MediaStored{MediaID: u.id, Size: m.Size, SHA256: found}, nil
}

func (u *spool) judge(sum, found string) error {
	switch {
	case u.fault != nil:
		return u.fault
	case len(u.content) == 0:
		return wire.Errorf(wire.CodeBadRequest, "size: is 0")
	case u.open.Size != nil && *u.open.Size != int64(len(u.content)):
		return wire.Errorf(wire.CodeBadRequest, "size: is another one")
	case sum != "" && sum != found:
		return wire.Errorf(wire.CodeBadRequest, "sha256: is another one")
	case !bytes.HasPrefix(u.content, []byte("RIFF")) || u.open.Kind != wire.InputVoice:
		return wire.Errorf(wire.CodeUnsupportedMedia, "not a recording")
	}
	return nil
}

func (u *spool) Abort() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.ended {
		u.ended = true
		u.shelf.ends <- "aborted"
	}
}

// voice is a recording of n bytes, at each place another one than nearby.
func voice(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	copy(b, "RIFF")
	return b
}

func sumOf(b []byte) string {
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:])
}

// put stores content as somebody's.
func (s *shelf) put(owner wire.ID, content []byte) wire.ID {
	u, _ := s.Begin(owner, &wire.MediaOpen{Kind: wire.InputVoice})
	_, _ = u.Write(content)
	_, _ = u.Finish(context.Background(), "")
	<-s.ends
	return u.ID()
}
