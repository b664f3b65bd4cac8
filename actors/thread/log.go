package thread

import (
	"errors"
	"slices"

	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// entry is one append to the log. Its events are made when its turn comes, since
// only then their numbers and the thread they apply to are known.
type entry struct {
	write func(firstSeq int64) draft
	then  func(err error) // a durable entry's outcome; err is nil when it is stored
	stall func()          // tells who waits for it that the store is away
	must  bool            // repeated until the store takes it: a terminal event
	trace trace.Span      // of the command that caused it
}

// mayFail tells whether the entry can be given up while the store is away:
// volatile ones need no store, and a terminal event must reach it.
func (e entry) mayFail() bool { return e.then != nil && !e.must }

// draft is what an entry writes: its events, and the commit when it is durable.
type draft struct {
	events []event
	commit *wire.Commit
}

// event is one thread event before it has its place.
type event struct {
	recall wire.ID // zero when it belongs to no recall
	body   wire.Event
}

// log is the order of everything that happens in the thread.
type log struct {
	seq      int64 // of the last published event
	stored   int64 // of the last durable event
	waiting  []entry
	inflight *draft // the head's draft while the store has it
	stalled  bool   // the store does not take the head at once
	held     bool   // events are being published: what is appended now comes after them
}

func (l *log) empty() bool { return len(l.waiting) == 0 }

// mostEntries bounds the places that an empty log keeps.
const mostEntries = 4

// pop takes the head out, and with it all that it holds: an entry that stayed behind in
// its place would keep its recall for as long as the thread is awake.
func (l *log) pop() {
	l.waiting = slices.Delete(l.waiting, 0, 1)
	if len(l.waiting) == 0 && cap(l.waiting) > mostEntries {
		l.waiting = nil
	}
}

// free tells whether the next entry may be published or sent to the store.
func (l *log) free() bool { return !l.held && l.inflight == nil }

// say appends a volatile event. Nearly always nothing lies before it in the log, and then
// it is published at once, which spares a piece of an answer the entry and its draft.
func (s *State) say(recall wire.ID, e wire.Event) {
	if s.phase == ready && s.log.free() && s.log.empty() {
		s.publish(recall, e)
		return
	}
	s.append(entry{write: func(int64) draft { return draft{events: []event{{recall, e}}} }})
}

// append puts an entry at the end of the log. While the store is away or the log
// is full, durable entries that may fail do so at once; after the thread's end all do.
func (s *State) append(e entry) {
	if s.phase != ready {
		fail([]entry{e}, s.closed())
		return
	}
	if e.mayFail() && (s.log.stalled || len(s.log.waiting) >= s.cfg.Parked) {
		e.then(wire.Unavailable())
		return
	}
	s.log.waiting = append(s.log.waiting, e)
	s.pump()
}

// pump publishes what it can, up to the first entry that must be stored first.
func (s *State) pump() {
	for s.phase == ready && s.log.free() && len(s.log.waiting) > 0 {
		head := s.log.waiting[0]
		d := head.write(s.log.seq + 1)
		if d.commit != nil {
			s.send(d, head)
			return
		}
		s.log.pop()
		s.publishAll(d.events)
	}
}

func (s *State) send(d draft, head entry) {
	d.commit.ThreadID, d.commit.Owner, d.commit.Fence = s.id, s.owner, s.fence
	d.commit.Seq = s.log.seq + int64(len(d.events))
	s.log.inflight = &d
	s.do(Commit{Commit: d.commit, Must: head.must, Trace: head.trace})
}

// committed is the store's word on the entry in flight.
func (s *State) committed(err error) {
	if s.log.inflight == nil {
		return
	}
	d, head, unsure := *s.log.inflight, s.log.waiting[0], s.log.stalled
	s.log.inflight, s.log.stalled = nil, false
	s.log.pop()
	switch {
	case errors.Is(err, wire.ErrStale), errors.Is(err, wire.ErrUnsure):
		s.overtaken(head, unsure || errors.Is(err, wire.ErrUnsure))
		return
	case err == nil:
		s.kept(d, head)
	default:
		head.then(err)
	}
	s.pump()
}

// kept publishes what the store has taken. The reply to the one who asked goes
// out ahead of the events that it caused.
func (s *State) kept(d draft, head entry) {
	s.remember(d.commit)
	s.log.held = true
	head.then(nil)
	s.publishAll(d.events)
	s.log.held = false
}

// remember takes over what is stored now.
func (s *State) remember(c *wire.Commit) {
	s.shelve(c)
	s.log.stored = c.Seq
	clear(s.bursts) // their pages lack this
	if c.Thread != nil {
		s.thread = *c.Thread
	}
	if n := len(c.Postings); n > 0 {
		s.thread.LastMessageAt = c.Postings[n-1].CreatedAt
	}
	s.do(ListChanged{UserID: s.owner}) // whatever it was: the list tells the seq
}

func (s *State) publishAll(events []event) {
	for _, e := range events {
		s.publish(e.recall, e.body)
	}
}

// publish numbers an event, keeps it for those who resume, and sends it.
func (s *State) publish(recall wire.ID, body wire.Event) {
	s.log.seq++
	frame := wire.EventFrameIn(s.history.keep, wire.Envelope{
		ThreadID: s.id, RecallID: recall, Seq: s.log.seq, Epoch: s.thread.Epoch, TS: wire.At(s.now),
	}, body)
	if len(s.peers) > 0 {
		s.do(Broadcast{Frame: frame})
	}
}

// stalled tells everybody who waits for the store that it is away. The entry in
// flight goes on being tried; those behind it that may fail do so now.
func (s *State) stalled() {
	if s.log.inflight == nil || s.log.stalled {
		return
	}
	s.log.stalled = true
	head, behind := s.log.waiting[0], s.log.waiting[1:]
	s.log.waiting = []entry{head}
	if head.stall != nil {
		head.stall()
	}
	for _, e := range behind {
		if e.mayFail() {
			e.then(wire.Unavailable())
			continue
		}
		s.log.waiting = append(s.log.waiting, e)
	}
}

// overtaken ends this activation: another one owns the thread now and will
// finish what is open. The write in flight was not kept, unless an earlier try of
// it was, and then the list lacks it.
func (s *State) overtaken(head entry, unsure bool) {
	s.phase = stopped
	s.do(ListChanged{UserID: s.owner})
	err := error(wire.Unavailable())
	if unsure {
		err = wire.ErrUnsure
	}
	fail([]entry{head}, err)
	s.retire()
}

// retire ends this activation with an answer to everybody who waits. The
// subscribers are sent to the next one.
func (s *State) retire() {
	s.phase = stopped
	s.empty(wire.Unavailable())
	for _, r := range s.recalls.queue {
		s.do(Abandon{RecallID: r.recall.ID})
	}
	s.do(Disown{})
	s.do(Stop{})
}

// empty ends every wait: for a place in the log, for the limits, for a page.
func (s *State) empty(e *wire.Error) {
	waiting := s.log.waiting
	s.log.waiting = nil
	fail(waiting, e)
	s.dropAll(e)
	for key, l := range s.loads {
		delete(s.loads, key)
		for _, use := range l.waiting {
			use(wire.Page{}, e)
		}
	}
}

func fail(entries []entry, err error) {
	for _, e := range entries {
		if e.then != nil {
			e.then(err)
		}
	}
}

// closed is what a thread says that takes nothing more.
func (s *State) closed() *wire.Error {
	if s.phase == absent {
		return wire.NotFound("thread")
	}
	return wire.Unavailable()
}
