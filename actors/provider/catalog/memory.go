package catalog

import "sync"

// memory is what a search works in, reused by a later one: of the 75 KB that a search
// took, all but what it answers with. Nothing of it may be part of the answer, and what
// points at songs is cleared, so that it holds no segment that is gone.
type memory struct {
	hits     []hit
	matches  []match
	ranked   []ranked
	order    []*ranked
	units    []unit
	list     []variant // of the word under way
	variants []variant
	terms    []uint32 // of variants, by part
	spoken   []string
	sought   map[string]bool
	style    styleTable
}

var memories = sync.Pool{New: func() any { return &memory{sought: map[string]bool{}} }}

// free ends the query and all that was ranked for it.
func (q *query) free() {
	m := q.memory
	m.units = q.units
	q.memory, q.units = nil, nil
	m.forget()
	memories.Put(m)
}

func (m *memory) forget() {
	clear(m.matches)
	clear(m.ranked)
	clear(m.order)
	clear(m.units)
	clear(m.list)
	clear(m.variants)
	clear(m.spoken)
	clear(m.sought)
}

// room is list with n places, of which nothing is said about what they hold.
func room[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	return list[:n]
}

// take cuts n places off what is left of a list's room, so that many short lists share
// one. A list that has outgrown its room goes on in a larger one; what was cut off stays.
func take[T any](list *[]T, n int) []T {
	at := len(*list)
	if at+n > cap(*list) {
		*list, at = make([]T, 0, 2*cap(*list)+n), 0
	}
	*list = (*list)[:at+n]
	return (*list)[at : at+n : at+n]
}
