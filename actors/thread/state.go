package thread

import (
	"time"

	"go.opentelemetry.io/otel/trace"

	"recall/wire"
)

// phase is where an activation stands.
type phase int

const (
	asleep  phase = iota // nobody has asked for anything yet
	loading              // the row is being read
	absent               // there is no such thread (yet)
	ready
	stopped // overtaken, deleted or idle: answers nothing any more
)

// State is one thread. Its grain owns it; nobody else touches it.
type State struct {
	cfg   Config
	id    wire.ID
	shelf Shelf
	now   time.Time // of the step under way
	out   []Effect  // of the step under way, or the last one

	phase   phase
	creator wire.ID   // loading is for a create of this user
	parked  []Request // came while loading

	owner  wire.ID
	thread wire.Thread // as stored
	fence  int64

	log     log
	history history
	peers   map[Peer]struct{}

	recalls     recalls
	loads       map[PageKey]*load
	uncoalesced uint64 // loads that none may join, so far
	bursts      map[Peer]*burst

	sweeping bool // [BurstsOver] will come
}

// New is a thread that reads its row with its first [Request] or [Wake]. shelf is where pages of messages are kept beyond this activation.
func New(id wire.ID, cfg Config, shelf Shelf) *State {
	cfg = cfg.withDefaults()
	return &State{
		cfg:     cfg,
		id:      id,
		shelf:   shelf,
		history: history{maxEvents: cfg.HistoryEvents, maxBytes: cfg.HistoryBytes},
		peers:   map[Peer]struct{}{},
		recalls: recalls{accepting: map[wire.ID]*accepting{}},
		loads:   map[PageKey]*load{},
		bursts:  map[Peer]*burst{},
	}
}

// mostEffects bounds what a thread keeps for its effects from step to step: some steps
// are the resuming of a client that has missed hundreds of events.
const mostEffects = 64

// Step takes one input at a time and returns what is to be done, in order. The effects
// are there until the next step.
func (s *State) Step(now time.Time, in any) []Effect {
	clear(s.out) // what was done is let go
	s.now, s.out = now, s.out[:0]
	if cap(s.out) > mostEffects {
		s.out = nil
	}
	// Most inputs are progress. An actor's goroutine begins on a small stack, and all the
	// inputs of take side by side would make it grow for each piece of an answer.
	if p, ok := in.(Progress); ok {
		s.progress(p)
	} else {
		s.take(in)
	}
	return s.out
}

func (s *State) take(in any) {
	switch in := in.(type) {
	case Wake:
		s.wake(nil)
	case Request:
		s.request(in)
	case Activated:
		s.activated(in)
	case MediaUsed:
		s.mediaUsed(in)
	case Admitted:
		s.admitted(in)
	case Committed:
		s.committed(in.Err)
	case Stalled:
		s.stalled()
	case Loaded:
		s.loaded(in)
	case Looked:
		s.looked(in)
	case FoundPosting:
		s.foundPosting(in)
	case Resolved:
		s.resolved(in)
	case Due:
		s.due(in.RecallID)
	case BurstsOver:
		s.burstsOver()
	case Gone:
		delete(s.peers, in.Peer)
		delete(s.bursts, in.Peer)
	case Idle:
		s.idle()
	}
}

// Stopped tells that this activation has ended: the next one has to be asked.
func (s *State) Stopped() bool { return s.phase == stopped }

// Vacant tells that there is no such thread, as far as anybody has looked.
func (s *State) Vacant() bool { return s.phase == absent || s.phase == asleep }

// request routes a command: to the thread, or to the end of the wait for it.
func (s *State) request(r Request) {
	switch s.phase {
	case asleep:
		s.first(r)
	case loading:
		s.park(r)
	case absent:
		s.requestAbsent(r)
	case ready:
		s.requestReady(r)
	case stopped:
		s.refuse(r, wire.Unavailable())
	}
}

// first wakes the thread, unless it is for a recall that is not welcome: whoever runs a
// recall is awake (what a crash left open is woken at the start), so that there is nothing
// to join, and the database is spared.
func (s *State) first(r Request) {
	create, creates := r.Command.(*wire.ThreadCreate)
	switch {
	case r.Refusal != nil:
		s.shed(r)
	case creates: // which finds a thread that is there as well
		s.create(r, create)
	default:
		s.wake(r.Trace)
		s.park(r)
	}
}

// wake asks for the thread's row. It comes with the first request and not before, so
// that a trace shows who waited for it.
func (s *State) wake(span trace.Span) {
	if s.phase == asleep {
		s.phase = loading
		s.do(Activate{Trace: span})
	}
}

func (s *State) park(r Request) {
	if len(s.parked) >= s.cfg.Parked {
		s.refuse(r, wire.Unavailable())
		return
	}
	s.parked = append(s.parked, r)
}

// requestAbsent knows only one command: the one that makes the thread. Whoever repeats a
// deletion whose answer was lost does not find the thread in the list any more either.
func (s *State) requestAbsent(r Request) {
	create, ok := r.Command.(*wire.ThreadCreate)
	if !ok {
		if _, deletes := r.Command.(*wire.ThreadDelete); deletes {
			s.do(ListChanged{UserID: r.User})
		}
		s.refuse(r, wire.NotFound("thread"))
		return
	}
	s.create(r, create)
}

func (s *State) create(r Request, c *wire.ThreadCreate) {
	s.phase, s.creator = loading, r.User
	s.park(r)
	s.do(Create{Owner: r.User, Thread: s.fresh(c), Trace: r.Trace})
}

func (s *State) fresh(c *wire.ThreadCreate) wire.Thread {
	t := wire.Thread{ID: s.id, CreatedAt: wire.At(s.now), LastMessageAt: wire.At(s.now)}
	if c.Title != nil {
		t.Title = *c.Title
	}
	return t
}

// requestReady is the list of what a thread can be asked. Whoever is not its
// owner is told that there is no such thread.
func (s *State) requestReady(r Request) {
	if r.User != s.owner {
		s.refuse(r, wire.NotFound("thread"))
		return
	}
	switch c := r.Command.(type) {
	case *wire.ThreadCreate:
		s.subscribe(r.From)
		s.do(ListChanged{UserID: s.owner}) // also of a repeat: the answer to the first may have been lost
		s.reply(r, &wire.ThreadReply{Thread: s.view()})
	case *wire.ThreadGet:
		s.reply(r, &wire.ThreadReply{Thread: s.view()})
	case *wire.ThreadUpdate:
		s.update(r, c)
	case *wire.ThreadDelete:
		s.delete(r)
	case *wire.ThreadSubscribe:
		s.resume(r, c)
	case *wire.ThreadUnsubscribe:
		s.unsubscribe(r)
	case *wire.MessagesList:
		s.list(r, c)
	case *wire.StartRecall:
		s.startRecall(r, c)
	case *wire.CancelRecall:
		s.cancelRecall(r, c)
	case *wire.Judge:
		s.do(FindPosting{Request: r, MessageID: c.MessageID})
	case *wire.StashEdit:
		s.editStash(r, c)
	default:
		s.refuse(r, wire.Errorf(wire.CodeInternal, "not a command of a thread"))
	}
}

// activated continues with what waited for the row.
func (s *State) activated(in Activated) {
	parked := s.parked
	s.parked = nil
	switch fault := in.Err; {
	case fault == nil:
		s.adopt(in.Activation)
	case wire.AsError(fault).Code == wire.CodeNotFound && !s.creator.IsZero():
		s.phase = asleep // of what others may find nobody has heard
		parked = s.refuseOf(s.creator, parked)
	case wire.AsError(fault).Code == wire.CodeNotFound:
		s.phase = absent
	default:
		s.phase = stopped
		s.refuseAll(parked, wire.AsError(fault))
		parked = nil
		s.do(Stop{})
	}
	s.creator = wire.ID{}
	for _, r := range parked {
		s.request(r)
	}
}

// refuseOf refuses what a user asks who tried to make the thread in vain: the id is
// somebody else's, or deleted. It returns what the others ask.
func (s *State) refuseOf(user wire.ID, parked []Request) (others []Request) {
	for _, r := range parked {
		if r.User == user {
			s.refuse(r, wire.NotFound("thread"))
		} else {
			others = append(others, r)
		}
	}
	return others
}

func (s *State) refuseAll(rs []Request, e *wire.Error) {
	for _, r := range rs {
		s.refuse(r, e)
	}
}

// adopt takes the row over. Recalls that a crash left open are run again, as
// far as their budget allows. They come with a new epoch, and perhaps nobody has heard
// that they were stored, so that the kept list is out of date.
func (s *State) adopt(a wire.Activation) {
	s.phase = ready
	s.owner, s.thread, s.fence = a.Owner, a.Thread, a.Fence
	s.log.seq, s.log.stored = a.Thread.Seq, a.Thread.Seq
	if a.Thread.Seq == 0 { // nothing was ever stored: the newest page need not be read
		s.keep(0, wire.Page{})
	}
	s.history.reset(a.Thread.Seq)
	if len(a.Open) > 0 {
		s.do(ListChanged{UserID: s.owner})
	}
	for _, r := range a.Open {
		s.enqueue(&run{recall: r, since: r.AcceptedAt})
	}
	s.startNext()
}

// view is the thread as a client sees it now.
func (s *State) view() wire.Thread {
	t := s.thread
	t.Seq = s.log.seq
	return t
}

// idle stops a thread that nobody needs: it can be woken again with nothing lost. One
// that somebody still follows stays, and forgets what a stop would have forgotten: of
// thirty thousand followed threads the histories took more memory than all else.
func (s *State) idle() {
	if s.phase == loading || s.phase == stopped || !s.log.empty() || s.recalls.any() || len(s.loads) > 0 {
		return
	}
	if s.phase == ready && len(s.peers) > 0 { // nothing happens any more in a deleted thread
		s.history.reset(s.log.seq)
		return
	}
	s.phase = stopped
	s.do(Stop{})
}

func (s *State) do(e Effect) { s.out = append(s.out, e) }

func (s *State) reply(r Request, m wire.Message) {
	s.do(Deliver{To: r.From, Delivery: Delivery{Frame: wire.Reply(r.ID, m), Token: r.Token}})
}

func (s *State) refuse(r Request, e *wire.Error) {
	_, isRecall := r.Command.(*wire.StartRecall)
	s.do(Deliver{To: r.From, Delivery: Delivery{Frame: wire.Reply(r.ID, e), Token: r.Token, Limits: isRecall}})
}
