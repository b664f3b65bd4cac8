package recall

import (
	"regexp"
	"strings"
	"unicode"

	"recall/wire"
)

// The rules that decide when no model can be asked (RECALL.md, step 3), in the
// order in which they are tried. Between words stands gap and not \W, which would
// take the letters of other alphabets for blanks.
var (
	// soundMark is how transcribers write what is no speech: "[Music]", "(upbeat music)".
	soundMark   = regexp.MustCompile(`(?i)\[([^\]]*\b)?(` + sounds + `)(\b[^\]]*)?\]|[(*](\p{L}+ ){0,2}(` + sounds + `)( playing| stops)?[)*]|[♪♫]`)
	information = newRule("who wrote|who s|who made|who composed|who p|when was|when did| album| year|what else|tell me|wer |wann |qui|chi |quem |кто ", `(?i)\b(who (wrote|sang|sings|made|composed|produced|performs)|when (was|did)|(which|what) (album|year)|what else (did|has|have|do|does)|tell me (more )?about)\b|`+
		`\b(wer (hat|singt|sang|schrieb)|wann (wurde|kam)|qui[eé]n (canta|cant[oó]|escribi[oó])|qui (chante|a (chant|[eé]crit))|chi (canta|ha (cantato|scritto))|quem (canta|cantou|escreveu))|кто (по[её]т|написал|исполняет)`)
	// whatAbout is of the same sort, and apart since it is slow and its word is rare.
	whatAbout = newRule("about", `(?i)\bwhat\b.*\babout`+gap+`$`)
	findSong  = newRule("find|identify|song|name|looking for|tune|track|wie hei|llama|appelle|chiama|chama|nome|за песня|как называется|この", `(?i)\b(find|identify|which song|what('?s| is| was)?( the| that)?( name of)?( the| that)? song|name (that|this|of)|looking for|(a|the|that|this) (song|tune|track))\b|`+
		`\b(wie hei(ß|ss)t|c[oó]mo se llama|comment s['’]appelle|come si chiama|como se chama|qual [eé] o nome)|что (это )?за песня|как называется|この(曲|歌)は`)
	smallTalk = regexp.MustCompile(`(?i)^` + gap + `((` + greeting + `|` + courtesy + `)` + gap + `)+$`)
	courteous = regexp.MustCompile(`(?i)(^|[^\p{L}\p{N}])(` + courtesy + `)($|[^\p{L}\p{N}])`)
	// affirmed is a small talk that answers a question.
	affirmed = regexp.MustCompile(`(?i)^` + gap + `(yes|yeah|that'?s (it|the one|right))`)
)

const (
	sounds   = `music|musik|música|inaudible|applause|silence|instrumental|humming|blank_audio`
	gap      = `[^\p{L}\p{N}]*`
	greeting = `hi|hello|hey|hallo|hola|salut|bonjour|ciao|ol[aá]|guten (morgen|tag|abend)|buen[oa]s (d[ií]as|tardes|noches)|good (morning|evening|afternoon)|привет|здравствуйте|こんにちは|how are you|there|recall`
	courtesy = `thanks|thank you|thx|danke|merci|gracias|grazie|obrigad[oa]|спасибо|ありがとう|bye|goodbye|cheers|ok|okay|cool|great|nice|perfect|awesome|you'?re (great|welcome)|so much|a lot|very much|that'?s (it|the one|right)|yes|yeah`
)

// fewWords is the count below which a transcript holds nothing to go by.
const fewWords = 3

// IntentOf decides by rules what a person wants, and how sure that is (0 to 1).
func IntentOf(text string) (wire.Intent, float64) {
	switch {
	case smallTalk.MatchString(text):
		return wire.IntentConversation, 0.9
	case marked(text):
		return wire.IntentBackground, 0.8
	case Hummed(text):
		return wire.IntentHumming, 0.8
	case information.fits(text), whatAbout.fits(text):
		return wire.IntentInformation, 0.8
	case findSong.fits(text):
		return wire.IntentFindSong, 0.9
	case len(strings.Fields(text)) < fewWords:
		return wire.IntentUnclear, 0.5
	default:
		return wire.IntentFindSong, 0.6
	}
}

func betweenSyllables(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '–' }

// Hummed tells whether a transcript is that of a hum.
func Hummed(text string) bool {
	return hummed(strings.FieldsFunc(strings.ToLower(text), betweenSyllables))
}

// hummed tells whether one short syllable comes three times and more and little
// else does: "la la la", "hmm hmm hmm".
func hummed(words []string) bool {
	counts := map[string]int{}
	most := 0
	for _, w := range words {
		w = strings.Trim(w, ".,!?…")
		if len([]rune(w)) <= 4 {
			counts[w]++
			most = max(most, counts[w])
		}
	}
	return most >= 3 && most*2 > len(words)
}

// marked tells whether there is a mark for what is no speech. Typed words hardly ever
// have the signs that begin one, which is known sooner.
func marked(text string) bool { return mayBeMarked(text) && soundMark.MatchString(text) }

func mayBeMarked(text string) bool {
	return strings.ContainsAny(text, "[(*") || strings.Contains(text, "♪") || strings.Contains(text, "♫")
}

// spokenIntent are the rules for a transcript: what has hardly any words is not
// speech, but music (RECALL.md, step 3).
func spokenIntent(text string) (wire.Intent, float64) {
	if intent, sure := IntentOf(text); intent != wire.IntentUnclear {
		return intent, sure
	}
	return wire.IntentBackground, 0.6
}

// Words are those of a transcript without the marks for what is no speech: "" when
// there is nothing else in it.
func Words(transcript string) string {
	said := transcript
	if mayBeMarked(said) {
		said = soundMark.ReplaceAllString(said, " ")
	}
	said = strings.TrimSpace(said)
	if strings.IndexFunc(said, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) < 0 {
		return ""
	}
	return said
}
