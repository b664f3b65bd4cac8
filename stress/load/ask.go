package load

import (
	"math/rand/v2"
	"strconv"
	"time"

	"recall/stress/device"
)

// ask is one recall on its way.
type ask struct {
	kind    Kind
	due     time.Time
	step    *step // of a rising rate; nil otherwise
	request string
	room    *room
	input   string // as JSON
	cancel  time.Duration
	started bool // some event of it has come
	blind   bool // sent again into a thread of which the device knows nothing
}

// slowest is when a recall counts as lost: the server promises an end within 55 s.
const slowest = time.Minute

// text asks a question in a thread.
func (u *user) text(a *ask, question string) {
	a.input = `{"kind":"text","text":` + strconv.Quote(question) + `}`
	u.send(a)
}

// send sends the recall, for the first time or again.
func (u *user) send(a *ask) {
	if a.request == "" {
		a.request = device.NewUUID()
	}
	u.mu.Lock()
	u.asks[a.request] = a
	u.mu.Unlock()
	u.load.judge.Asked(u.id, a.request, time.Now())
	u.fire("recall", `"thread_id":"`+a.room.id+`","request_id":"`+a.request+`","input":`+a.input, func(h *device.Head, at time.Time) {
		switch {
		case h == nil:
			u.load.judge.Lost(u.id, a.request) // it stays in asks, to be sent again
		case string(h.Type) == "recall.accepted":
			u.accepted(a, h, at)
		default:
			u.refused(a, h, at)
		}
	})
}

// again sends what the connection before left without an answer: it may have come about,
// and then the server joins it. So may the thread.
func (u *user) again() {
	u.mu.Lock()
	var lost []*ask
	for _, a := range u.asks {
		lost = append(lost, a)
	}
	u.mu.Unlock()
	for _, a := range lost {
		a.blind = !u.places.Has(a.room.id)
		u.create(a.room)
		u.send(a)
	}
}

func (u *user) accepted(a *ask, h *device.Head, at time.Time) {
	var told struct {
		Message struct {
			ID string `json:"id"`
		} `json:"message"`
	}
	if err := h.Into(&told); err != nil {
		u.load.tally.fail("recall.accepted cannot be read")
	}
	recall := string(h.RecallID)
	u.load.judge.Accepted(u.id, a.request, recall, string(h.ThreadID), told.Message.ID, at)
	u.mu.Lock()
	if u.asks[a.request] != a { // it was sent twice, and this is the second answer
		u.mu.Unlock()
		return
	}
	delete(u.asks, a.request)
	u.open[recall] = a
	end, ended := u.early[recall]
	delete(u.early, recall)
	u.mu.Unlock()
	u.load.tally.accepted.Add(1)
	u.load.tally.acceptance.Record(at.Sub(a.due))
	switch {
	case ended:
		u.ended(recall, end)
	case a.blind:
		u.look(a.room.id)
	case a.kind == Cancel:
		time.AfterFunc(a.cancel, func() { u.takeBack(recall) })
	}
}

// look asks how a thread stands of whose events so far nobody can tell.
func (u *user) look(thread string) {
	u.fire("thread.subscribe", `"thread_id":"`+thread+`"`, func(h *device.Head, at time.Time) {
		if h != nil && u.expect(h, "subscribed", "thread.subscribe") {
			u.missed(thread, active(h), at)
		}
	})
}

// active is the recall that runs in a thread that was subscribed to; empty: none.
func active(h *device.Head) string {
	var told struct {
		Active string `json:"active_recall_id"`
	}
	_ = h.Into(&told) // its head was JSON a moment ago
	return told.Active
}

// takeBack cancels; a recall that has ended meanwhile is no error of anybody.
func (u *user) takeBack(recall string) {
	u.fire("recall.cancel", `"recall_id":"`+recall+`"`, func(h *device.Head, _ time.Time) {
		if h != nil {
			u.expect(h, "ok", "recall.cancel")
		}
	})
}

// refused is an error of all but those who hammer, and of these when it is no limit.
func (u *user) refused(a *ask, h *device.Head, at time.Time) {
	code, policy := string(h.Code), string(h.Policy)
	u.load.judge.Refused(u.id, a.request, code, policy, at)
	u.mu.Lock()
	known := u.asks[a.request] == a
	if known {
		delete(u.asks, a.request)
		a.room.open--
	}
	u.mu.Unlock()
	if !known {
		return // as above
	}
	u.load.tally.refuse(code, policy)
	if !u.hammers || code != "rate_limited" || policy == "frames" {
		u.load.tally.fail("recall refused: %s %s", code, policy)
		a.step.fail()
	}
}

// event looks at an event of a recall.
func (u *user) event(h *device.Head, at time.Time) {
	u.mu.Lock()
	a := u.open[string(h.RecallID)]
	first := a != nil && !a.started
	if first {
		a.started = true
	}
	unknown := a == nil && len(u.asks) > 0
	u.mu.Unlock()
	if first {
		u.load.tally.first.Record(at.Sub(a.due))
		a.step.began(at.Sub(a.due))
	}
	if !h.IsTerminal() {
		return
	}
	recall, end := string(h.RecallID), ending{kind: string(h.Type), at: at}
	end.noMatch = h.Has(`"status":"no_match"`)
	end.degraded = h.Has(`"degraded":[{`)
	u.load.judge.Ended(u.id, recall, end.kind, at)
	switch {
	case a != nil:
		u.ended(recall, end)
	case unknown:
		u.mu.Lock()
		u.early[recall] = end
		u.mu.Unlock()
	}
}

// ended settles a recall. Its slot is free from now on as far as we know.
func (u *user) ended(recall string, end ending) {
	u.mu.Lock()
	a := u.open[recall]
	delete(u.open, recall)
	if a != nil {
		a.room.open--
	}
	u.mu.Unlock()
	if a != nil {
		u.load.tally.settle(a, end)
	}
}

// missed settles what was open in a thread whose gap nobody can bridge: it goes on if
// the server says so, and else it has ended unseen. The judge looks into the database.
func (u *user) missed(thread, active string, at time.Time) {
	u.load.judge.Gap(thread, at)
	u.mu.Lock()
	defer u.mu.Unlock()
	for recall, a := range u.open {
		if a.room.id == thread && recall != active {
			delete(u.open, recall)
			a.room.open--
			u.load.tally.unseen.Add(1)
			a.step.unseen()
		}
	}
}

// cancelAfter is from at once to the length of a usual recall.
func cancelAfter(luck uint64) time.Duration {
	return time.Duration(rand.New(rand.NewPCG(luck, 1)).IntN(300)) * time.Millisecond
}
