package judge

import (
	"sync"
	"time"

	"recall/wire"
)

// Limits are the promises about numbers that a run is judged by. A limit of 0 is
// not judged.
type Limits struct {
	PerMinute int // recalls of a user in any 60 s
	PerHour   int // recalls of a user in any 3600 s
	AtOnce    int // recalls of a user under way at once

	// Killed: servers are killed on purpose, so connections may end without a code.
	Killed bool
	// Floods: devices send floods of frames, so recalls may be refused by policy frames.
	Floods bool
}

// Judge hears what devices do and see, and tells in the end what was broken. It
// asks no clock: every time is the caller's, all from one clock. It is safe for
// concurrent use, and no call takes longer than a few map lookups.
type Judge struct {
	limits Limits

	mu       sync.Mutex
	start    time.Time // of the first report; kept times are distances from it
	users    map[string]*user
	requests map[key]*request
	recalls  map[wire.ID]*recall
	threads  map[wire.ID]*thread
	devices  map[string]uint32 // a short number for each name
	names    []string          // by that number

	accepted int            // recalls
	refused  map[string]int // commands, by code
	endings  int            // terminal events on devices
	closed   int            // connections

	// Found while listening; the rest is found by Verdict.
	faults, foreign, unfit, double, policies, codes offenders
}

// New makes a judge of users that have no history: recalls from before the run
// would count in limits that it knows nothing of.
func New(l Limits) *Judge {
	return &Judge{
		limits: l, users: map[string]*user{}, requests: map[key]*request{}, recalls: map[wire.ID]*recall{},
		threads: map[wire.ID]*thread{}, devices: map[string]uint32{}, refused: map[string]int{},
	}
}

// forever is later than everything.
const forever = int64(1) << 62

// since is a time as the judge keeps it: 8 bytes, and free of the wall clock
// when the caller's time is.
func (j *Judge) since(at time.Time) int64 {
	if j.start.IsZero() {
		j.start = at
	}
	return int64(at.Sub(j.start))
}

// user is one user, with what a history needs that is no recall.
type user struct {
	id       wire.ID
	refusals []refusal
}

func (j *Judge) user(name string) *user {
	u, ok := j.users[name]
	if !ok {
		u = &user{id: j.id("user", name)}
		j.users[name] = u
	}
	return u
}

func (j *Judge) device(name string) uint32 {
	n, ok := j.devices[name]
	if !ok {
		n = uint32(len(j.names))
		j.devices[name], j.names = n, append(j.names, name)
	}
	return n
}

// id reads an id; one that is none is itself an offence, as all come from the
// server or were accepted by it.
func (j *Judge) id(what, text string) wire.ID {
	id, err := wire.ParseID(text)
	if err != nil {
		j.unfit.add("%s %q %v", what, text, err)
	}
	return id
}
