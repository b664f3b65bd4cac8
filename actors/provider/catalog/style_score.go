package catalog

// styleTable holds what each year, genre, language and tempo is worth to one
// query in one part, so that a song costs four look-ups.
type styleTable struct {
	years  [yearSpan]float32
	genres []float32
	langs  []float32
	tempos [4]float32
	best   float32 // no song has more
	asked  bool
}

const (
	tableFrom = 1900
	yearSpan  = 160
	fameBest  = 1.8 // what the most popular song has before the least
)

// fill makes t the table of one part; whatever it was before is overwritten.
func (t *styleTable) fill(q *query, p *segment) {
	t.genres, t.langs = room(t.genres, len(p.genres)), room(t.langs, len(p.langs))
	for i := range t.years {
		year := 0
		if i > 0 {
			year = tableFrom + i
		}
		t.years[i] = sumWishes(q.eras, func(e era) float32 { return e.worth(year) })
	}
	for i, name := range p.genres {
		t.genres[i] = sumWishes(q.genres, func(want string) float32 { return genreWorth(name, want) })
	}
	for i, code := range p.langs {
		t.langs[i] = sumWishes(q.langs, func(want string) float32 { return languageWorth(code, want) })
	}
	for i := range t.tempos {
		t.tempos[i] = sumWishes(q.tempos, func(want tempo) float32 { return tempo(i).worth(want) })
	}
	t.best = wishSum(q.eras) + wishSum(q.genres) + wishSum(q.langs) + wishSum(q.tempos) + fameBest
	t.asked = len(q.eras)+len(q.genres)+len(q.langs)+len(q.tempos) > 0
}

func languageWorth(have, want string) float32 {
	switch have {
	case want:
		return 1
	case "":
		return 0.2
	}
	return 0
}

// sumWishes is the best of the alternatives less what was ruled out.
func sumWishes[T any](wishes []wish[T], worth func(T) float32) float32 {
	best, against := float32(0), float32(0)
	for _, w := range wishes {
		v := w.weight * worth(w.what)
		if w.not {
			against = max(against, v)
		} else {
			best = max(best, v)
		}
	}
	return best - against
}

func (t *styleTable) style(a attr) float32 {
	return t.years[yearSlot(a.year)] + t.genres[a.genre] + t.langs[a.lang] + t.tempos[a.tempo]
}

func fameScore(a attr) float32 { return fameBest * float32(a.fame) / 100 }

func yearSlot(year uint16) int {
	if year == 0 {
		return 0
	}
	return min(max(int(year)-tableFrom, 1), yearSpan-1)
}
