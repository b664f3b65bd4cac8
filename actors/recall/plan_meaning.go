package recall

import (
	"strings"

	"recall/wire"
)

// asksMeaning tells whether the question is what a song means, and which: the one
// that is named, else the one that the conversation is about, else none. A song that
// is described has to be found first.
func (p *plan) asksMeaning() (reference, bool) {
	of, asked := meaningOf(p.text)
	if !asked {
		return reference{}, false
	}
	r, ok := resolveName(of)
	if song := p.known.song; ok && r.title == "" && song.Title != "" {
		r = reference{song.Title, song.Title, song.Artist}
	}
	return r, ok
}

// explains answers what a song means, as far as it is known which; false when the
// recall is to go another way.
func (p *plan) explains(r reference) bool {
	switch {
	case r.title != "":
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
	all := fuse(p.asked, p.keys)
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
