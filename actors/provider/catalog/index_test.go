package catalog

import (
	"context"
	"fmt"
	"reflect"
	"sync"
	"testing"

	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
	"recall/wire"
)

func TestUpsertReplaces(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	s := someSongs()[0]
	s.Title = "Candle Road"
	p.Index.Upsert(s)
	if p.Index.Len() != len(someSongs()) {
		t.Errorf("%d songs", p.Index.Len())
	}
	if placeOf(ask(t, p, "lantern street"), "Lantern Street") >= 0 {
		t.Error("the old title is still found")
	}
	if first(ask(t, p, "candle road")) != "Candle Road" {
		t.Error("the new title is not found")
	}
}

func TestRemoveAndReset(t *testing.T) {
	t.Parallel()
	p := someProvider(t)
	p.Index.Remove(1, 1, 99)
	if p.Index.Len() != len(someSongs())-1 || placeOf(ask(t, p, "lantern street falsetto"), "Lantern Street") >= 0 {
		t.Error("a removed song is found")
	}
	p.Index.Reset(someSongs()[0])
	if p.Index.Len() != 1 || first(ask(t, p, "lantern street")) != "Lantern Street" || first(ask(t, p, "money machine")) != "" {
		t.Error("reset kept or lost songs")
	}
	p.Index.Reset()
	if p.Index.Len() != 0 {
		t.Error("reset to nothing left songs")
	}
}

func TestLaterOfTwoInOneCallStays(t *testing.T) {
	t.Parallel()
	x := New()
	x.Upsert(wire.Song{ID: 1, Title: "Early"}, wire.Song{ID: 1, Title: "Later"})
	if x.Len() != 1 || first(ask(t, Provider{x}, "later")) != "Later" {
		t.Errorf("%d songs", x.Len())
	}
}

// TestPiecemealIsTheSame: songs added, replaced and removed one at a time, and
// so through every kind of merge, end in what one load would have made.
func TestPiecemealIsTheSame(t *testing.T) {
	t.Parallel()
	songs := catalogtest.Generate(700, 3)
	whole, pieces := New(), New()
	whole.Upsert(songs[:600]...)
	for i := range songs {
		pieces.Upsert(songs[(i*331)%len(songs)])
		pieces.Upsert(songs[(i*7)%len(songs)])
	}
	for _, s := range songs[600:] {
		pieces.Remove(s.ID)
	}
	if pieces.Len() != 600 || len(pieces.now.Load().parts) > 12 {
		t.Fatalf("%d songs in %d parts", pieces.Len(), len(pieces.now.Load().parts))
	}
	pieces.Upsert(songs[0])
	for _, s := range songs[:600:600] {
		if got, want := songOf(t, pieces, s.ID), songOf(t, whole, s.ID); !reflect.DeepEqual(got, want) || !reflect.DeepEqual(got, s) {
			t.Fatalf("song %d is %+v, want %+v", s.ID, got, s)
		}
	}
	for _, text := range catalogtest.Queries(songs, 40, 5) {
		a, b := ask(t, Provider{whole}, text), ask(t, Provider{pieces}, text)
		if len(a.Candidates) > 0 && placeOf(b, first(a)) < 0 { // the dead still weigh a little, order may differ
			t.Errorf("%q finds %q in one piece and not in many", text, first(a))
		}
	}
}

func songOf(t *testing.T, x *Index, id int64) wire.Song {
	t.Helper()
	for _, p := range x.now.Load().parts {
		if doc, found := p.doc(id); found && !p.dead.has(doc) {
			return p.song(doc)
		}
	}
	t.Fatalf("song %d is gone", id)
	return wire.Song{}
}

// TestReadersAndWriters is for the race detector, and shows that a reader sees
// all of an upsert or nothing: the two songs always have the same year.
func TestReadersAndWriters(t *testing.T) {
	t.Parallel()
	x := New()
	x.Upsert(catalogtest.Generate(300, 1)...)
	pair := func(year int) []wire.Song {
		return []wire.Song{{ID: 9001, Title: "Twin Lanternfish", Artist: "A", Year: year}, {ID: 9002, Title: "Twin Lanternfish", Artist: "B", Year: year}}
	}
	x.Upsert(pair(1950)...)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				f, err := Provider{x}.Find(context.Background(), recall.Query{Text: "twin lanternfish"})
				if err != nil || len(f.Candidates) < 2 || f.Candidates[0].Year != f.Candidates[1].Year {
					t.Errorf("torn: %+v, %v", f.Candidates, err)
					return
				}
			}
		})
	}
	for i := range 200 {
		x.Upsert(pair(1950 + i%70)...)
		x.Upsert(wire.Song{ID: int64(i % 50), Title: fmt.Sprint("Passing ", i)})
		x.Remove(int64(i % 30))
	}
	close(done)
	readers.Wait()
}

func TestGeneratorIsDeterministic(t *testing.T) {
	t.Parallel()
	a, b := catalogtest.Generate(200, 7), catalogtest.Generate(300, 7)
	if !reflect.DeepEqual(a, b[:200]) {
		t.Error("a longer catalogue starts differently")
	}
	if reflect.DeepEqual(a[:5], catalogtest.Generate(5, 8)) {
		t.Error("the seed makes no difference")
	}
	mixed := catalogtest.Mixed(someSongs(), 50, 7)
	if len(mixed) != 50 || mixed[0].Title != "Lantern Street" || mixed[49].ID != 50 {
		t.Errorf("mixed: %d songs", len(mixed))
	}
}
