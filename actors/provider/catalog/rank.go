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
	words    []string // of the song's text, filled for questions
}

// match is one unit found in the song.
type match struct {
	unit   *unit
	how    likeKind
	term   string
	fields field
	worth  float32
}

// What the second phase adds to the words' scores.
const (
	titleBonus   = 0.9 // of the weight of the title's words, when all were said
	phraseBonus  = 0.9 // per word of a run of three words and more
	notNamed     = 1.5 // of its weight: a title or artist that was ruled out
	minRun       = 3   // words in order that are hardly chance
	usualMatches = 6   // units of a query that a song has; more cost memory of their own
	notDescribed = 0.5 // of its weight: a description that was ruled out
)

func (q *query) rank(hits []hit) []ranked {
	spoken := spokenWords(q.turns)
	list := make([]ranked, 0, len(hits))
	room := make([]match, len(hits)*usualMatches) // for all songs at once
	for i, h := range hits {
		at := i * usualMatches
		r := q.look(h, room[at:at:at+usualMatches])
		r.titleAndPhrase(q, spoken)
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b ranked) int { return rankOf(a.hit, b.hit) })
	return list
}

// look computes the score of h anew, each unit by its best variant. room is for its
// matches.
func (q *query) look(h hit, room []match) ranked {
	p := &q.snap.parts[h.part]
	r := ranked{hit: h, song: p.texts(h.doc), matches: room}
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
				r.title = max(r.title, m.share())
			}
		case u.name == artistMark:
			artist = max(artist, m.worth)
			r.artist = r.artist || m.fields&inArtist != 0
		default:
			words += m.worth
			if !u.bonus {
				matched += u.weight * m.share()
			}
		}
		r.matches = append(r.matches, m)
	}
	style := q.styleOf(h)
	r.evidence = (matched + max(title, artist) + style) / q.idf(1)
	r.score = words + title + artist + style + fameScore(p.attrs[h.doc])
	return r
}

func (m match) share() float32 {
	for _, v := range m.unit.variants {
		if v.term == m.term {
			return v.share
		}
	}
	return 0
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
			m.worth, m.how, m.term, m.fields, found = worth, v.how, v.term, fields, true
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
