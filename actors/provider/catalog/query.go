package catalog

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// query is everything asked, resolved against one snapshot.
type query struct {
	snap   *snapshot
	turns  []utterance // oldest first, the last one is this turn
	units  []unit      // rarest first
	eras   []wish[era]
	genres []wish[string]
	langs  []wish[string]
	tempos []wish[tempo]
	total  float32 // the weight that a perfect song would match
	sought map[string]bool
}

// unit is one thing to look for in the text of songs.
type unit struct {
	said     string // in the person's words
	weight   float32
	class    wordClass
	name     byte // titleMark or artistMark for a whole name, 0 for a word
	not      bool
	style    bool      // also read as genre, language or tempo
	bonus    bool      // found on top of other units: not finding it is no lack
	variants []variant // best first
}

// variant is a term that stands for the unit, in each part of the snapshot.
type variant struct {
	share float32
	how   likeKind
	term  string
	terms []uint32 // by part; gone where the part has none
	count int      // songs
}

// likeKind is how a term of the index meets a word of the person.
type likeKind uint8

const (
	exact likeKind = iota
	synonym
	mistyped
)

const (
	maxUnits      = 64
	maxNameTokens = 6
	earlierShare  = 0.85 // what a turn is worth beside the next one
	staleShare    = 0.3  // an era or language that a later turn replaced
	pairShare     = 0.8  // of two words that are one in the catalogue
	doubtShare    = 0.6  // of a misspelling, when the word itself exists
	leastSongs    = 500  // a smaller catalogue is weighed as if it had so many
	unknownShare  = 0.45 // of the idf of a word that no song has
)

func newQuery(snap *snapshot, turns []utterance) *query {
	q := &query{snap: snap, turns: turns, sought: map[string]bool{}}
	emphasis := float32(1)
	for i := len(turns) - 1; i >= 0; i-- {
		q.addWords(turns[i], emphasis)
		q.addNames(turns[i], emphasis)
		q.addPairs(turns[i], emphasis)
		q.eras = addWishes(q.eras, turns[i].eras, emphasis, true)
		q.genres = addWishes(q.genres, turns[i].genres, emphasis, false)
		q.langs = addWishes(q.langs, turns[i].langs, emphasis, true)
		q.tempos = addWishes(q.tempos, turns[i].tempos, emphasis, true)
		emphasis *= earlierShare
	}
	slices.SortStableFunc(q.units, func(a, b unit) int { return cmp.Compare(a.count(), b.count()) })
	q.total = q.weightSum()
	return q
}

// addWishes appends an earlier turn's wishes; when only one can hold and a
// later turn named another, the earlier is stale.
func addWishes[T any](have, more []wish[T], emphasis float32, replaced bool) []wish[T] {
	if replaced && slices.ContainsFunc(have, func(w wish[T]) bool { return !w.not }) {
		emphasis *= staleShare
	}
	for _, w := range more {
		w.weight *= emphasis
		have = append(have, w)
	}
	return have
}

func (q *query) addWords(u utterance, emphasis float32) {
	for i, t := range u.tokens {
		if len(q.units) >= maxUnits {
			return
		}
		key := stemString(t.text)
		if q.sought[key] || t.used {
			continue
		}
		q.sought[key] = true
		class := classOf(t.text)
		w := unit{said: t.text, class: class, not: t.not, variants: q.variants(key, class)}
		w.weight = emphasis * class.share() * q.rarity(w)
		if t.quoted != 0 {
			w.weight *= 1.3
		}
		if w.style = u.namesStyle(i); w.style {
			w.weight *= 0.4
		}
		q.units = append(q.units, w)
	}
}

// namesStyle is true of a word that was also read as genre, language or tempo
// and so counts there already.
func (u utterance) namesStyle(i int) bool {
	t := u.tokens[i].text
	return genreNames[t].genre != "" || languageWords[t] != "" || tempoWords[t] != anyTempo || u.insideGenre(i, 1) || u.opensGenre(i)
}

// opensGenre is true of "hip" in "hip hop".
func (u utterance) opensGenre(i int) bool {
	if i+1 >= len(u.tokens) {
		return false
	}
	_, known := genreNames[said(u.tokens[i:i+2])]
	return known
}

func (q *query) variants(key string, class wordClass) []variant {
	var list []variant
	if v := q.variant([]byte(key), 1, exact); v.count > 0 {
		list = append(list, v)
	}
	if class == stop || class == filler {
		return list
	}
	for _, other := range synonyms[key] {
		if v := q.variant([]byte(other), synonymShare, synonym); v.count > 0 {
			list = append(list, v)
		}
	}
	if len(list) == 0 || list[0].how == exact && list[0].count <= 2 && len(key) > 4 {
		found := q.mistypings([]byte(key), key)
		for i := range found {
			if len(list) > 0 {
				found[i].share *= doubtShare
			}
		}
		list = append(list, found...)
	}
	return list
}

func (q *query) variant(term []byte, share float32, how likeKind) variant {
	v := variant{share: share, how: how, term: string(term), terms: make([]uint32, len(q.snap.parts))}
	for i, p := range q.snap.parts {
		id, found := p.terms.find(term)
		if !found {
			v.terms[i] = gone
			continue
		}
		v.terms[i] = id
		v.count += p.posts.count(id)
	}
	return v
}

// mistypings are the terms near key, at most a few, the nearest first.
func (q *query) mistypings(key []byte, self string) []variant {
	found := map[string]int{}
	for _, p := range q.snap.parts {
		for _, l := range p.like(key) {
			term := string(p.terms.term(l.term))
			if term != self && isNameMark(term[0]) == isNameMark(key[0]) {
				found[term] = l.distance
			}
		}
	}
	var list []variant
	for term, d := range found {
		share := float32(0.8)
		if term[0] != key[0] {
			share -= 0.15
		}
		list = append(list, q.variant([]byte(term), share-0.15*float32(d-1), mistyped))
	}
	slices.SortFunc(list, func(a, b variant) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(b.count, a.count), cmp.Compare(a.term, b.term))
	})
	return list[:min(maxVariants, len(list))]
}

func isNameMark(b byte) bool { return b == titleMark || b == artistMark }

// rarity is the idf of the unit's best variant; of a word that nobody has,
// the part of a rare word's that it takes from confidence.
func (q *query) rarity(u unit) float32 {
	if len(u.variants) == 0 {
		return unknownShare * q.idf(1)
	}
	n := u.variants[0].count
	for _, v := range u.variants {
		if v.how == synonym {
			n = max(n, v.count/2)
		}
	}
	return q.idf(n)
}

func (q *query) idf(count int) float32 {
	n := float64(max(q.snap.live, leastSongs))
	c := min(float64(count), n)
	return float32(math.Log(1 + (n-c+0.5)/(c+0.5)))
}

func (u unit) count() int {
	n := 0
	for _, v := range u.variants {
		n += v.count
	}
	return n
}

// addNames looks for whole titles and artists among up to six neighbouring words.
func (q *query) addNames(u utterance, emphasis float32) {
	seen := map[string]bool{}
	for from := range u.tokens {
		joined := []byte{titleMark}
		for to := from + 1; to <= min(len(u.tokens), from+maxNameTokens); to++ {
			joined = append(joined, u.tokens[to-1].text...)
			if len(joined) > maxTermLength || len(q.units) >= 2*maxUnits {
				break
			}
			if !seen[string(joined)] {
				seen[string(joined)] = true
				q.addName(u, from, to, joined, emphasis)
			}
		}
	}
	q.addMistypedNames(u, emphasis)
}

func (q *query) addName(u utterance, from, to int, joined []byte, emphasis float32) {
	for _, mark := range [...]byte{titleMark, artistMark} {
		joined[0] = mark
		if v := q.variant(joined, 1, exact); v.count > 0 {
			q.units = append(q.units, q.nameUnit(u, from, to, mark, v, emphasis))
		}
	}
	joined[0] = titleMark
}

func (q *query) nameUnit(u utterance, from, to int, mark byte, v variant, emphasis float32) unit {
	share := u.nameShare(from, to, mark)
	return unit{
		said: said(u.tokens[from:to]), name: mark, not: u.tokens[to-1].not,
		weight: emphasis * share * q.idf(v.count), class: content, variants: []variant{v},
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
		a, b := u.tokens[i-1], u.tokens[i]
		if len(a.text) < 3 || len(b.text) < 3 || a.clause != b.clause || a.used || b.used {
			continue
		}
		v := q.variant(stem([]byte(a.text+b.text)), pairShare, exact)
		if v.count > 0 && !q.sought[v.term] {
			q.sought[v.term] = true
			q.units = append(q.units, unit{
				said: a.text + " " + b.text, class: content, not: b.not, bonus: true,
				weight: emphasis * q.idf(v.count), variants: []variant{v},
			})
		}
	}
}

// weightSum counts what could be matched; whole names are a bonus on top.
func (q *query) weightSum() float32 {
	sum := float32(0)
	for _, u := range q.units {
		if u.name == 0 && !u.not && !u.bonus {
			sum += u.weight
		}
	}
	return sum + wishSum(q.eras) + wishSum(q.genres) + wishSum(q.langs) + wishSum(q.tempos)
}

// wishSum is the largest wish: several eras or genres are alternatives.
func wishSum[T any](wishes []wish[T]) float32 {
	most := float32(0)
	for _, w := range wishes {
		if !w.not {
			most = max(most, w.weight)
		}
	}
	return most
}
