package services

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Fusion can only agree on songs that the catalogue has by the same name.
func TestSongsAreInTheStarterCatalogue(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../persistence/starter/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("the starter catalogue is not where it was", err)
	}
	known := map[string]bool{}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var s struct{ Title, Artist string }
			if json.Unmarshal([]byte(line), &s) == nil {
				known[s.Title+"\n"+s.Artist] = true
			}
		}
	}
	for _, s := range songs {
		if !known[s.title+"\n"+s.artist] {
			t.Errorf("%s by %s is not in the catalogue", s.title, s.artist)
		}
	}
}

func TestSongsOfAnyNameHaveOneIdentity(t *testing.T) {
	t.Parallel()
	a, b := songNamed("take on me"), songNamed("Take On Me - a-ha")
	if a != b || a.isrc() != b.isrc() || len(a.isrc()) != 12 {
		t.Errorf("%+v, %+v, %s", a, b, a.isrc())
	}
	if s := songNamed("Own Song - Own Band"); s.artist != "Own Band" {
		t.Errorf("%+v", s)
	}
}
