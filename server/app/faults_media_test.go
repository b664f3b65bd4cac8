package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
	"sync"
	"time"

	"recall/actors/recall"
	double "recall/stress/emulator/services"
	"recall/wire"
)

// drawer is a [recall.Library] and a [thread.Media] of clips and pictures that the
// double knows by what is in them.
type drawer struct {
	mu    sync.Mutex
	clips map[wire.ID]recall.Clip
}

// put uploads "hum:Africa", "album:Thriller" and the like. Copies of different numbers
// pass for different recordings.
func (d *drawer) put(name string, number int) wire.ID {
	id, clip := wire.NewID(), clipOf(name)
	clip.SHA256 += strings.Repeat("+", number)
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.clips == nil {
		d.clips = map[wire.ID]recall.Clip{}
	}
	d.clips[id] = clip
	return id
}

// Clip implements [recall.Library].
func (d *drawer) Clip(_ context.Context, _, id wire.ID) (recall.Clip, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, there := d.clips[id]
	if !there {
		return c, wire.NotFound("media")
	}
	return c, nil
}

// Use implements [thread.Media].
func (*drawer) Use(context.Context, wire.ID, wire.ID, wire.InputKind) error { return nil }

// made are the clips so far: making one takes longer than recognizing it.
var made sync.Map

func clipOf(name string) recall.Clip {
	if c, known := made.Load(name); known {
		return c.(recall.Clip)
	}
	c := recall.Clip{ContentType: "audio/wav", Extension: ".wav"}
	content := []byte(nil)
	if strings.HasPrefix(name, "album:") {
		c.ContentType, c.Extension, content = "image/png", ".png", double.Picture(name)
	} else {
		content = double.Clip(name)
	}
	sum := sha256.Sum256(content)
	c.Size, c.SHA256 = int64(len(content)), hex.EncodeToString(sum[:])
	c.Open = func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	made.Store(name, c)
	return c
}

// tally is a [provider.Meter] that remembers every attempt in its order.
type tally struct {
	mu        sync.Mutex
	attempts  map[string][]string // outcomes by service, or the reasons of refusals
	coalesced map[string]int
}

func newTally() *tally {
	return &tally{attempts: map[string][]string{}, coalesced: map[string]int{}}
}

// Called implements [provider.Meter].
func (m *tally) Called(service, outcome string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.attempts[service] = append(m.attempts[service], outcome)
}

// StateChanged implements [provider.Meter].
func (*tally) StateChanged(string, string, string) {}

// Coalesced implements [provider.Meter].
func (m *tally) Coalesced(service string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.coalesced[service]++
}

// Hit and Miss implement [provider.Meter].
func (*tally) Hit(string, string) {}
func (*tally) Miss(string)        {}

// of are the outcomes of a service's attempts so far.
func (m *tally) of(service string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.attempts[service]...)
}

// joined counts the callers that joined a call of somebody else.
func (m *tally) joined(service string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.coalesced[service]
}
