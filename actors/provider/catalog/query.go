package catalog

import (
	"cmp"
	"slices"
)

// query is everything asked, resolved against one snapshot.
type query struct {
	*memory
	snap   *snapshot
	turns  []utterance // oldest first, the last one is this turn
	units  []unit      // rarest first
	eras   []wish[era]
	genres []wish[string]
	langs  []wish[string]
	tempos []wish[tempo]
	total  float32 // the weight that a perfect song would match
	single float32 // the idf of a term that one song has
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

// newQuery is over, with all that comes of it, once it is freed.
func newQuery(snap *snapshot, turns []utterance) *query {
	m := memories.Get().(*memory)
	m.variants, m.terms = m.variants[:0], m.terms[:0]
	q := &query{memory: m, snap: snap, turns: turns, units: m.units[:0]}
	q.single = q.idf(1)
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
	for i := range u.tokens {
		t := &u.tokens[i]
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
	var room [saidRoom]byte
	_, known := genreNames[string(appendSaid(room[:0], u.tokens[i:i+2]))]
	return known
}

func (u unit) count() int {
	n := 0
	for _, v := range u.variants {
		n += v.count
	}
	return n
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
