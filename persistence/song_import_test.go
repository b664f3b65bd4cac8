package persistence

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"recall/wire"
)

func TestImportAddsUpdatesAndLeavesAlone(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	first := mustImport(t, db, "title,artist,year,isrc,mood,popularity\n"+
		"Ünder Ice,The Band,1985,GB-AAA-85-00001,cold; calm,40\n"+
		"Second,B,,,,\n"+
		"Third,C,1990,,,7\n", ImportOptions{})
	wantSame(t, first, ImportResult{Read: 3, Added: 3})

	second := mustImport(t, db, `{"title":"Under Ice (live)","artist":"The Band","isrc":"GBAAA8500001"}`+"\n"+
		`{"title":"SECOND!","artist":"b","year":1971}`+"\n"+
		`{"title":"Third","artist":"C"}`+"\n"+
		`{"title":"Fourth","artist":"D","popularity":0}`+"\n", ImportOptions{})
	wantSame(t, second, ImportResult{Read: 4, Added: 1, Updated: 2, Unchanged: 1})

	wantSame(t, songsByTitle(t, db), map[string]wire.Song{
		"Under Ice (live)": {Title: "Under Ice (live)", Artist: "The Band", Year: 1985, ISRC: "GBAAA8500001", Mood: []string{"cold", "calm"}, Themes: []string{}, Popularity: 40},
		"SECOND!":          {Title: "SECOND!", Artist: "b", Year: 1971, Mood: []string{}, Themes: []string{}},
		"Third":            {Title: "Third", Artist: "C", Year: 1990, Mood: []string{}, Themes: []string{}, Popularity: 7},
		"Fourth":           {Title: "Fourth", Artist: "D", Mood: []string{}, Themes: []string{}},
	})
}

func TestImportLastRowOfASongWins(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	res := mustImport(t, db, "title,artist,year,isrc\n"+
		"Don't Go,Zoë,1980,\n"+
		"One,X,1981,GBAAA8500001\n"+
		"dont go,ZOE,1982,\n"+
		"Two,X,1983,GBAAA8500001\n", ImportOptions{})
	wantSame(t, res, ImportResult{Read: 4, Added: 2, Repeated: 2})
	got := songsByTitle(t, db)
	if len(got) != 2 || got["dont go"].Year != 1982 || got["Two"].Year != 1983 {
		t.Errorf("catalogue %v", got)
	}
}

// Names may move between songs that ISRCs hold apart, and a song whose name is
// taken over by an ISRC is the same song.
func TestImportISRCDecidesBeforeName(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, "title,artist,isrc\nA,X,GBAAA8500001\nB,X,GBAAA8500002\nC,X,\n", ImportOptions{})
	swap := mustImport(t, db, "title,artist,isrc\nB,X,GBAAA8500001\nA,X,GBAAA8500002\n", ImportOptions{})
	wantSame(t, swap, ImportResult{Read: 2, Updated: 2})
	merge := mustImport(t, db, "title,artist,isrc\nC,X,GBAAA8500001\n", ImportOptions{})
	wantSame(t, merge, ImportResult{Read: 1, Updated: 1, Merged: 1})
	freed := mustImport(t, db, "title,artist,isrc\nD,X,GBAAA8500001\nC,X,\n", ImportOptions{})
	wantSame(t, freed, ImportResult{Read: 2, Updated: 1, Added: 1})

	got := songsByTitle(t, db)
	if len(got) != 3 || got["A"].ISRC != "GBAAA8500002" || got["D"].ISRC != "GBAAA8500001" || got["C"].ISRC != "" {
		t.Errorf("catalogue %v", got)
	}
}

func TestImportIsAllOrNothing(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	_, err := db.ImportSongs(t.Context(), strings.NewReader("title,artist,year\nA,B,1985\nC,D,3000\n"), ImportOptions{})
	bad, ok := asRowError(err)
	if !ok || bad.Line != 3 || bad.Field != "year" || !strings.Contains(err.Error(), "line 3: year: 3000 is not between 1000 and 2100") {
		t.Errorf("error %v", err)
	}
	if got := songsByTitle(t, db); len(got) != 0 {
		t.Errorf("stored %v", got)
	}
}

func TestImportSkipsBadRows(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	var bad []string
	res := mustImport(t, db, "title,artist,tempo\nA,B,fast\n,D,\nE,F,brisk\nG,H\nI,J,slow\n", ImportOptions{
		SkipBad: true, OnBad: func(e *RowError) { bad = append(bad, e.Error()) }})
	wantSame(t, res, ImportResult{Read: 2, Bad: 3, Added: 2})
	wantSame(t, bad, []string{
		"line 3: title: is required",
		`line 4: tempo: "brisk" is not slow, medium or fast`,
		"line 5: must have 3 fields as the header has, not 2",
	})
}

func TestImportWithoutRows(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	wantSame(t, mustImport(t, db, "", ImportOptions{Format: "jsonl"}), ImportResult{})
	wantSame(t, mustImport(t, db, "title,artist\n", ImportOptions{}), ImportResult{})
}

// More rows than one statement stores: batches make no difference, progress
// only grows and ends with everything.
func TestImportOfManyRows(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	const n = 2*mergeLines + 100
	file := syntheticSongs(t, n)
	var last ImportProgress
	res := mustImport(t, db, file, ImportOptions{OnProgress: func(p ImportProgress) {
		if p.Bytes < last.Bytes || p.Rows < last.Rows || p.Stored < last.Stored {
			t.Errorf("progress went from %+v back to %+v", last, p)
		}
		last = p
	}})
	wantSame(t, last, ImportProgress{Bytes: int64(len(file)), Rows: n, Stored: n})
	wantSame(t, res, ImportResult{Read: n, Added: n})
	wantSame(t, mustImport(t, db, file, ImportOptions{}), ImportResult{Read: n, Unchanged: n})
}

func TestConcurrentImportsOfTheSameFile(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	file := syntheticSongs(t, 300)
	var added [4]int
	var all sync.WaitGroup
	for i := range added {
		all.Go(func() {
			res, err := db.ImportSongs(context.WithoutCancel(t.Context()), strings.NewReader(file), ImportOptions{})
			if err != nil {
				t.Error(err)
			}
			added[i] = res.Added
		})
	}
	all.Wait()
	if sum := added[0] + added[1] + added[2] + added[3]; sum != 300 {
		t.Errorf("added %v", added)
	}
}

// The widest names that pass the checks fit the unique index, also when folding
// makes them longer (one Arabic ligature stands for 18 letters).
func TestImportOfTheWidestNames(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	for _, wide := range []string{"ﷺ", "𝄞", "ꙮ", "!"} {
		name := strings.Repeat(wide, maxSongName)
		mustImport(t, db, fmt.Sprintf("title,artist,album\n%s,%s,%s\n", name, name, name), ImportOptions{})
	}
	if got := songsByTitle(t, db); len(got) != 4 {
		t.Errorf("stored %d songs", len(got))
	}
}

func TestSongsOfAllScriptsStayApart(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	res := mustImport(t, db, "title,artist\nКалинка,Хор\nкалинка,хор\nКатюша,Хор\n上を向いて歩こう,坂本九\n見上げてごらん,坂本九\n!!!,???\n***,???\n", ImportOptions{})
	wantSame(t, res, ImportResult{Read: 7, Added: 6, Repeated: 1})
}

// The table refuses what the checks refuse, and the error names the field.
func TestConstraintsNameTheField(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	for field, value := range map[string]any{
		"title": " ", "artist": "", "year": 999, "popularity": 101, "tempo": "brisk", "language": "english",
		"isrc": "X", "phrase": "one two three four five six seven eight nine",
		"mood": make([]string, 17), "themes": make([]string, 33), "description": strings.Repeat("x", 2001),
	} {
		row := map[string]any{"title": "A", "artist": "B"}
		row[field] = value
		columns, places, args := "", "", []any{}
		for name, v := range row {
			args = append(args, v)
			columns += "," + name
			places += fmt.Sprintf(",$%d", len(args))
		}
		_, err := db.pool.Exec(t.Context(), "INSERT INTO songs ("+columns[1:]+") VALUES ("+places[1:]+")", args...)
		if err = songError(err); err == nil || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: error %v", field, err)
		}
	}
}

func TestSongsStopsAtAnError(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, syntheticSongs(t, songBatch+1), ImportOptions{})
	enough := errors.New("enough")
	calls := 0
	err := db.Songs(t.Context(), func([]wire.Song) error { calls++; return enough })
	if !errors.Is(err, enough) || calls != 1 {
		t.Errorf("after %d calls: %v", calls, err)
	}
}

func TestSongsByID(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, "title,artist\nA,X\nB,X\n", ImportOptions{})
	var ids []int64
	if err := db.Songs(t.Context(), func(batch []wire.Song) error {
		for _, s := range batch {
			ids = append(ids, s.ID)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	got, err := db.SongsByID(t.Context(), []int64{ids[1], -1})
	if err != nil || len(got) != 1 || got[0].ID != ids[1] {
		t.Errorf("got %v, %v", got, err)
	}
}
