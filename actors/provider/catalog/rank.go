package catalog

import (
	"slices"

	"recall/wire"
)

// ranked is a song looked at closely: what of the query it matches, and where.
type ranked struct {
	hit
	song     wire.Song // without moods and themes
	evidence float32   // the weight matched over what singles out one song
	title    float32   // how much of the title was said, 0 to 1
	artist   bool      // the whole artist was said
	phrase   int       // longest run of the phrase's words that was said
	matches  []match
	fact
}

// match is one unit found in the song.
type match struct {
	unit   *unit
	how    likeKind
	term   string
	share  float32 // of the variant
	fields field
	worth  float32
}

// What the second phase adds to the words' scores.
const (
	titleBonus   = 0.9 // of the weight of the title's words, when all were said
	phraseBonus  = 0.9 // per word of a run of three words and more
	notNamed     = 1.5 // of its weight: a title or artist that was ruled out
	minRun       = 3   // words in order that are hardly chance
	usualMatches = 10  // units of a query that a song has; more cost memory of their own
	notDescribed = 0.5 // of its weight: a description that was ruled out
)

// rank looks at all of hits; what it gives lasts until the query is freed.
func (q *query) rank(hits []hit) []*ranked {
	q.spoken = appendSpoken(q.spoken[:0], q.turns)
	q.ranked, q.order = room(q.ranked, len(hits)), room(q.order, len(hits))
	q.matches = room(q.matches, len(hits)*usualMatches) // for all songs at once
	for i := range hits {
		at, r := i*usualMatches, &q.ranked[i]
		q.look(r, hits[i], q.matches[at:at:at+usualMatches])
		r.titleAndPhrase(q)
		q.order[i] = r
	}
	slices.SortFunc(q.order, func(a, b *ranked) int { return rankOf(a.hit, b.hit) })
	return q.order
}

// look makes r of h and computes its score anew, each unit by its best variant. room is
// for its matches.
func (q *query) look(r *ranked, h hit, room []match) {
	p := &q.snap.parts[h.part]
	*r = ranked{hit: h, matches: room, fact: p.facts[h.doc]}
	p.readTexts(h.doc, &r.song)
	words, matched, title, artist := float32(0), float32(0), float32(0), float32(0)
	for i := range q.units {
		u := &q.units[i]
		m, found := q.matchOf(u, h)
		if !found {
			continue
		}
		switch {
		case u.not && m.fields&(inTitle|inArtist|inMood|inGenre) != 0:
			words -= notNamed * u.weight
		case u.not:
			words -= notDescribed * m.worth
		case u.name == titleMark:
			title = max(title, m.worth)
			if m.fields&inTitle != 0 { // a typo's allowance also reaches names of the other kind
				r.title = max(r.title, m.share)
			}
		case u.name == artistMark:
			artist = max(artist, m.worth)
			r.artist = r.artist || m.fields&inArtist != 0
		default:
			words += m.worth
			if !u.bonus {
				matched += u.weight * m.share
			}
		}
		r.matches = append(r.matches, m)
	}
	style := q.styleOf(h)
	r.evidence = (matched + max(title, artist) + style) / q.single
	r.score = words + title + artist + style + fameScore(p.attrs[h.doc])
}

func (q *query) matchOf(u *unit, h hit) (match, bool) {
	m, found := match{unit: u}, false
	posts := &q.snap.parts[h.part].posts
	for i := range u.variants {
		v := &u.variants[i]
		if v.terms[h.part] == gone {
			continue
		}
		impact, fields, has := posts.find(v.terms[h.part], h.doc)
		if !has {
			continue
		}
		if worth := u.weight * v.share * float32(impact) / 255; worth > m.worth {
			m.worth, m.how, m.term, m.share, m.fields, found = worth, v.how, v.term, v.share, fields, true
		}
		if v.how == exact { // the word itself: no synonym says more
			break
		}
	}
	return m, found
}

func (q *query) styleOf(h hit) float32 {
	p := &q.snap.parts[h.part]
	a := p.attrs[h.doc]
	return sumWishes(q.eras, func(e era) float32 { return e.worth(int(a.year)) }) +
		sumWishes(q.genres, func(want string) float32 { return genreWorth(p.genres[a.genre], want) }) +
		sumWishes(q.langs, func(want string) float32 { return languageWorth(p.langs[a.lang], want) }) +
		sumWishes(q.tempos, func(want tempo) float32 { return a.tempo.worth(want) })
}
