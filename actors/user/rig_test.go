package user

import (
	"encoding/binary"
	"time"

	"recall/wire"
)

// start is when the tests begin: a whole millisecond, as the database keeps them.
var start = time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)

// id makes the n-th id.
func id(n int) (id wire.ID) {
	binary.BigEndian.PutUint64(id[8:], uint64(n)+1)
	return id
}

// kept is a [Lists] without a bound.
type kept struct {
	pages Pages
	there bool
}

func (k *kept) Get() (Pages, bool) { return k.pages, k.there }
func (k *kept) Keep(p Pages)       { k.pages, k.there = p, true }
func (k *kept) Drop()              { k.pages, k.there = Pages{}, false }

// awake is a user whose log has been read.
func awake(cfg Config, now time.Time, log ...wire.Admission) *State {
	s := New(cfg, &kept{})
	s.Step(now, Call{Body: ShowLimits{}})
	s.Step(now, Rebuilt{Log: log})
	return s
}

// call gives a call and returns its answer, nil when there is none.
func call(s *State, now time.Time, body any) any {
	for _, e := range s.Step(now, Call{From: "me", Body: body}) {
		if a, ok := e.(Answer); ok {
			return a.Body
		}
	}
	return nil
}

// admit asks for recall n with its own request_id.
func admit(s *State, now time.Time, n int) Decision {
	return call(s, now, Admit{Recall: wire.Recall{ID: id(n), RequestID: id(1_000_000 + n), ThreadID: id(0)}}).(Decision)
}

func release(s *State, now time.Time, n int) { call(s, now, Release{RecallID: id(n)}) }
func refund(s *State, now time.Time, n int)  { call(s, now, Release{RecallID: id(n), Refund: true}) }

// once admits recall n and ends it.
func once(s *State, now time.Time, n int) Decision {
	d := admit(s, now, n)
	release(s, now, n)
	return d
}

// standing is one policy's limit.
func standing(s *State, now time.Time, p wire.Policy) wire.Limit {
	for _, l := range call(s, now, ShowLimits{}).(Standing).Limits {
		if l.Policy == p {
			return l
		}
	}
	return wire.Limit{}
}
