package catalog

import "strings"

// addNames looks for whole titles and artists among up to six neighbouring words.
func (q *query) addNames(u utterance, emphasis float32) {
	var room [maxTermLength + 64]byte
	first := len(q.units)
	for from := range u.tokens {
		joined := append(room[:0], titleMark)
		for to := from + 1; to <= min(len(u.tokens), from+maxNameTokens); to++ {
			joined = append(joined, u.tokens[to-1].text...)
			if len(joined) > maxTermLength || len(q.units) >= 2*maxUnits {
				break
			}
			q.addName(u, from, to, first, joined, emphasis)
		}
	}
	q.addMistypedNames(u, emphasis)
}

// addName adds joined as a name, unless one of the units from first on is it. Most
// stretches of words are no name: nothing is made of them.
func (q *query) addName(u utterance, from, to, first int, joined []byte, emphasis float32) {
	for _, mark := range [...]byte{titleMark, artistMark} {
		joined[0] = mark
		if !q.snap.has(joined) || isNamed(q.units[first:], joined) {
			continue
		}
		if v := q.variant(string(joined), 1, exact); v.count > 0 {
			q.units = append(q.units, q.nameUnit(u, from, to, mark, v, emphasis))
		}
	}
	joined[0] = titleMark
}

func isNamed(units []unit, name []byte) bool {
	for i := range units {
		if units[i].variants[0].term == string(name) {
			return true
		}
	}
	return false
}

func (q *query) nameUnit(u utterance, from, to int, mark byte, v variant, emphasis float32) unit {
	share := u.nameShare(from, to, mark)
	return unit{
		said: said(u.tokens[from:to]), name: mark, not: u.tokens[to-1].not,
		weight: emphasis * share * q.idf(v.count), class: content, variants: q.one(v),
	}
}

// nameShare is how much it tells that the tokens are, together, a name:
// little for one common word within a story, much when they are quoted, said
// after "by" or "called", or all that was said.
func (u utterance) nameShare(from, to int, mark byte) float32 {
	contents, all := 0, 0
	for i, t := range u.tokens {
		if classOf(t.text) == content {
			all++
			if i >= from && i < to {
				contents++
			}
		}
	}
	share := [...]float32{0.05, 0.15, 0.6}[min(contents, 2)]
	if n := to - from; n >= 3 && contents < 2 {
		share = 0.3
	}
	switch {
	case u.tokens[from].quoted != 0 && u.tokens[from].quoted == u.tokens[to-1].quoted:
		share = max(share, 0.7)
	case from > 0 && nameLeads[mark][u.tokens[from-1].text]:
		share = max(share, 0.5)
	case to-from == len(u.tokens):
		share = 1
	case contents > 0 && contents == all:
		share = max(share, 0.7)
	}
	return share
}

var nameLeads = map[byte]map[string]bool{
	titleMark: setOf("called titled named goes"), artistMark: setOf("by from band singer artist"),
}

// addMistypedNames measures what was said against whole titles, and where it
// has the form "title by artist" each side against its kind.
func (q *query) addMistypedNames(u utterance, emphasis float32) {
	n := len(u.tokens)
	q.addMistypedName(u, 0, n, titleMark, emphasis)
	for i, t := range u.tokens {
		if t.text == "by" {
			q.addMistypedName(u, 0, i, titleMark, emphasis)
			q.addMistypedName(u, i+1, n, artistMark, emphasis)
			return
		}
	}
}

func (q *query) addMistypedName(u utterance, from, to int, mark byte, emphasis float32) {
	if to-from < 1 || to-from > maxNameTokens || to-from == 1 && len(u.tokens) > 1 {
		return
	}
	joined := string(mark) + strings.ReplaceAll(said(u.tokens[from:to]), " ", "")
	if len(joined) > maxTermLength {
		return
	}
	for _, v := range q.mistypings([]byte(joined), joined) {
		q.units = append(q.units, q.nameUnit(u, from, to, mark, v, emphasis*v.share))
	}
}

// addPairs looks for neighbouring words that the catalogue writes as one.
func (q *query) addPairs(u utterance, emphasis float32) {
	for i := 1; i < len(u.tokens) && len(q.units) < 2*maxUnits; i++ {
		a, b := &u.tokens[i-1], &u.tokens[i]
		if len(a.text) < 3 || len(b.text) < 3 || a.clause != b.clause || a.used || b.used {
			continue
		}
		var room [2 * maxTermLength]byte
		pair := stem(append(append(room[:0], a.text...), b.text...))
		if !q.snap.has(pair) || q.sought[string(pair)] {
			continue
		}
		if v := q.variant(string(pair), pairShare, exact); v.count > 0 {
			q.sought[v.term] = true
			q.units = append(q.units, unit{
				said: a.text + " " + b.text, class: content, not: b.not, bonus: true,
				weight: emphasis * q.idf(v.count), variants: q.one(v),
			})
		}
	}
}
