package persistence

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

func starterRows(t testing.TB) []songRow {
	t.Helper()
	text, err := starterText(starterFiles)
	if err != nil {
		t.Fatal(err)
	}
	rows := songJSONL{lines: newSongLines(bufio.NewReader(bytes.NewReader(text)))}
	var all []songRow
	for {
		row, _, err := rows.next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Error(err)
			continue
		}
		all = append(all, row)
	}
}

func TestStarterIsWide(t *testing.T) {
	t.Parallel()
	rows := starterRows(t)
	decades, languages, seen := map[int]int{}, map[string]int{}, map[string]bool{}
	for _, r := range rows {
		decades[r.Year/10]++
		languages[r.Language]++
		key := strings.ToLower(r.Title + "\x1f" + r.Artist)
		if seen[key] {
			t.Errorf("%s by %s comes twice", r.Title, r.Artist)
		}
		seen[key] = true
		if r.Description == "" || len(r.Themes) == 0 || r.Popularity == nil || r.Year == 0 || r.Genre == "" {
			t.Errorf("%s by %s lacks a description, themes, a year, a genre or its popularity", r.Title, r.Artist)
		}
	}
	if len(rows) < 500 || len(languages) < 8 {
		t.Errorf("%d songs in %d languages", len(rows), len(languages))
	}
	for decade := 195; decade <= 202; decade++ {
		if decades[decade] < 20 {
			t.Errorf("%d songs of the %d0s", decades[decade], decade)
		}
	}
}

// Several nodes at once seed once; what they seed has no two songs that the
// catalogue takes for the same.
func TestSeedSongsOnce(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	var added [3]int
	var nodes sync.WaitGroup
	for i := range added {
		nodes.Go(func() {
			res, err := db.SeedSongs(t.Context())
			if err != nil || res.Repeated != 0 {
				t.Errorf("%+v, %v", res, err)
			}
			added[i] = res.Added
		})
	}
	nodes.Wait()
	if sum := added[0] + added[1] + added[2]; sum != len(starterRows(t)) {
		t.Errorf("added %v of %d", added, len(starterRows(t)))
	}
}

// A new edition of the starter adds and never overwrites.
func TestSeedSongsLeavesWhatIsThere(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, "title,artist,description\nTake on me,A-ha,Ours\n", ImportOptions{})
	seed := func(edition string) (res ImportResult) {
		t.Helper()
		err := pgx.BeginFunc(t.Context(), db.pool, func(tx pgx.Tx) (err error) {
			res, err = seedOnce(t.Context(), tx, []byte(edition))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	const one = `{"title":"Take On Me","artist":"a-ha","description":"Theirs"}` + "\n" + `{"title":"B","artist":"X"}` + "\n"
	wantSame(t, seed(one), ImportResult{Read: 2, Added: 1, Unchanged: 1})
	execSQL(t, db, `DELETE FROM songs WHERE title = 'B'`)
	wantSame(t, seed(one), ImportResult{})
	wantSame(t, seed(one+`{"title":"C","artist":"X"}`), ImportResult{Read: 3, Added: 2, Unchanged: 1})
	if got := songsByTitle(t, db)["Take on me"].Description; got != "Ours" {
		t.Errorf("description %q", got)
	}
}
