package recall

import (
	"regexp"
	"strings"

	"recall/wire"
)

// meaning is how people ask what a song is about, in the languages that the app's
// users write most.
var meaning = regexp.MustCompile(`(?i)\bwhat(?:'s| is| does| are)?\b.*\b(about|mean|meaning)\b|\b(worum geht|wovon handelt|was bedeutet)|\bde qu[eé] (trata|habla|va)|\bqu[eé] significa|\bde quoi (parle|s'agit)|\bque (signifie|veut dire)|\bdi cosa parla|\bcosa significa|\b(sobre o que|do que fala|o que significa)|о ч[её]м|что (значит|означает)|何について|どういう意味`)

// quoted is a title in quotation marks.
var quoted = regexp.MustCompile(`["“„«”'‘]([^"“”„«»'’‘]{1,100})["”“»'’](?:\s+(?:by|von|de|di|от)\s+([^?.!]{1,100}))?`)

// titled is a title between the words of an English question.
var titled = regexp.MustCompile(`(?i)\bwhat(?:'s| is| does)\s+(?:the (?:song|meaning of)\s+)?(.{1,100}?)(?:\s+by\s+(.{1,100}?))?\s+(?:about|mean)\b`)

func asksMeaning(text string) bool { return meaning.MatchString(text) }

// explain answers what a song means: the one that is named, else the one that the
// conversation is about. Without a song it is a question like others.
func (p *plan) explain() {
	title, artist := named(p.text)
	if title == "" {
		title, artist = p.known.current()
	}
	if title == "" {
		p.search()
		return
	}
	p.song = &Song{Title: title, Artist: artist}
	p.status(wire.StageSearching, "Looking the song up")
	p.askSources(strings.TrimSpace(title + " " + artist))
}

// named is the song that a question names; "this song" names none.
func named(text string) (title, artist string) {
	m := quoted.FindStringSubmatch(text)
	if m == nil {
		m = titled.FindStringSubmatch(text)
	}
	if m == nil || len(tellingWords(m[1])) == 0 {
		return "", ""
	}
	return strings.TrimSpace(m[1]), strings.TrimSpace(m[2])
}

// current is the song that the conversation is about: the last one confirmed, else
// the last one that was offered and stands.
func (k Known) current() (title, artist string) {
	for _, o := range k.Given {
		if title == "" || o.Verdict == wire.Confirmed || !k.confirmed() {
			title, artist = o.Title, o.Artist
		}
	}
	return title, artist
}

func (k Known) confirmed() bool {
	for _, o := range k.Given {
		if o.Verdict == wire.Confirmed {
			return true
		}
	}
	return false
}

// knowsSong has found the song in the catalogue, or not; its words are elsewhere.
func (p *plan) knowsSong() {
	for _, c := range fuse(p.asked) {
		if Fold(plainTitle(c.Title)) == Fold(plainTitle(p.song.Title)) {
			p.song.Title, p.song.Artist = c.Title, c.Artist
			break
		}
	}
	if p.team.lyrics == "" || p.song.Artist == "" {
		p.meant()
		return
	}
	p.do(fetch{p.song.Artist, p.song.Title})
}

func (p *plan) fetched(in fetched) {
	p.miss(p.team.lyrics, in.err)
	p.song.Lyrics = in.text
	p.meant()
}

// meant has the model say it, else the catalogue's own description.
func (p *plan) meant() {
	if p.team.writer == "" {
		p.conclude()
		return
	}
	p.write()
}
