package catalog

import (
	"recall/actors/recall"
	"recall/wire"
)

// builder makes a segment of songs added in rising order of id.
type builder struct {
	seg    segment
	packed []byte
	genres names
	langs  names

	folded  []byte // scratch: the folded field
	joined  []byte // scratch: its words without spaces
	census  census // of the song being added
	current []uint32
	weights []float32 // by term, of the song being added
	fields  []field   // by term, likewise
	found   []entry
	counts  []uint32 // by term
}

type entry struct {
	term uint32
	post posting
}

func buildSegment(songs []wire.Song) *segment {
	b := builder{}
	for i := range songs {
		b.add(&songs[i])
	}
	return b.finish()
}

func (b *builder) add(s *wire.Song) {
	doc := uint32(len(b.seg.ids))
	b.seg.ids = append(b.seg.ids, s.ID)
	b.seg.at = append(b.seg.at, uint32(len(b.packed)))
	b.packed = appendSong(b.packed, s)
	b.seg.attrs = append(b.seg.attrs, attr{
		year: uint16(min(max(s.Year, 0), 9999)), genre: b.genres.add(recall.Fold(s.Genre)), lang: b.langs.add(s.Language),
		tempo: tempoOf(s.Tempo), fame: uint8(min(max(s.Popularity, 0), 100)),
	})
	b.census = 0
	b.texts(s)
	b.names(s)
	b.seg.facts = append(b.seg.facts, fact{nameOf(recall.TitleKey(s.Title, s.Artist)), b.census, titleLength(s.Title)})
	b.flush(doc)
}

func (b *builder) texts(s *wire.Song) {
	b.text(titleRule, s.Title)
	b.text(artistRule, s.Artist)
	b.text(albumRule, s.Album)
	b.text(phraseRule, s.Phrase)
	b.text(descriptionRule, s.Description)
	b.text(genreRule, s.Genre)
	for _, theme := range s.Themes {
		b.text(themesRule, theme)
	}
	for _, mood := range s.Mood {
		b.text(moodRule, mood)
	}
}

func (b *builder) text(r fieldRule, text string) {
	if text == "" {
		return
	}
	b.folded = recall.AppendFold(b.folded[:0], text)
	tokens := 1
	for _, c := range b.folded {
		if c == ' ' {
			tokens++
		}
	}
	worth := r.worth(tokens)
	eachToken(b.folded, func(token []byte) {
		if r.field&(inDescription|inMood|inThemes) != 0 {
			b.census.count(token)
		}
		if r.stops || !isStop(token) {
			b.term(stem(token), worth, r.field)
		}
	})
}

// names adds the title and the artist as one word each.
func (b *builder) names(s *wire.Song) {
	for _, title := range titleForms(s.Title) {
		b.joinedName(titleMark, title, inTitle)
	}
	b.joinedName(artistMark, withoutThe(s.Artist), inArtist)
}

func (b *builder) joinedName(mark byte, name string, f field) {
	b.folded = recall.AppendFold(b.folded[:0], name)
	b.joined = append(b.joined[:0], mark)
	for _, c := range b.folded {
		if c != ' ' {
			b.joined = append(b.joined, c)
		}
	}
	if n := len(b.joined); n > 1 && n < 60 {
		b.term(b.joined, titleRule.weight, f)
	}
}

func (b *builder) term(term []byte, worth float32, f field) {
	id := b.seg.terms.add(term)
	if int(id) == len(b.weights) {
		b.weights, b.fields, b.counts = append(b.weights, 0), append(b.fields, 0), append(b.counts, 0)
	}
	if b.fields[id] == 0 {
		b.current = append(b.current, id)
	}
	b.weights[id] += worth
	b.fields[id] |= f
}

func (b *builder) flush(doc uint32) {
	for _, id := range b.current {
		b.found = append(b.found, entry{id, makePosting(doc, impact(b.weights[id]), b.fields[id])})
		b.weights[id], b.fields[id] = 0, 0
		b.counts[id]++
	}
	b.current = b.current[:0]
}

func (b *builder) finish() *segment {
	start := startsOf(b.counts)
	next := append([]uint32(nil), start...)
	entries := make([]posting, len(b.found))
	for _, e := range b.found {
		entries[next[e.term]] = e.post
		next[e.term]++
	}
	b.found = nil
	b.seg.posts = newPostings(start, entries)
	return b.seg.seal(b.packed, b.genres.list, b.langs.list)
}

// seal ends the making of a segment.
func (s *segment) seal(packed []byte, genres, langs []string) *segment {
	s.packed, s.genres, s.langs = packedString(packed), genres, langs
	s.terms.trim()
	s.grams = newGrams(&s.terms)
	return s
}

// startsOf turns counts into the places where each group starts, and the end.
func startsOf(counts []uint32) []uint32 {
	start := make([]uint32, len(counts)+1)
	for i, n := range counts {
		start[i+1] = start[i] + n
	}
	return start
}
