package recall

import (
	"regexp"
	"slices"
	"strings"
)

// The forms in which people ask what a song means, in the languages that the app's
// users write most. A form is the whole of a sentence, so that "what is that song
// about a girl in the rain", which looks for one, is none. Before each stand the words
// of its [rule].
var meaningForms = compileForms(
	"about", `what(?:['’]?s| is| was| are)(?: all)?\s+(.{1,100}?)\s+(?:(?:really|actually|all|singing|talking) )*about(?: exactly| anyway| again| then)?`,
	"mean|about", `what (?:does|do|did)\s+(.{1,100}?)\s+(?:(?:really|actually) )?(?:mean|talk about|sing about)`,
	"about", `what\s+(.{1,100}?)\s+(?:is|was|are) (?:really |actually |all )?about`,
	"means", `what\s+(.{1,100}?)\s+(?:really |actually )?means`,
	"meaning|message|story", `(?:what(?:['’]?s| is) )?(?:the )?(?:meaning|message|story) (?:of|behind|in)\s+(.{1,100}?)`,
	"worum geht|wovon|bedeutet", `(?:worum geht(?:['’]?s| es)?(?: denn)?(?: in| bei)?|wovon handelt|was bedeutet)(?:\s+(.{1,100}?))?`,
	"trata|habla| va|significa|decir", `(?:de qu[eé] (?:se )?(?:trata|habla|va)|qu[eé] (?:significa|quiere decir))(?:\s+(.{1,100}?))?`,
	"parl|traite|agit|signifie|veut dire", `(?:de quoi (?:parle|traite|s['’]agit)(?:-t-(?:elle|il))?|que (?:signifie|veut dire))(?:\s+(.{1,100}?))?`,
	"parl|significa", `(?:di (?:che )?cosa parla|(?:che )?cosa significa)(?:\s+(.{1,100}?))?`,
	"sobre o qu|fala|trata|significa", `(?:sobre o qu[eê] [eé]|d[eo] que (?:fala|trata)|o que significa)(?:\s+(.{1,100}?))?`,
	"о ч|что", `(?:о ч[её]м (?:по[её]тся |говорится )?|что (?:значит|означает))(?:\s*(.{1,100}?))?`,
	"何|意味", `(.{0,100}?)(?:は|って|の)?(?:何について|どういう意味|どんな意味|何を歌って).{0,12}`,
)

// before are words ahead of the question itself: "thanks, do you know".
const before = `^(?:(?:and|so|but|ok|okay|hey|hi|hello|please|thanks|thank you|cool|wow|great|nice|und|also|danke|y|e|et|mais|ma|mas|а|и|но|` +
	`(?:do you know|(?:can|could) you (?:tell me|explain)|tell me|explain|i wonder|wei(?:ß|ss)t du|sag mir|sabes|dime|tu sais|dis-moi|sai|dimmi|sabe|скажи))[\s,;:!.]+)*`

// compileForms takes words and forms in turn.
func compileForms(forms ...string) []rule {
	all := make([]rule, 0, len(forms)/2)
	for f := range slices.Chunk(forms, 2) {
		all = append(all, newRule(f[0], `(?i)`+before+`[¿¡]?`+f[1]+`[\s?!.…。？！]*$`))
	}
	return all
}

var sentenceEnd = regexp.MustCompile(`[.?!…]+\s+|[。？！\n]`)

// longestQuestion is how many bytes a question about a meaning has at most; longer
// sentences tell a story.
const longestQuestion = 400

// meaningOf is the song that a question about a meaning is about, in the person's
// words: "this song", "Imagine by John Lennon".
func meaningOf(text string) (of string, asked bool) {
	sentences := sentenceEnd.Split(text, -1)
	if len(sentences) > 1 { // "Mr. Brightside" is one
		sentences = append(sentences, text)
	}
	for _, sentence := range sentences {
		if len(sentence) > longestQuestion {
			continue
		}
		sentence = strings.TrimSpace(sentence)
		lower := strings.ToLower(sentence)
		for i := range meaningForms {
			if !meaningForms[i].may(lower) {
				continue
			}
			if m := meaningForms[i].form.FindStringSubmatch(sentence); m != nil && !strings.EqualFold(m[1], "you") {
				return strings.TrimSpace(m[1]), true
			}
		}
	}
	return "", false
}

var (
	// quoted is a title in quotation marks, perhaps with its artist.
	quoted = regexp.MustCompile(`(?:^|\s)["“„«”'‘](.{1,100}?)["”“»'’](?:\s+(?:by|von|de|di|от|par)\s+(.{1,100}))?(?:$|[\s,.])`)
	// noun leads to a title: "the song", "the lyrics of", "la canción".
	noun = regexp.MustCompile(`(?i)^(?:(?:this|that|the|his|her|their|das|dem|der|dieses|la|esta|cette|questa|a|эта)\s+)?(?:song|track|tune|lyrics|words|text|lied|canci[oó]n|chanson|canzone|m[uú]sica|песня)\s+(?:(?:called|named|titled|of|to|in)\s+)?`)
	// detail goes on to describe a song: "the song with the saxophone".
	detail    = regexp.MustCompile(`(?i)^(?:with|that|which|who|where|when|from|on|about|by|playing|they|he|she|everybody|mit|das|die|von|con|que|avec|qui|che|com|с|которая)\b`)
	withMaker = regexp.MustCompile(`(?i)^(.+?)\s+(?:by|von)\s+(.+)$`)
	pointing  = wordSet(`this that the it song track tune one lyrics words text chorus verse line he she they singing sing all of these those his her
		dieses diesem das dem der die lied es hier da in la el esta esa este ese canción letra tema lo cette ce le chanson paroles elle il
		questa quella canzone brano testo a o essa música эта этой песня песне песни она он в この その 曲 歌 この曲 その曲 この歌 その歌`)
)

// reference is the song that a question points at: by name, or, with title empty,
// as one that was spoken of.
type reference struct{ whole, title, artist string }

// resolveName reads what a question is about. A song that is described and not
// named has to be found first: ok is false.
func resolveName(of string) (r reference, ok bool) {
	if m := quoted.FindStringSubmatch(of); m != nil {
		return reference{m[1], strings.TrimSpace(m[1]), strings.TrimSpace(m[2])}, true
	}
	if !slices.ContainsFunc(strings.Fields(Fold(of)), func(w string) bool { return !pointing[w] }) {
		return reference{}, true
	}
	if lead := noun.FindString(of); lead != "" {
		if of = of[len(lead):]; detail.MatchString(of) {
			return reference{}, false
		}
	}
	if m := withMaker.FindStringSubmatch(of); m != nil {
		return reference{of, m[1], m[2]}, true
	}
	return reference{of, of, ""}, true
}
