package catalog

// field is one bit for each part of a song that words are found in.
type field = uint8

const (
	inTitle field = 1 << iota
	inArtist
	inAlbum
	inPhrase
	inThemes
	inDescription
	inMood
	inGenre
)

// fieldRule says how a field takes part in BM25F: what one occurrence is
// worth, the length at which that holds, and whether stop words are indexed
// (names and phrases are made of them, prose drowns in them). Lengths are
// constants and not averages of the catalogue, so that segments built at
// different times agree.
type fieldRule struct {
	field  field
	weight float32
	length float32 // tokens; 0: length makes no difference
	stops  bool
}

var (
	titleRule       = fieldRule{inTitle, 3.2, 3, true}
	artistRule      = fieldRule{inArtist, 2.6, 2, true}
	albumRule       = fieldRule{inAlbum, 0.8, 3, false}
	phraseRule      = fieldRule{inPhrase, 2.2, 6, true}
	themesRule      = fieldRule{inThemes, 1.7, 8, false}
	descriptionRule = fieldRule{inDescription, 1.1, 34, false}
	moodRule        = fieldRule{inMood, 1.2, 0, false}
	genreRule       = fieldRule{inGenre, 1.0, 0, false}
)

// lengthShare is BM25's b: how much of the length counts.
const lengthShare = 0.4

// saturation is BM25's k1: the field weight at which an occurrence is worth half.
const saturation = 1.2

func (r fieldRule) worth(tokens int) float32 {
	if r.length == 0 {
		return r.weight
	}
	return r.weight / (1 - lengthShare + lengthShare*float32(tokens)/r.length)
}

// impact is the saturated weight as a byte: 1 to 255 for 0 to 1.
func impact(weight float32) uint8 {
	return uint8(max(1, min(255, 256*weight/(weight+saturation))))
}

// Terms of the whole title or artist, spaces taken out, stand in the same
// vocabulary as words under these marks, which folding never leaves in a word.
const (
	titleMark  = '='
	artistMark = '@'
)
