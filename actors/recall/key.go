package recall

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// SongKey names a song among candidates of several sources: "isrc:" and the
// code when isrc is a well-formed one (ISO 3901: 12 characters, dashes
// ignored), else the folded title and artist. Case, accents, punctuation,
// "feat." parts, remaster notes and an artist's leading "The" make no
// difference (RECALL.md, step 8). It is "" only when all three are.
func SongKey(isrc, title, artist string) string {
	if code := foldISRC(isrc); code != "" {
		return isrcPrefix + code
	}
	return TitleKey(title, artist)
}

// isrcPrefix tells the keys that are codes.
const isrcPrefix = "isrc:"

// TitleKey is the key of a song without its ISRC: two sources of which only
// one knows the code still meet here.
func TitleKey(title, artist string) string {
	var room [96]byte // most keys fit: then the key itself is all that is made
	key := append(AppendFold(room[:0], plainTitle(title)), '|')
	bar := len(key) - 1
	key = AppendFold(key, plainArtist(artist))
	if len(key) == 1 {
		return ""
	}
	if name := key[bar+1:]; len(name) > len(leadingThe) && string(name[:len(leadingThe)]) == leadingThe {
		key = slices.Delete(key, bar+1, bar+1+len(leadingThe))
	}
	return string(key)
}

var isrcForm = regexp.MustCompile(`^[A-Z]{2}[A-Z0-9]{3}[0-9]{7}$`)

func foldISRC(s string) string {
	if s == "" { // most sources know none
		return ""
	}
	s = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), "-", ""))
	if !isrcForm.MatchString(s) {
		return ""
	}
	return s
}

const edition = `(?:re-?master(?:ed)?|radio edit|(?:single|album|mono|stereo|original|deluxe|explicit) (?:version|mix|edit)|mono|stereo|bonus track|deluxe edition)`

var (
	guests        = regexp.MustCompile(`(?i)\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s.*$`)
	bracketNote   = regexp.MustCompile(`(?i)\s*[(\[][^)\]]*\b` + edition + `\b[^)\]]*[)\]]`)
	trailingNote  = regexp.MustCompile(`(?i)\s+[-–—]\s+(?:\d{4}\s+)?` + edition + `\b[^-–—]*$`)
	guestBrackets = regexp.MustCompile(`(?i)\s*[(\[]\s*(?:feat|ft|featuring)\b[^)\]]*[)\]]`)
)

// plainTitle takes away what tells editions of one recording apart. A title
// that is nothing else ("Stereo") keeps its words.
func plainTitle(s string) string {
	if !mayHaveNote(s) {
		return s
	}
	for _, note := range []*regexp.Regexp{guestBrackets, bracketNote, trailingNote, guests} {
		if cut := note.ReplaceAllString(s, ""); strings.TrimSpace(cut) != "" {
			s = cut
		}
	}
	return s
}

// mayHaveNote spares most titles the regular expressions, which take microseconds.
func mayHaveNote(s string) bool {
	return mayHaveGuests(s) || mayHaveEdition(s)
}

// editionParts are within every [edition].
var editionParts = []string{"master", "edit", "mix", "version", "mono", "stereo", "bonus"}

func mayHaveEdition(s string) bool {
	if !isASCII(s) { // it may have other dashes, and letters that are equal but for their case
		return true
	}
	if strings.IndexByte(s, '(') < 0 && strings.IndexByte(s, '[') < 0 && strings.IndexByte(s, '-') < 0 {
		return false
	}
	s = strings.ToLower(s)
	for _, part := range editionParts {
		if strings.Contains(s, part) {
			return true
		}
	}
	return false
}

func mayHaveGuests(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i]|0x20 == 'f' && (s[i+1]|0x20 == 't' || s[i+1]|0x20 == 'e') {
			return true
		}
	}
	return false
}

// leadingThe is what "The Beatles" and "Beatles" differ in, folded.
const leadingThe = "the "

func foldArtist(s string) string {
	folded := Fold(plainArtist(s))
	if name, found := strings.CutPrefix(folded, leadingThe); found && name != "" {
		return name
	}
	return folded
}

// plainArtist takes the guests away.
func plainArtist(s string) string {
	if !mayHaveGuests(s) {
		return s
	}
	if cut := guests.ReplaceAllString(s, ""); strings.TrimSpace(cut) != "" {
		return cut
	}
	return s
}

// Fold makes spellings of the same words equal: lower case, no accents on
// Latin, Greek and Cyrillic letters, "&" as "and", apostrophes dropped, every
// other punctuation one space. Other scripts keep their marks, which are part
// of the letter there. Invalid UTF-8 and NUL fold to a space.
func Fold(s string) string {
	var room [128]byte
	return string(AppendFold(room[:0], s))
}

// AppendFold is Fold that appends to dst: loading a catalogue folds millions
// of words and must not allocate for each.
func AppendFold(dst []byte, s string) []byte {
	if !isASCII(s) {
		s = foldMarks(s)
	}
	start := len(dst)
	for i := 0; i < len(s); {
		if b := s[i]; b < utf8.RuneSelf {
			dst = appendASCII(dst, start, s, i)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = appendRune(dst, start, r, size)
		i += size
	}
	if n := len(dst); n > start && dst[n-1] == ' ' {
		dst = dst[:n-1]
	}
	return dst
}

func appendASCII(dst []byte, start int, s string, i int) []byte {
	b := s[i]
	switch {
	case 'a' <= b && b <= 'z', '0' <= b && b <= '9':
		return append(dst, b)
	case 'A' <= b && b <= 'Z':
		return append(dst, b+'a'-'A')
	case b == '\'' || b == '`':
		return dst
	case b == '&':
		return append(appendSpace(dst, start), "and "...)
	case b == '$' && (letterAt(s, i-1) || letterAt(s, i+1)): // Ke$ha, $uicide
		return append(dst, 's')
	case b == '!' && letterAt(s, i-1) && letterAt(s, i+1): // P!nk
		return append(dst, 'i')
	}
	return appendSpace(dst, start)
}

func appendRune(dst []byte, start int, r rune, size int) []byte {
	if r == utf8.RuneError && size == 1 {
		return appendSpace(dst, start)
	}
	if latin, known := undecomposed[r]; known {
		return append(dst, latin...)
	}
	r = unicode.ToLower(r)
	if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) {
		return utf8.AppendRune(dst, r)
	}
	return appendSpace(dst, start)
}

func appendSpace(dst []byte, start int) []byte {
	if n := len(dst); n == start || dst[n-1] == ' ' {
		return dst
	}
	return append(dst, ' ')
}

func letterAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z')
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldMarks decomposes, drops the accents of alphabets that people type
// without them, and composes what is left.
func foldMarks(s string) string {
	kept := make([]rune, 0, len(s))
	var base rune
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.Mn, r) {
			base = r
		} else if !unicode.IsLetter(base) || unicode.In(base, unicode.Latin, unicode.Greek, unicode.Cyrillic) {
			continue
		}
		kept = append(kept, r)
	}
	return norm.NFC.String(string(kept))
}

// undecomposed are letters that Unicode does not decompose and people write
// in ASCII, and the apostrophes, which fold to nothing.
var undecomposed = map[rune]string{
	'ø': "o", 'Ø': "o", 'ł': "l", 'Ł': "l", 'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'Æ': "ae",
	'œ': "oe", 'Œ': "oe", 'đ': "d", 'Đ': "d", 'ð': "d", 'Ð': "d", 'þ': "th", 'Þ': "th",
	'ı': "i", '’': "", '‘': "", 'ʼ': "", '´': "", '′': "",
}
