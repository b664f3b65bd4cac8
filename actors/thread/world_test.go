package thread

import (
	"context"
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"recall/actors/grain"
	"recall/actors/recall"
	"recall/wire"
)

// watcher is subscribed as long as an activation lives.
var watcher = Peer{ID: "watcher"}

// world is a rig that a property test plays with.
type world struct {
	*rig
	t        *rapid.T
	requests []wire.ID
	recalls  []wire.ID            // as clients were told
	views    map[string][][]frame // by peer: what it saw without a break
	places   map[string]string    // the event at (epoch, seq)
	ends     map[string]int       // by peer and recall
	pending  map[string]int       // replies that a command still lacks
	adopted  map[wire.ID]bool     // run again by an activation before anybody could subscribe
	writes   map[string]bool      // commands that change what a list shows
	calm     bool                 // one activation served all of it, and every decision of the limits came through
}

func newWorld(t *rapid.T) *world {
	w := &world{
		rig: newRig(t, Config{HistoryEvents: 20}), t: t,
		views: map[string][][]frame{}, places: map[string]string{}, ends: map[string]int{},
		adopted: map[wire.ID]bool{}, pending: map[string]int{}, writes: map[string]bool{},
	}
	w.acked = w.judgeList
	if rapid.Bool().Draw(t, "with all optimisations") {
		w.bare, w.cfg.Without = false, grain.Without{}
	} else {
		w.bare, w.cfg.Without = true, grain.Without{Coalescing: true, Debounce: true, Prefetch: true}
	}
	w.restart()
	w.calm = true
	return w
}

// restart drops the activation and begins another. The slot of a recall that was
// admitted and not stored comes back with the hard cap of the user's limits.
func (w *world) restart() {
	w.calm = false
	for p := range w.frames {
		w.endView(p)
	}
	clear(w.pending)
	w.wake()
	w.holding = func(e Effect) bool { return kindOf(e) != "" && kindOf(e) != "activate" }
	open := map[wire.ID]bool{}
	for _, a := range w.rows() {
		open[a.RecallID] = !a.Ended
	}
	for id := range w.users.slots {
		if !open[id] {
			delete(w.users.slots, id)
		}
	}
	w.adopted[w.state.recalls.active()] = true
	w.subscribeAs(watcher)
}

func (w *world) rows() []wire.Admission {
	rows, err := w.mem.Admissions(context.Background(), w.owner, time.Time{})
	if err != nil {
		w.Fatalf("%v", err)
	}
	return rows
}

// endView closes what a peer saw so far: what it sees next may follow a gap.
func (w *world) endView(p Peer) {
	for _, f := range w.frames[p] {
		if f.Type == "recall.accepted" {
			w.told(p, f)
		}
		if f.ID != "" {
			w.pending[f.ID]--
		}
	}
	w.views[p.ID] = append(w.views[p.ID], w.events(p))
	delete(w.frames, p)
}

func (w *world) told(p Peer, f frame) {
	request := f.posting().RecallID
	if request != f.RecallID {
		w.Fatalf("%s: the message of recall %s belongs to %s", p.ID, f.RecallID, request)
	}
	w.recalls = append(w.recalls, f.RecallID)
}

func (w *world) subscribeAs(p Peer) {
	w.feed(Request{From: p, User: w.owner, Command: &wire.ThreadSubscribe{ThreadID: w.id}})
}

func (w *world) peer() Peer { return rapid.SampledFrom([]Peer{ann, ben, eve}).Draw(w.t, "peer") }

func (w *world) give(c wire.Command) {
	id := w.newID().String()
	w.pending[id] = 1
	switch c.(type) {
	case *wire.ThreadCreate, *wire.ThreadUpdate, *wire.ThreadDelete, *wire.StartRecall, *wire.StashEdit:
		w.writes[id] = true
	}
	w.feed(Request{From: w.peer(), ID: id, User: w.owner, Command: c})
}

// answered checks that every command of this activation has its one reply.
func (w *world) answered() {
	for p := range w.frames {
		w.endView(p)
	}
	for id, n := range w.pending {
		if n != 0 {
			w.Fatalf("command %s lacks %d replies", id, n)
		}
	}
}

// some is any recall under way or told of.
func (w *world) some() wire.ID {
	ids := slices.Clone(w.recalls)
	for id := range w.running {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b wire.ID) int { return slices.Compare(a[:], b[:]) })
	if len(ids) == 0 {
		return wire.ID{}
	}
	return rapid.SampledFrom(ids).Draw(w.t, "recall")
}

// worked is some recall that a resolver may speak of: not one that still waits.
func (w *world) worked() wire.ID {
	id := w.some()
	if q := w.state.recalls.find(id); q != nil && !q.started {
		return wire.ID{}
	}
	return id
}

func (w *world) actions() map[string]func(*rapid.T) {
	return map[string]func(*rapid.T){
		"ask": func(*rapid.T) {
			w.requests = append(w.requests, w.newID())
			w.give(question(w.requests[len(w.requests)-1], "x"))
		},
		"ask aloud": func(*rapid.T) {
			w.requests = append(w.requests, w.newID())
			w.give(&wire.StartRecall{RequestID: w.requests[len(w.requests)-1], Input: wire.Input{Kind: wire.InputVoice, MediaID: w.upload(wire.InputVoice)}})
		},
		"hear":      func(*rapid.T) { w.progress(w.worked(), &recall.Heard{Text: "words"}) },
		"no upload": func(*rapid.T) { w.media.away = wire.Unavailable() },
		"ask again": func(t *rapid.T) {
			if len(w.requests) > 0 {
				w.give(question(rapid.SampledFrom(w.requests).Draw(t, "request"), "x"))
			}
		},
		"cancel":    func(*rapid.T) { w.give(&wire.CancelRecall{RecallID: w.some()}) },
		"update":    func(*rapid.T) { w.give(&wire.ThreadUpdate{Pinned: ptr(true)}) },
		"list":      func(*rapid.T) { w.give(&wire.MessagesList{}) },
		"stash":     func(*rapid.T) { w.give(&wire.StashEdit{Add: true}) },
		"judge":     func(*rapid.T) { w.judgeSome() },
		"create":    func(*rapid.T) { w.give(&wire.ThreadCreate{}) },
		"delete":    func(t *rapid.T) { w.deleteRarely(t) },
		"sweep":     func(*rapid.T) { w.sweep() },
		"leave":     func(*rapid.T) { w.leave(w.peer()) },
		"subscribe": func(*rapid.T) { w.subscribeOnce(w.peer()) },
		"progress":  func(*rapid.T) { w.progress(w.worked(), offer(len(w.recalls)%3, 0.5)) },
		"resolve":   func(*rapid.T) { w.resolve(w.worked(), done(song(1, 0.8))) },
		"resolve 2": func(*rapid.T) { w.resolve(w.worked(), done()) },
		"time": func(t *rapid.T) {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(t, "s")) * time.Second)
			w.due()
		},
		"do": func(*rapid.T) { w.doOne() }, "do 2": func(*rapid.T) { w.doOne() }, "do 3": func(*rapid.T) { w.doOne() },
		"do all":          func(*rapid.T) { w.doAll() },
		"idle":            func(*rapid.T) { w.feed(Idle{}) },
		"crash":           func(t *rapid.T) { w.rarely(t, w.restart) },
		"overtake":        func(t *rapid.T) { w.rarely(t, w.overtake) },
		"store away":      func(*rapid.T) { w.mem.FailNext("Commit", wire.Unavailable()) },
		"store in doubt":  func(*rapid.T) { w.mem.FailNext("Commit", wire.ErrUnsure) },
		"answer lost":     func(*rapid.T) { w.mem.LoseAnswer(wire.ErrUnsure) },
		"store refuses":   func(t *rapid.T) { w.rarely(t, func() { w.mem.FailNext("Commit", errors.New("odd")) }) },
		"no page":         func(*rapid.T) { w.mem.FailNext("Page", wire.Unavailable()) },
		"no look-up":      func(*rapid.T) { w.mem.FailNext("RecallByRequest", wire.Unavailable()) },
		"limits' silence": func(*rapid.T) { w.loseAdmission() },
		"":                func(*rapid.T) { w.stopIfStopped(); w.keepList() },
	}
}

func (w *world) rarely(t *rapid.T, f func()) {
	if rapid.IntRange(0, 3).Draw(t, "dice") == 0 {
		f()
	}
}

// sweep lets the clock of the bursts run out, if there is one.
func (w *world) sweep() {
	if w.sweeps > 0 {
		w.sweeps--
		w.feed(BurstsOver{})
	}
}

// overtake is another activation, which tells the list what it finds open.
func (w *world) overtake() {
	_, _ = w.mem.Activate(context.Background(), w.id)
	w.kept = nil
}

func (w *world) deleteRarely(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "dice") == 0 {
		w.give(&wire.ThreadDelete{})
	}
}

func (w *world) judgeSome() {
	p, _ := w.mem.Page(context.Background(), wire.PageQuery{ThreadID: w.id, Limit: 1})
	if len(p.Postings) > 0 {
		judge := &wire.Judge{MessageID: p.Postings[0].ID, Verdict: wire.Confirmed}
		w.feed(Request{From: w.peer(), User: w.owner, Command: judge})
	}
}

func (w *world) leave(p Peer) {
	w.endView(p)
	delete(w.subscribed, p)
	w.feed(Gone{Peer: p})
}

func (w *world) subscribeOnce(p Peer) {
	if !w.subscribed[p] {
		w.endView(p)
		w.subscribeAs(p)
	}
}

// doOne carries out any effect that waits, so that results come in any order.
func (w *world) doOne() {
	if len(w.held) > 0 {
		w.releaseAt(rapid.IntRange(0, len(w.held)-1).Draw(w.t, "held"))
	}
}

func (w *world) doAll() {
	for tries := 0; len(w.held) > 0 && tries < 100 && !w.stopped; tries++ {
		w.releaseAt(0)
	}
}

// loseAdmission lets the limits decide, but their answer is lost.
func (w *world) loseAdmission() {
	i := slices.IndexFunc(w.held, func(e Effect) bool { return kindOf(e) == "admit" })
	if i < 0 {
		return
	}
	e := w.held[i].(Admit)
	w.held = slices.Delete(w.held, i, i+1)
	w.users.admit(w.now, e.Recall)
	w.calm = false
	w.feed(Admitted{Request: e.Recall.RequestID, RecallID: e.Recall.ID, Err: wire.Unavailable()})
}

// stopIfStopped wakes the next activation, as the next command would.
func (w *world) stopIfStopped() {
	if w.stopped {
		w.answered()
		w.restart()
	}
}
