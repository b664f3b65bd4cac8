package catalog

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxClues  = 5 // in a reason: it is one short sentence
	titleSaid = 0.6
)

// reason says in one short sentence what of the query the song matches.
func (q *query) reason(r *ranked) string {
	clues := q.nameClues(r)
	clues = append(clues, q.styleClues(r)...)
	if words := r.otherWords(maxClues - min(len(clues), 3)); len(words) > 0 {
		clues = append(clues, "its words or story have "+listed(words))
	}
	if len(clues) == 0 {
		return "A distant match in the catalogue."
	}
	return capitalise(strings.Join(clues, "; ")) + "."
}

// listed joins with commas and, before the last one, "and".
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

func (q *query) nameClues(r *ranked) []string {
	var clues []string
	if r.title >= titleSaid {
		clues = append(clues, "title matches "+quote(r.song.Title))
	}
	if name := r.artistWords(); name != "" {
		clues = append(clues, "artist matches "+quote(name))
	}
	if r.phrase >= minRun {
		clues = append(clues, fmt.Sprintf("%d words in a row are sung in it", r.phrase))
	}
	return clues
}

func (r *ranked) artistWords() string {
	if r.artist {
		for i := range r.matches {
			m := &r.matches[i]
			if m.unit.name == artistMark && !m.unit.not {
				return m.unit.said
			}
		}
	}
	return r.wordsIn(inArtist)
}

// wordsIn are the person's words found in f, in the order of rarity.
func (r *ranked) wordsIn(f field) string {
	var words []string
	for i := range r.matches {
		m := &r.matches[i]
		if m.fields&f != 0 && m.unit.name == 0 && !m.unit.not && m.how != synonym && m.unit.class <= generic {
			words = append(words, m.unit.said)
		}
	}
	return strings.Join(words, " ")
}

func (q *query) styleClues(r *ranked) []string {
	var clues []string
	if year := r.song.Year; year != 0 {
		if w, ok := fitting(q.eras, func(e era) float32 { return e.worth(year) }); ok {
			clues = append(clues, yearClue(year, w))
		}
	}
	have := genreOf(strings.ToLower(r.song.Genre)).genre
	if _, ok := fitting(q.genres, func(want string) float32 { return genreWorth(have, want) }); ok {
		clues = append(clues, r.song.Genre)
	}
	if w, ok := fitting(q.langs, func(want string) float32 { return languageWorth(r.song.Language, want) }); ok {
		clues = append(clues, languageClue(r.song.Language, w.said))
	}
	if w, ok := fitting(q.tempos, func(want tempo) float32 { return tempoOf(r.song.Tempo).worth(want) }); ok {
		clues = append(clues, quote(w.said))
	}
	return clues
}

func yearClue(year int, w wish[era]) string {
	switch {
	case w.said == strconv.Itoa(year):
		return "from " + w.said
	case year < w.what.from || year > w.what.to: // memory of years is poor: near counts too
		return fmt.Sprintf("%d is near %s", year, quote(w.said))
	default:
		return fmt.Sprintf("%d fits %s", year, quote(w.said))
	}
}

func languageClue(code, said string) string {
	if name := languageNames[code]; name != "" && code != "zxx" {
		return "sung in " + name
	}
	return quote(said)
}

// fitting returns the wish that fits best, if one does well.
func fitting[T any](wishes []wish[T], worth func(T) float32) (fits wish[T], ok bool) {
	best := float32(0.75)
	for _, w := range wishes {
		if v := worth(w.what); !w.not && v > best {
			best, fits, ok = v, w, true
		}
	}
	return fits, ok
}

// otherWords quotes what was found in descriptions and the like.
func (r *ranked) otherWords(limit int) []string {
	var words []string
	for i := range r.matches {
		m := &r.matches[i]
		named := m.fields&inTitle != 0 && r.title >= titleSaid || m.fields&inArtist != 0
		if m.unit.name != 0 || m.unit.not || m.unit.style || m.unit.class > generic || named || len(words) == limit {
			continue
		}
		words = append(words, quote(m.unit.said))
	}
	return words
}

func (r *ranked) saidIn(f field) bool {
	for i := range r.matches {
		m := &r.matches[i]
		if m.fields&f != 0 && m.unit.class == content && m.unit.name == 0 && !m.unit.not && m.how == exact {
			return true
		}
	}
	return false
}

func quote(s string) string { return "“" + s + "”" }

func capitalise(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

func leadingWords(text string, n int) string {
	if words := strings.Fields(text); len(words) > n {
		return strings.Join(words[:n], " ")
	}
	return text
}

// shorten cuts text at the end of a sentence or a word, to at most limit bytes.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	cut := text[:limit]
	if end := strings.LastIndex(cut, ". "); end > limit/3 {
		return cut[:end+1]
	}
	if end := strings.LastIndexByte(cut, ' '); end > 0 {
		cut = cut[:end]
	}
	return strings.TrimRight(cut, " ,;:") + "…"
}
