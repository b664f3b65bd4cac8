package services

import (
	"crypto/sha256"
	"fmt"
	"strings"
)

// song is a recording that the services know.
type song struct {
	title, artist, album string
	year                 int
	genre, language      string
	line                 string // a few words of it
	about                string // in our own words
	hints                string // further words that people use for it
}

// isrc is an invented code, equal in every service as a real one would be.
func (s song) isrc() string {
	sum := sha256.Sum256([]byte(s.title + "\n" + s.artist))
	return fmt.Sprintf("QZEMU%02d%05d", s.year%100, (int(sum[0])<<8|int(sum[1]))%100_000)
}

// id is a number as catalogues give them.
func (s song) id() string {
	sum := sha256.Sum256([]byte(s.artist + "\n" + s.title))
	return fmt.Sprint(100_000_000 + (int(sum[0])<<16 | int(sum[1])<<8 | int(sum[2])))
}

// songNamed is the song of a title, or of "title - artist"; one that is not known is
// made up from its name, so that a test may use any.
func songNamed(name string) song {
	title, artist, _ := strings.Cut(name, " - ")
	by := folded(artist)
	for _, i := range songsByTitle[folded(title)] {
		if artist == "" || folded(songs[i].artist) == by {
			return songs[i]
		}
	}
	if artist == "" {
		artist = "Unknown Artist"
	}
	return song{title: title, artist: artist, album: title, year: 2000, genre: "pop", language: "en", about: "something that this demo does not know"}
}

// songsByTitle are places in songs by folded title: to fold all of them for each song of
// a prompt was a third of what thinking took.
var songsByTitle = func() map[string][]int {
	out := map[string][]int{}
	for i, s := range songs {
		title := folded(s.title)
		out[title] = append(out[title], i)
	}
	return out
}()

// songOnAlbum is the song that an album is known for here.
func songOnAlbum(name string) (song, bool) {
	for _, s := range songs {
		if s.album != "" && folded(s.album) == folded(name) {
			return s, true
		}
	}
	return song{}, false
}

// folded is a text without case and punctuation.
func folded(text string) string { return strings.Join(wordsOf(text), " ") }

// wordsOf is the words of a text in small letters; an apostrophe is no border.
func wordsOf(text string) []string {
	text = withoutApostrophes.Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool {
		return r < '0' || r > '9' && r < 'a' || r > 'z' && r < 0xC0
	})
}

var withoutApostrophes = strings.NewReplacer("'", "", "’", "")
