package catalog

import (
	"reflect"
	"sync"
	"testing"

	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
)

// TestSearchesShareNoMemory asks many questions of one index and of one with other parts
// at once, in different orders, and expects what each of them found alone, also in
// answers that were given long before.
func TestSearchesShareNoMemory(t *testing.T) {
	t.Parallel()
	songs := catalogtest.Generate(600, 4)
	whole, parted := New(), New()
	whole.Upsert(songs...)
	for i := 0; i < len(songs); i += 100 {
		parted.Upsert(songs[i : i+100]...)
	}
	queries := questionsOf(catalogtest.Queries(songs, 60, 5))
	alone := [][]recall.Finding{findAll(t, whole, queries, 0), findAll(t, parted, queries, 0)}
	var all sync.WaitGroup
	for from := range 4 {
		for i, x := range []*Index{whole, parted} {
			all.Go(func() {
				if got := findAll(t, x, queries, from*13); !reflect.DeepEqual(got, alone[i]) {
					t.Errorf("searches that begin with question %d found other songs than alone", from*13)
				}
			})
		}
	}
	all.Wait()
}

// questionsOf are texts as questions of their own and as what follows another one.
func questionsOf(texts []string) []recall.Query {
	var queries []recall.Query
	for i, text := range texts {
		before := recall.Known{Earlier: texts[:i%3], Asked: []string{"Is it more like the 1970s or the 1990s?"}}
		queries = append(queries, recall.Query{Text: text}, recall.Query{Text: "no, not " + text, Known: before, Limit: 1 + i%7})
	}
	return queries
}

// findAll asks from the question start on, and round.
func findAll(t *testing.T, x *Index, queries []recall.Query, start int) []recall.Finding {
	t.Helper()
	all := make([]recall.Finding, len(queries))
	for i := range queries {
		at := (start + i) % len(queries)
		found, err := Provider{x}.Find(t.Context(), queries[at])
		if err != nil {
			t.Error(err)
		}
		all[at] = found
	}
	return all
}

// TestForgottenMemoryHoldsNoSong: a segment that is gone must not live on in the pool.
func TestForgottenMemoryHoldsNoSong(t *testing.T) {
	t.Parallel()
	songs := catalogtest.Generate(200, 6)
	x := New()
	x.Upsert(songs...)
	snap := x.now.Load()
	q := newQuery(snap, readTurns(recall.Query{Text: songs[0].Title + " by " + songs[0].Artist}, 2025, snap))
	if list := q.rank(q.shortlist()); len(list) == 0 {
		t.Fatal("nothing was found")
	}
	m := q.memory // never given back: another search would fill it
	m.units = q.units
	m.forget()
	for _, list := range []any{m.ranked, m.order, m.units, m.matches, m.variants, m.spoken} {
		v := reflect.ValueOf(list)
		if v.Len() == 0 {
			t.Error("the search had no use for a list of", v.Type())
		}
		for i := range v.Len() {
			if !v.Index(i).IsZero() {
				t.Fatalf("%v stays in the memory", v.Index(i))
			}
		}
	}
	if len(m.sought) != 0 {
		t.Errorf("words stay in the memory: %v", m.sought)
	}
}
