package judge

import "recall/wire"

// asks is what the audit looks up: columns of ids, row by row.
type asks struct {
	recalls, users, requests, recallThreads, messages []wire.ID // accepted recalls
	kinds                                             []string  // as seen, empty when not
	threads, owners                                   []wire.ID // acknowledged threads
	strays                                            []wire.ID // ended, accepted by nobody
	lostUsers, lostRequests                           []wire.ID // whose answers were lost
}

// asks copies what is to be looked up, so that devices need not wait for the database.
func (j *Judge) asks() *asks {
	j.mu.Lock()
	defer j.mu.Unlock()
	a := &asks{}
	for k, r := range j.requests {
		switch {
		case r.recall != nil:
			a.accepted(k, r)
		case r.unknown():
			a.lostUsers, a.lostRequests = append(a.lostUsers, k.user.id), append(a.lostRequests, k.id)
		}
	}
	for id, t := range j.threads {
		if t.made {
			a.threads, a.owners = append(a.threads, id), append(a.owners, t.owner.id)
		}
	}
	for id, c := range j.recalls {
		if !c.accepted && c.kind != 0 {
			a.strays = append(a.strays, id)
		}
	}
	return a
}

func (a *asks) accepted(k key, r *request) {
	a.recalls = append(a.recalls, r.recallID)
	a.users = append(a.users, k.user.id)
	a.requests = append(a.requests, k.id)
	a.recallThreads = append(a.recallThreads, r.recall.thread)
	a.messages = append(a.messages, r.recall.message)
	a.kinds = append(a.kinds, r.recall.kind.String())
}

// steps are the checks of the audit.
func (a *asks) steps(l Limits) []step {
	n := len(a.recalls)
	return []step{
		{
			name: "accepted recalls are stored", want: "with their user, request, thread and message", what: "accepted",
			query: recallsStored, rows: columns{ids: [][]wire.ID{a.recalls, a.users, a.requests, a.recallThreads, a.messages}}, of: n,
		},
		{
			name: "accepted recalls have ended as seen", want: "one end, that of the devices", what: "accepted",
			query: recallsEnded, rows: columns{ids: [][]wire.ID{a.recalls}, kinds: a.kinds}, of: n,
		},
		{
			name: "their messages are stored", want: "each in its thread", what: "messages",
			query: messagesStored, rows: columns{ids: [][]wire.ID{a.messages, a.recallThreads}}, of: n,
		},
		{
			name: "threads are stored", want: "each with its owner", what: "threads",
			query: threadsStored, rows: columns{ids: [][]wire.ID{a.threads, a.owners}}, of: len(a.threads),
		},
		{
			name: "other ends are of lost answers", want: "stored, by a request whose answer was lost", what: "ends",
			query: straysLost, rows: columns{ids: [][]wire.ID{a.strays}}, of: len(a.strays), args: []any{uuids(a.lostUsers), uuids(a.lostRequests)},
		},
		{
			name: "no minute's limit exceeded by the stored times", want: "in any 60 s", what: "accepted",
			query: storedWindow, args: []any{l.PerMinute, "60 s"}, of: n,
		},
		{
			name: "no hour's limit exceeded by the stored times", want: "in any 3600 s", what: "accepted",
			query: storedWindow, args: []any{l.PerHour, "3600 s"}, of: n,
		},
		{
			name: "no more at once by the stored times", want: "from accepted_at to ended_at", what: "accepted",
			query: storedAtOnce, args: []any{l.AtOnce}, of: n,
		},
	}
}
