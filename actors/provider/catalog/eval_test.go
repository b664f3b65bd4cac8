package catalog

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
	"recall/wire"
)

// description is a line of the evaluation set: what a person might say of a
// song, written without looking at the catalogue.
type description struct {
	Query, Title, Artist, Kind, Split string
}

const starterDir = "../../../persistence/starter"

func starterSongs(tb testing.TB) []wire.Song {
	tb.Helper()
	songs, err := catalogtest.Starter(starterDir)
	if err != nil {
		tb.Fatal(err)
	}
	if len(songs) == 0 {
		tb.Skip("no starter catalogue")
	}
	return songs
}

// descriptions are those of the evaluation set whose song songs has.
func descriptions(tb testing.TB, songs []wire.Song) []description {
	tb.Helper()
	known := map[string]bool{}
	for _, s := range songs {
		known[recall.TitleKey(s.Title, s.Artist)] = true
	}
	var all []description
	for _, name := range []string{"descriptions.jsonl", "dev.jsonl"} {
		for _, d := range readDescriptions(tb, filepath.Join("testdata", name)) {
			if d.Title == "" || known[recall.TitleKey(d.Title, d.Artist)] {
				all = append(all, d)
			} else {
				tb.Logf("not in the catalogue: %s by %s", d.Title, d.Artist)
			}
		}
	}
	return all
}

func readDescriptions(tb testing.TB, file string) []description {
	tb.Helper()
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var list []description
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d description
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatalf("%s: %v", file, err)
		}
		list = append(list, d)
	}
	return list
}

// tally is what a split reached.
type tally struct {
	asked, first, five int
	bins               [len(binEdges) - 1]struct{ said, right int } // of all candidates, by confidence
}

var binEdges = [...]float64{0, 0.2, 0.4, 0.7, 0.85, 1}

func binOf(confidence float64) int {
	bin := 0
	for bin+2 < len(binEdges) && confidence >= binEdges[bin+1] {
		bin++
	}
	return bin
}

// add counts f. A description without a title could be of many songs: no
// candidate is right, and none may claim to be.
func (t *tally) add(d description, f recall.Finding) int {
	place := -1
	want := recall.TitleKey(d.Title, d.Artist)
	for i, c := range f.Candidates {
		bin := &t.bins[binOf(c.Confidence)]
		bin.said++
		if d.Title != "" && recall.TitleKey(c.Title, c.Artist) == want {
			bin.right++
			place = i
		}
	}
	if d.Title == "" {
		return 0
	}
	t.asked++
	if place == 0 {
		t.first++
	}
	if place >= 0 {
		t.five++
	}
	return place
}

func (t *tally) log(tb testing.TB, name string) {
	if t.asked == 0 {
		return
	}
	tb.Logf("%-5s %3d asked, top-1 %.3f, top-5 %.3f", name, t.asked, float64(t.first)/float64(t.asked), float64(t.five)/float64(t.asked))
	for i, b := range t.bins {
		tb.Logf("      confidence %.2f to %.2f: %3d of %3d right", binEdges[i], binEdges[i+1], b.right, b.said)
	}
}

func TestDescriptions(t *testing.T) {
	t.Parallel()
	songs := starterSongs(t)
	evaluate(t, songs, songs, map[string]floor{"dev": {0.85, 0.92}, "held": {0.88, 0.92}})
}

// TestDescriptionsAmongMany hides the starter catalogue among invented songs.
func TestDescriptionsAmongMany(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("loads 100,000 songs")
	}
	songs := starterSongs(t)
	evaluate(t, songs, catalogtest.Mixed(songs, benchSongs, 1), map[string]floor{"dev": {0.77, 0.88}, "held": {0.87, 0.91}})
}

// floor is what a split must reach: shares of the descriptions asked. They
// stand a little under what was reached when they were set.
type floor struct{ first, five float64 }

func (t *tally) check(tb testing.TB, name string, least floor) {
	tb.Helper()
	t.log(tb, name)
	if t.asked == 0 {
		return
	}
	asked := float64(t.asked)
	if first, five := float64(t.first)/asked, float64(t.five)/asked; first < least.first || five < least.five {
		tb.Errorf("%s: top-1 %.3f, top-5 %.3f; floors %v", name, first, five, least)
	}
	if share := t.right(3, 5); share < 0.85 {
		tb.Errorf("%s: of candidates with confidence 0.7 and more, %.2f are right", name, share)
	}
	if share := t.right(0, 2); share > 0.15 {
		tb.Errorf("%s: of candidates with confidence below 0.4, %.2f are right", name, share)
	}
}

// right is the share of right ones among the candidates of bins from to to.
func (t *tally) right(from, to int) float64 {
	said, right := 0, 0
	for _, b := range t.bins[from:to] {
		said, right = said+b.said, right+b.right
	}
	return float64(right) / float64(max(said, 1))
}

func evaluate(t *testing.T, starter, all []wire.Song, floors map[string]floor) {
	t.Helper()
	x := New()
	x.Upsert(all...)
	splits := map[string]*tally{"dev": {}, "held": {}}
	for _, d := range descriptions(t, starter) {
		f, err := Provider{x}.Find(context.Background(), recall.Query{Text: d.Query})
		if err != nil {
			t.Fatal(err)
		}
		if place := splits[d.Split].add(d, f); place != 0 && d.Split == "dev" && testing.Verbose() {
			logMiss(t, d, f, place)
		}
	}
	for _, name := range []string{"dev", "held"} {
		splits[name].check(t, name, floors[name])
	}
}

func logMiss(t *testing.T, d description, f recall.Finding, place int) {
	var got []string
	for _, c := range f.Candidates {
		got = append(got, c.Title)
	}
	t.Logf("place %d [%s] %q is %s; found %s", place+1, d.Kind, d.Query, d.Title, strings.Join(got, " | "))
}
