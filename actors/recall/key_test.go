package recall

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Beyoncé":                "beyonce",
		"Don’t Stop Believin'":   "dont stop believin",
		"AC/DC":                  "ac dc",
		"Simon & Garfunkel":      "simon and garfunkel",
		"Motörhead":              "motorhead",
		"Sigur Rós – Hoppípolla": "sigur ros hoppipolla",
		"Røyksopp":               "royksopp",
		"P!nk":                   "pink",
		"Wow!":                   "wow",
		"Ke$ha":                  "kesha",
		"Кино́":                  "кино",
		"上を向いて歩こう":               "上を向いて歩こう",
		"ガラス":                    "ガラス", // the voiced mark is part of the letter
		"강남스타일":                  "강남스타일",
		"दिल":                    "दिल",
		"ＡＢＣ":                    "abc",
		"  a \x00 b\xff":         "a b",
		"!!!":                    "",
		"":                       "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSongKeyMeets(t *testing.T) {
	t.Parallel()
	same := [][2][3]string{
		{{"", "Take On Me", "a-ha"}, {"", "Take on me (2015 Remastered)", "A-Ha"}},
		{{"", "Umbrella", "Rihanna"}, {"", "Umbrella (feat. Jay-Z)", "Rihanna ft. JAY-Z"}},
		{{"", "Here Comes the Sun", "The Beatles"}, {"", "Here Comes The Sun - Remastered 2009", "Beatles"}},
		{{"", "Halo", "Beyoncé"}, {"", "HALO", "Beyonce"}},
		{{"GB-AYE-69-00531", "x", "y"}, {"gbaye6900531", "other", "words"}},
	}
	for _, pair := range same {
		a, b := SongKey(pair[0][0], pair[0][1], pair[0][2]), SongKey(pair[1][0], pair[1][1], pair[1][2])
		if a != b {
			t.Errorf("%q and %q are one song", a, b)
		}
	}
}

// TestEditionsAreOneSong: whatever tells editions apart is found, in any case.
func TestEditionsAreOneSong(t *testing.T) {
	t.Parallel()
	plain := TitleKey("Rain", "X")
	for _, edition := range []string{
		"Remaster", "Remastered", "re-mastered", "Radio Edit", "Single Version", "Album Mix", "Mono Version", "Stereo Edit", "Original Mix",
		"Deluxe Version", "Explicit Version", "Mono", "STEREO", "Bonus Track", "Deluxe Edition", "Remaſter",
	} {
		for _, note := range []string{" (" + edition + ")", " [2011 " + edition + "]", " - " + edition, " - 2011 " + edition, " – " + edition} {
			if key := TitleKey("Rain"+note, "X"); key != plain {
				t.Errorf("%q has the key %q", "Rain"+note, key)
			}
		}
	}
	if TitleKey("Rain (Live)", "X") == plain {
		t.Error("another recording has the same key")
	}
}

func TestSongKeyParts(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{SongKey("", "Hello", "Adele"), SongKey("", "Hello", "Lionel Richie")},
		{SongKey("", "One", "U2"), SongKey("", "One (Is the Loneliest Number)", "U2")},
		{SongKey("", "Feather", "X"), SongKey("", "Feat", "X")},
		{SongKey("", "Stereo", "X"), SongKey("", "", "X")},
		{SongKey("", "ab", "c"), SongKey("", "a", "bc")},
		{SongKey("not a code", "Hello", "Adele"), SongKey("", "", "")},
	} {
		if pair[0] == pair[1] {
			t.Errorf("two songs share the key %q", pair[0])
		}
	}
}

func FuzzSongKey(f *testing.F) {
	f.Add("", "Take On Me (feat. x) - 2011 Remaster", "The a-ha")
	f.Add("USRC17607839", "", "")
	f.Add("", "ÅΣ\u0301\xff(", "The ")
	f.Fuzz(func(t *testing.T, isrc, title, artist string) {
		folded := Fold(title)
		if !utf8.ValidString(folded) || folded != strings.TrimSpace(folded) {
			t.Fatalf("Fold(%q) = %q", title, folded)
		}
		if again := Fold(folded); again != folded {
			t.Fatalf("folding twice: %q, then %q", folded, again)
		}
		SongKey(isrc, title, artist)
	})
}
