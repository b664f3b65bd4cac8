package recall

import (
	"strings"

	"recall/wire"
)

// explains answers what a song means: the one that is named, else the one that the
// conversation is about. It is false when that is not what is asked, or when the
// song has to be found first.
func (p *plan) explains() bool {
	of, asked := meaningOf(p.text)
	if !asked {
		return false
	}
	r, ok := resolveName(of)
	switch {
	case !ok:
		return false
	case r.title != "":
	case p.known.song.Title != "":
		r.title, r.artist = p.known.song.Title, p.known.song.Artist
		r.whole = r.title
	case p.team.writer != "" && len(p.job.History) > 0: // it knows the conversation
		return false
	case p.needsEars():
		return false
	default:
		p.askBack("Which song do you mean? Tell me its name, or something of it.")
		return true
	}
	p.song, p.names = &Song{Title: r.title, Artist: r.artist}, r
	p.status(wire.StageSearching, "Looking the song up")
	p.askSources(strings.TrimSpace(r.whole + " " + r.artist))
	return true
}

// knowsSong has found the song in the catalogue, or not; its words are elsewhere.
func (p *plan) knowsSong() {
	if c, found := p.lookedUp(); found {
		p.song.Title, p.song.Artist = c.Title, c.Artist
	}
	if p.team.lyrics == "" || p.song.Artist == "" {
		p.meant()
		return
	}
	p.do(fetch{p.song.Artist, p.song.Title})
}

// lookedUp is the song as the catalogue has it. "Stand by Me" may be a title and
// may be a title and its artist; without any artist the best known one is meant.
func (p *plan) lookedUp() (wire.Candidate, bool) {
	all := fuse(p.asked)
	whole, title, artist := Fold(plainTitle(p.names.whole)), Fold(plainTitle(p.names.title)), foldArtist(p.names.artist)
	for _, fits := range []func(title, artist string) bool{
		func(t, a string) bool { return t == title && a == artist },
		func(t, _ string) bool { return t == whole && whole != title },
		func(t, _ string) bool { return t == title && artist == "" },
	} {
		for _, c := range all {
			if fits(Fold(plainTitle(c.Title)), foldArtist(c.Artist)) {
				return c, true
			}
		}
	}
	return wire.Candidate{}, false
}

func (p *plan) fetched(in fetched) {
	p.miss(p.team.lyrics, in.err)
	p.song.Lyrics = in.text
	p.meant()
}

// meant has the model say it, else the catalogue's own description.
func (p *plan) meant() {
	if p.team.writer == "" {
		p.describe()
		return
	}
	p.write()
}
