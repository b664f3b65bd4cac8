package catalog

import "strings"

// tempo is a song's speed.
type tempo uint8

const (
	anyTempo tempo = iota
	slow
	medium
	fast
)

func (t tempo) String() string { return [...]string{"", "slow", "medium", "fast"}[t] }

func tempoOf(s string) tempo {
	switch s {
	case "slow":
		return slow
	case "medium":
		return medium
	case "fast":
		return fast
	}
	return anyTempo
}

// worth of a song's tempo when want was asked for: medium is half of either.
func (t tempo) worth(want tempo) float32 {
	switch {
	case t == want:
		return 1
	case t == anyTempo || t == medium || want == medium:
		return 0.4
	}
	return 0
}

var tempoWords = map[string]tempo{
	"slow": slow, "slower": slow, "ballad": slow, "lullaby": slow, "slowly": slow,
	"fast": fast, "faster": fast, "uptempo": fast, "up tempo": fast, "danceable": fast, "banger": fast, "fast paced": fast,
	"mid tempo": medium, "midtempo": medium, "medium tempo": medium,
}

// genreFamilies: one family a line, one genre of it between semicolons, its
// first name the one we use, then what people also call it. Names are folded.
var genreFamilies = `
hip hop, rap, hiphop, rapping, gangsta rap, german rap, french rap; trap; grime; drill; reggaeton
rock, rock song, classic rock, rock and roll, rock n roll, rocknroll; hard rock; soft rock; pop rock; punk, punk rock; pop punk; post punk; new wave; grunge; indie, indie rock; alternative, alternative rock, alt rock; emo; britpop; glam rock, glam; prog rock, progressive rock, prog; psychedelic rock, psychedelic; rockabilly; surf rock; post rock; j rock; latin rock; folk rock; blues rock; southern rock; garage rock; funk rock; hair metal
metal, heavy metal; thrash metal; nu metal; hard rock; hair metal; death metal; black metal; symphonic metal
pop, pop song; synth pop, synthpop, electropop, electro pop; dance pop; europop; teen pop, bubblegum, bubblegum pop; indie pop; art pop; pop rock; latin pop; french pop; italian pop; spanish pop; city pop; turkish pop; arabic pop; baroque pop; folk pop; k pop, kpop; j pop, jpop; mandopop, c pop; new wave; psychedelic pop; disco; schlager
electronic, electronica, edm, electro; house, house music, deep house; techno; trance; eurodance; dubstep; drum and bass; trip hop; ambient; dance, dance music, club music; synth pop; disco; italo disco; dance pop; big beat
disco, disco song; italo disco; funk
soul, motown, soul music; r and b, rnb, rhythm and blues; funk; gospel; neo soul; disco
country, country music, country and western; bluegrass; americana; folk; country pop
folk, folk song, folk music; singer songwriter; indie folk; folk rock; folk pop; celtic; traditional
jazz, jazzy; swing, big band; bossa nova; vocal jazz, crooner; blues
blues, bluesy; blues rock; soul
reggae; ska; dancehall; dub; rocksteady; reggaeton
latin, latin pop, latin music; salsa; bossa nova; reggaeton; bolero; tango; cumbia; bachata; son cubano; tejano; sertanejo; mpb; samba; mambo; flamenco pop, flamenco; latin rock; merengue; lambada; mariachi, ranchera
classical crossover, classical, opera, operatic; soundtrack, film score, score; musical, show tune, showtune, broadway; new age
afrobeat, afrobeats, afropop; highlife; zouglou; world music, world
bollywood, filmi, hindi film; bhangra; kollywood
anime, anime theme; j pop; j rock; city pop; vocaloid
chanson, french chanson; french pop
schlager, german schlager; neue deutsche welle, ndw
raï, rai; chaabi; arabic pop
`

// kin is how near two genres of one family are.
const kin = 0.45

type genreName struct {
	genre    string
	families []int
}

var genreNames = readGenres(genreFamilies)

func readGenres(lines string) map[string]genreName {
	table := map[string]genreName{}
	family := 0
	for line := range strings.Lines(strings.TrimSpace(lines)) {
		family++
		for genre := range strings.SplitSeq(line, ";") {
			aliases := strings.Split(genre, ",")
			first := strings.TrimSpace(aliases[0])
			for _, alias := range aliases {
				alias = strings.TrimSpace(alias)
				entry, known := table[alias]
				if !known {
					entry.genre = first
				}
				entry.families = append(entry.families, family)
				table[alias] = entry
			}
		}
	}
	return table
}

// genreWorth compares a song's genre with the wanted one, both folded: 1 the
// same, kin when related. An unlisted genre is judged by its words
// ("anatolian rock" is a kind of rock).
func genreWorth(have, want string) float32 {
	if have == "" {
		return 0.2
	}
	h, w := genreOf(have), genreOf(want)
	if h.genre == w.genre {
		return 1
	}
	for _, a := range h.families {
		for _, b := range w.families {
			if a == b {
				return kin
			}
		}
	}
	if strings.Contains(" "+have+" ", " "+want+" ") {
		return 0.8
	}
	return 0
}

func genreOf(folded string) genreName {
	if g, known := genreNames[folded]; known {
		return g
	}
	words := strings.Fields(folded)
	for i := len(words) - 1; i >= 0; i-- {
		if g, known := genreNames[words[i]]; known {
			return genreName{folded, g.families}
		}
	}
	return genreName{folded, nil}
}

// languageWords are what people call the language of a song's words.
var languageWords = map[string]string{
	"english": "en", "french": "fr", "spanish": "es", "german": "de", "italian": "it", "portuguese": "pt", "brazilian": "pt",
	"japanese": "ja", "korean": "ko", "chinese": "zh", "mandarin": "zh", "cantonese": "zh", "russian": "ru", "ukrainian": "uk",
	"polish": "pl", "turkish": "tr", "arabic": "ar", "hindi": "hi", "indian": "hi", "punjabi": "pa", "tamil": "ta", "swedish": "sv",
	"norwegian": "no", "danish": "da", "finnish": "fi", "icelandic": "is", "dutch": "nl", "greek": "el", "hebrew": "he",
	"romanian": "ro", "serbian": "sr", "croatian": "hr", "czech": "cs", "hungarian": "hu", "latin language": "la", "zulu": "zu",
	"yoruba": "yo", "swahili": "sw", "persian": "fa", "farsi": "fa", "catalan": "ca", "vietnamese": "vi", "indonesian": "id", "thai": "th",
	"k pop": "ko", "kpop": "ko", "j pop": "ja", "jpop": "ja", "mandopop": "zh", "bollywood": "hi", "chanson": "fr", "schlager": "de",
	"instrumental": "zxx", "no words": "zxx", "no lyrics": "zxx", "no vocals": "zxx", "no singing": "zxx", "without words": "zxx",
	"without vocals": "zxx", "without singing": "zxx", "espanol": "es", "francais": "fr", "deutsch": "de", "italiano": "it",
}

// languageNames is the way back, for questions and reasons.
var languageNames = map[string]string{
	"en": "English", "fr": "French", "es": "Spanish", "de": "German", "it": "Italian", "pt": "Portuguese", "ja": "Japanese",
	"ko": "Korean", "zh": "Chinese", "ru": "Russian", "uk": "Ukrainian", "pl": "Polish", "tr": "Turkish", "ar": "Arabic",
	"hi": "Hindi", "pa": "Punjabi", "ta": "Tamil", "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish",
	"is": "Icelandic", "nl": "Dutch", "el": "Greek", "he": "Hebrew", "ro": "Romanian", "sr": "Serbian", "hr": "Croatian",
	"cs": "Czech", "hu": "Hungarian", "la": "Latin", "zu": "Zulu", "yo": "Yoruba", "sw": "Swahili", "fa": "Persian",
	"ca": "Catalan", "vi": "Vietnamese", "id": "Indonesian", "th": "Thai", "zxx": "instrumental",
}
