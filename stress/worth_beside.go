package main

import "strings"

// beside is what was said of the earlier version next to what was measured here, with
// everything on and with everything off. The earlier figures are estimates of its
// makers: nobody has measured them.
func beside(on, off worth) string {
	var b strings.Builder
	b.WriteString(line("", "earlier version", "here, all on", "here, all off"))
	b.WriteString("|---|---|---:|---:|\n")
	talk := func(w worth) string { return each(float64(w.talking.queries), w.talking.recalls) }
	around := func(w worth) string { return each(float64(w.asked().queries), w.asked().recalls) }
	b.WriteString(line("round trips to the database per recall, in a conversation", "10 and more", talk(on), talk(off)))
	b.WriteString(line("the same, all around", "", around(on), around(off)))
	b.WriteString(line("queries saved, reading", "70 % (estimated)", saved(on.reading, off.reading), ""))
	b.WriteString(line("queries saved, the whole load", "", saved(on.reading.and(on.asked()), off.reading.and(off.asked())), ""))
	b.WriteString(line("thread cache, hits", "70 % (estimated)", hits(on.before, on.after, "threads"), hits(off.before, off.after, "threads")))
	b.WriteString(line("message cache, hits", "50 % (estimated)", hits(on.before, on.after, "messages"), hits(off.before, off.after, "messages")))
	return b.String()
}

// saved is the share of queries that are not made.
func saved(on, off part) string {
	if off.queries == 0 {
		return "–"
	}
	return percent(1 - float64(on.queries)/float64(off.queries))
}
