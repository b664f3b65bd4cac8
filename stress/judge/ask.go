package judge

import (
	"time"

	"recall/wire"
)

// key names a request: the idempotency key is the user's own.
type key struct {
	user *user
	id   wire.ID
}

// standing is what is known of a request's place in the limits.
type standing uint8

const (
	open  standing = iota // no answer yet, or only refusals that cost nothing
	maybe                 // an answer was lost or undecided: it may count
	taken                 // accepted: it counts
)

// request is one request_id, however often it was asked. When it took its place
// in the limits is unknown, but not before first and not after latest.
type request struct {
	recall   *recall // of a taken one
	recallID wire.ID
	first    int64
	latest   int64
	sent     int64  // the earliest ask that has no answer yet
	asked    int64  // the last ask
	pending  uint16 // asks without an answer
	standing standing
}

// refusal is one answer of a limit, decided between sent and at.
type refusal struct {
	request  wire.ID
	sent, at int64
	policy   policy
	joined   bool // the request had been accepted before it was sent again
}

// Asked says that a recall is about to be sent, for the first time or again.
func (j *Judge) Asked(user, requestID string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, now := key{j.user(user), j.id("request_id", requestID)}, j.since(at)
	r, ok := j.requests[k]
	if !ok {
		r = &request{first: now}
		j.requests[k] = r
	}
	if r.pending == 0 {
		r.sent = now
	}
	r.asked = now
	r.pending++
}

// Accepted says that recall.accepted came. messageID is the user's message.
func (j *Judge) Accepted(user, requestID, recallID, threadID, messageID string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	u, now := j.user(user), j.since(at)
	id, threadKey := j.id("recall_id", recallID), j.id("thread_id", threadID)
	r := j.answered(u, requestID, now)
	if r.standing == taken {
		if r.recallID != id {
			j.unfit.add("request %s is recall %s and recall %s", requestID, r.recallID, id)
		}
		r.latest = min(r.latest, now)
		return
	}
	c := j.recall(id)
	if c.accepted {
		j.unfit.add("recall %s answers two requests", id)
	}
	c.accepted, c.thread, c.message = true, threadKey, j.id("message.id", messageID)
	r.standing, r.latest, r.recall, r.recallID = taken, now, c, id
	j.accepted++
	j.owned(u, threadKey)
}

// settled is the time after which what nobody told us has come to rest: a lost
// recall took its place by then or never will, and one that took it has given its
// slot back. A recall lasts 55 s at most; this is twice as long and more.
const settled = int64(2 * time.Minute)

// costless are the codes by which a recall is refused before the limits are
// asked, and by the limits. Behind any other one it may have been counted.
var costless = map[string]bool{"rate_limited": true, "busy": true, "bad_request": true, "unknown_type": true}

// Refused says that an error came instead; policy is that of rate_limited.
func (j *Judge) Refused(user, requestID, code, policy string, at time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	u, now := j.user(user), j.since(at)
	r := j.answered(u, requestID, now)
	j.refused[code]++
	if code == "rate_limited" {
		j.limited(u, r, requestID, policy, now)
	}
	switch {
	case r.standing == taken:
	case !costless[code]:
		r.standing, r.latest = maybe, max(r.latest, now)
	case r.standing == open && r.pending == 0:
		delete(j.requests, key{u, j.id("request_id", requestID)}) // as if never asked
	}
}

func (j *Judge) limited(u *user, r *request, requestID, name string, now int64) {
	p, ok := policies[name]
	if !ok {
		if name != "frames" || !j.limits.Floods {
			j.policies.add("request %s by %q", requestID, name)
		}
		return
	}
	u.refusals = append(u.refusals, refusal{
		request: j.id("request_id", requestID), sent: r.sent, at: now, policy: p,
		joined: r.standing == taken && r.latest < r.sent,
	})
}

// Lost says that no answer will come to what was asked: the connection broke, or
// nobody waits any more. Whether it was accepted is unknown; it may be asked again.
func (j *Judge) Lost(user, requestID string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.answered(j.user(user), requestID, 0)
	if r.standing != taken {
		r.standing, r.latest = maybe, max(r.latest, r.asked+settled)
	}
}

// answered finds the request that an answer belongs to. sent stays that of the
// earliest ask while another is waiting, which is the careful side.
func (j *Judge) answered(u *user, requestID string, now int64) *request {
	k := key{u, j.id("request_id", requestID)}
	r, ok := j.requests[k]
	if !ok || r.pending == 0 {
		j.unfit.add("request %s was answered more often than asked", requestID)
	}
	if !ok {
		r = &request{first: now, sent: now}
		j.requests[k] = r
	}
	if r.pending > 0 {
		r.pending--
	}
	return r
}
