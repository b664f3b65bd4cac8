package persistence

import (
	"slices"
	"testing"
)

func TestSearchSongs(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	if _, err := db.SeedSongs(t.Context()); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"take on me":                              "Take On Me",
		"tak on mee by aha":                       "Take On Me",
		"Bohemian Rapsody":                        "Bohemian Rhapsody",
		"that one by queeen, the bohemian":        "Bohemian Rhapsody",
		"a rock song with an opera in the middle": "Bohemian Rhapsody",
	} {
		hits, err := db.SearchSongs(t.Context(), text, 5)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(hits, func(h SongHit) bool { return h.Song.Title == want }) {
			t.Errorf("%q: got %v, want %s among them", text, hits, want)
		}
	}
}

// Nothing that a person may type is an error.
func TestSearchSongsOfAnything(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	mustImport(t, db, "title,artist\nA,X\n", ImportOptions{})
	for _, text := range []string{"", " ", "'", `\`, "& | ! ()", ":*", "<->", "\x00", "\xff", "''''''", "the and", "a:A"} {
		if _, err := db.SearchSongs(t.Context(), text, 0); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestSearchSongsKeepsToItsLimit(t *testing.T) {
	t.Parallel()
	db := songDB(t)
	execSQL(t, db, `INSERT INTO songs (title, artist) SELECT 'Piano ' || n, 'X' FROM generate_series(1, 300) n`)
	for limit, want := range map[int]int{-1: 1, 0: 1, 7: 7, 1000: 100} {
		hits, err := db.SearchSongs(t.Context(), "piano", limit)
		if err != nil || len(hits) != want {
			t.Errorf("limit %d: %d hits, %v", limit, len(hits), err)
		}
	}
}
