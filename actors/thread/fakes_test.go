package thread

import (
	"encoding/json"
	"time"

	"recall/actors/user"
	"recall/wire"
)

// frame is one decoded frame.
type frame struct {
	Type      string          `json:"type"`
	ID        string          `json:"id"`
	Seq       int64           `json:"seq"`
	Epoch     string          `json:"epoch"`
	RecallID  wire.ID         `json:"recall_id"`
	Code      wire.Code       `json:"code"`
	Recovered bool            `json:"recovered"`
	Active    wire.ID         `json:"active_recall_id"`
	Message   json.RawMessage `json:"message"` // a posting, or the words of an error
	Messages  []*wire.Posting `json:"messages"`
	HasMore   bool            `json:"has_more"`
	Cached    bool            `json:"cached"`
	Thread    *wire.Thread    `json:"thread"`
	Item      *wire.StashItem `json:"item"`
	TS        string          `json:"ts"` // events only
	Limits    bool            `json:"-"`
}

// posting is the frame's message.
func (f frame) posting() (p wire.Posting) {
	_ = json.Unmarshal(f.Message, &p)
	return p
}

func (f frame) isEvent() bool { return f.TS != "" }

func (f frame) isTerminal() bool {
	switch f.Type {
	case "recall.completed", "recall.failed", "recall.cancelled", "recall.expired":
		return f.isEvent()
	}
	return false
}

// pagesOf is a [Shelf] without a bound.
type pagesOf map[wire.ID]Book

func (p pagesOf) Book(id wire.ID) (Book, bool) { b, ok := p[id]; return b, ok }
func (p pagesOf) Keep(id wire.ID, b Book)      { p[id] = b }

// counter is a [Meter].
type counter struct {
	hits, misses, coalesced, prefetched, shed map[string]int
	ended                                     map[string][]time.Duration // by state
}

func newCounter() counter {
	return counter{map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, map[string][]time.Duration{}}
}

func (c counter) Hit(cache, _ string) { c.hits[cache]++ }
func (c counter) Miss(cache string)   { c.misses[cache]++ }
func (c counter) Coalesced(op string) { c.coalesced[op]++ }
func (c counter) Ended(_ wire.ID, _ wire.InputKind, state string, took time.Duration) {
	c.ended[state] = append(c.ended[state], took)
}
func (c counter) Debounced(op string)     { c.coalesced["debounced "+op]++ }
func (c counter) Prefetched(op string)    { c.prefetched[op]++ }
func (c counter) Admitted(wire.ID)        {}
func (c counter) Refused(wire.ID, string) {}
func (c counter) Shed(reason string)      { c.shed[reason]++ }

// gate stands for the user's grain: it admits everything, joins by request_id,
// and knows which slots are taken.
type gate struct {
	slots     map[wire.ID]bool
	byRequest map[wire.ID]wire.Recall
	refuse    *wire.Error
	refunds   int
	returned  map[wire.ID][]Release // of recalls that were let in, what came back
}

func newGate() *gate {
	return &gate{slots: map[wire.ID]bool{}, byRequest: map[wire.ID]wire.Recall{}, returned: map[wire.ID][]Release{}}
}

func (g *gate) admit(now time.Time, r wire.Recall) user.Decision {
	if earlier, known := g.byRequest[r.RequestID]; known {
		return user.Decision{RecallID: earlier.ID, ThreadID: earlier.ThreadID, Joins: true}
	}
	if g.refuse != nil {
		return user.Decision{RecallID: r.ID, Refused: g.refuse}
	}
	g.slots[r.ID], g.byRequest[r.RequestID] = true, r
	g.returned[r.ID] = nil
	return user.Decision{RecallID: r.ID, ThreadID: r.ThreadID, At: now}
}

func (g *gate) release(e Release) {
	if before, admitted := g.returned[e.RecallID]; admitted {
		g.returned[e.RecallID] = append(before, e)
	}
	delete(g.slots, e.RecallID)
	if !e.Refund {
		return
	}
	g.refunds++
	for request, r := range g.byRequest {
		if r.ID == e.RecallID {
			delete(g.byRequest, request)
		}
	}
}
