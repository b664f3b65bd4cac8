package judge

import (
	"fmt"
	"time"

	"recall/stress/report"
)

// Verdict tells what the devices saw, one check for each invariant. It expects
// that all who were asked have answered, and that devices saw what they were to
// see: it is for the end of a run.
func (j *Judge) Verdict() []report.Check {
	j.mu.Lock()
	defer j.mu.Unlock()
	silent, lost := j.unanswered()
	missing, gaps := j.endless()
	strays := j.strays(lost)
	return append([]report.Check{
		j.faults.check("events dense and in order", "no fault of numbering", len(j.devices), "devices that saw an end"),
		silent.check("every recall is answered", "accepted, refused or the connection lost", len(j.requests), "requests"),
		missing.check("every accepted recall ended", "a terminal event each", j.accepted,
			fmt.Sprintf("accepted (%d behind a gap are left to the audit)", gaps)),
		j.double.check("no recall ended twice", "one kind, and once on each device", j.endings, "terminal events"),
		strays.check("only accepted recalls ended", fmt.Sprintf("no more others than the %d lost answers", lost), len(j.recalls), "recalls"),
		j.unfit.check("a request is one recall", "each answer fits its question", j.accepted, "accepted"),
		j.foreign.check("nobody sees what is another's", "only own threads", len(j.threads), "threads"),
		j.codes.check("every close had a documented code", "PROTOCOL.md, section 5", j.closed, "connections"),
		j.policies.check("recalls are refused by their own limits", "recall_minute, recall_hour, recall_concurrent",
			j.refused["rate_limited"], "refusals"),
	}, j.limitChecks()...)
}

// unanswered finds what was asked and neither answered nor lost, and counts the
// requests that may be recalls nobody knows of.
func (j *Judge) unanswered() (silent offenders, lost int) {
	for k, r := range j.requests {
		if r.pending > 0 {
			silent.add("request %s of user %s", k.id, k.user.id)
		}
		if r.unknown() {
			lost++
		}
	}
	return silent, lost
}

// unknown tells whether the request may have become a recall without our knowing.
func (r *request) unknown() bool { return r.standing == maybe || r.standing == open && r.pending > 0 }

// endless finds accepted recalls whose end nobody saw, and counts those among
// them that nobody could see.
func (j *Judge) endless() (missing offenders, gaps int) {
	for _, r := range j.requests {
		if r.recall == nil || r.recall.kind != 0 {
			continue
		}
		if j.threads[r.recall.thread].gap >= r.first {
			gaps++
			continue
		}
		missing.add("recall %s in thread %s", r.recallID, r.recall.thread)
	}
	return missing, gaps
}

// strays finds ends of recalls that nobody had accepted. There may be as many as
// answers were lost; which ones they were, the audit tells.
func (j *Judge) strays(lost int) (found offenders) {
	for id, c := range j.recalls {
		if !c.accepted && c.kind != 0 {
			found.add("recall %s", id)
		}
	}
	if found.count <= lost {
		return offenders{}
	}
	return found
}

// limitChecks judges the limits of every user, both ways.
func (j *Judge) limitChecks() []report.Check {
	var exceeded, wrong offenders
	all := j.histories()
	for u, h := range all {
		j.tooMany(&exceeded, u, h)
	}
	for _, u := range j.users {
		for _, r := range u.refusals {
			j.tooFew(&wrong, u, all[u], r)
		}
	}
	return []report.Check{
		exceeded.check("limits never exceeded", "no window and no moment with more", j.accepted, "accepted"),
		wrong.check("limits never refuse wrongly", "each with its limit reached", j.refused["rate_limited"], "refusals"),
	}
}

func (j *Judge) tooMany(out *offenders, u *user, h history) {
	for _, w := range []policy{minute, hour} {
		limit := j.limits.of(w)
		if n, from, found := h.exceeded(w, limit); found && limit > 0 {
			out.add("user %s: %d in %v from %v on", u.id, n, time.Duration(w.window()), time.Duration(from))
		}
	}
	if n, at, found := h.crowded(j.limits.AtOnce); found && j.limits.AtOnce > 0 {
		out.add("user %s: %d at once at %v", u.id, n, time.Duration(at))
	}
}

func (j *Judge) tooFew(out *offenders, u *user, h history, r refusal) {
	if r.joined {
		out.add("user %s: request %s, accepted before, at %v", u.id, r.request, time.Duration(r.at))
		return
	}
	if n := h.most(r); n < j.limits.of(r.policy) {
		out.add("user %s: by %s at %v with %d at most", u.id, r.policy, time.Duration(r.at), n)
	}
}
