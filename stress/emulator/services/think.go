package services

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// guess is a song with how sure the model is of it.
type guess struct {
	song
	confidence float64
	reason     string
}

// thought is all that a model could say to a request; the schema decides what of it
// is asked for.
type thought struct {
	words      string // of the user
	intent     string
	sure       float64 // of the intent
	guesses    []guess
	related    []song
	text       string // the answer
	followUp   string
	visible    string // what is on the picture
	confidence float64
}

// think works on words alone. Evidence is every song that the prompt names
// outside of its standing instructions.
func think(q ChatRequest) thought {
	t := thought{words: saidIn(q.LastUser())}
	t.intent, t.sure = intentOf(t.words)
	t.guesses = guessesFor(t.words, q)
	if len(t.guesses) > 0 {
		t.confidence = t.guesses[0].confidence
		t.related = relatedTo(t.guesses[0].song)
	} else {
		t.confidence = 0.2
	}
	t.text = answerText(t)
	if t.confidence < sureEnough {
		t.followUp = freshQuestion(q)
	}
	return t
}

// saidIn is what the person said, where the message is an object with more in it. To
// repeat all of that would be no answer.
func saidIn(message string) string {
	var data map[string]json.RawMessage
	if json.Unmarshal([]byte(message), &data) != nil {
		return message
	}
	for _, name := range []string{"question", "transcript", "query", "text", "message"} {
		var words string
		if json.Unmarshal(data[name], &words) == nil && words != "" {
			return words
		}
	}
	return message
}

// sureEnough is from where a model asks nothing more.
const sureEnough = 0.7

const mostGuesses = 5

func guessesFor(words string, q ChatRequest) []guess {
	refused := map[string]bool{}
	found := map[string]guess{}
	asked := wordsOf(words)
	whole := " " + strings.Join(asked, " ") + " "
	for i, s := range songs {
		if score := songTerms[i].likeness(asked, whole); score > 0 {
			found[strings.TrimSpace(songTerms[i].title)] = guess{s, min(0.45+0.12*score, 0.93), "The words of the question fit: " + s.genre + ", " + s.about + "."}
		}
	}
	for _, e := range evidenceIn(q) {
		key := folded(e.title)
		if e.refused {
			refused[key] = true
			continue
		}
		g, known := found[key]
		if !known {
			g = guess{song: songNamed(e.title + " - " + e.artist), confidence: cmp.Or(e.confidence, 0.6), reason: "Another source has named it."}
		} else {
			g.confidence = min(g.confidence+0.05, 0.95)
		}
		found[key] = g
	}
	var out []guess
	for key, g := range found {
		if !refused[key] {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b guess) int {
		return cmp.Or(cmp.Compare(b.confidence, a.confidence), cmp.Compare(a.title, b.title))
	})
	return out[:min(len(out), mostGuesses)]
}

// dull words say nothing of a song.
var dull = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range wordsOf(`the a an and or of to in on it is was be by for from with what whats song songs that this who which i me my you your we us
		one goes like find name about how does did do when where there then he she her his they at are not no im its so very really singer sings
		sang music track tune voice band album all just only made make going old new can could had have been some something somebody`) {
		out[w] = true
	}
	return out
}()

// terms are what a question is compared with: title and line as a whole, with a space
// on each side, and the telling words; all folded.
type terms struct {
	title, line string
	telling     map[string]bool
}

// songTerms are those of songs, in their order. To fold them for each question again
// was half of what thinking took.
var songTerms = func() []terms {
	out := make([]terms, len(songs))
	for i, s := range songs {
		out[i] = terms{" " + folded(s.title) + " ", " " + folded(s.line) + " ", map[string]bool{}}
		for _, w := range wordsOf(s.title + " " + s.artist + " " + s.genre + " " + s.line + " " + s.hints) {
			out[i].telling[w] = !dull[w]
		}
	}
	return out
}()

// likeness counts the telling words that a question shares with a song; its title as
// a whole, or its line, weigh most. whole is the words with a space on each side.
func (t terms) likeness(asked []string, whole string) (score float64) {
	for _, part := range []string{t.title, t.line} {
		if strings.Contains(whole, part) {
			score += 3
		}
	}
	for i, w := range asked {
		if t.telling[w] && !slices.Contains(asked[:i], w) {
			score++
		}
	}
	if score < 2 {
		return 0 // a single word in common is chance
	}
	return score
}

type evidence struct {
	title, artist string
	refused       bool
	confidence    float64 // 0: nobody said
}

// named is a song in a message that is an object.
type named struct {
	Title      string  `json:"title"`
	Artist     string  `json:"artist"`
	Confidence float64 `json:"confidence"`
}

// evidenceInData reads a message that keeps evidence apart from what else names
// songs; ok is false for any other message.
func evidenceInData(message string) (out []evidence, ok bool) {
	var data struct {
		Evidence []named `json:"evidence"`
		Avoid    []named `json:"avoid"`
		Song     *named  `json:"song"`
	}
	if json.Unmarshal([]byte(message), &data) != nil {
		return nil, false
	}
	for _, n := range data.Evidence {
		out = append(out, evidence{n.Title, n.Artist, false, n.Confidence})
	}
	for _, n := range data.Avoid {
		out = append(out, evidence{n.Title, n.Artist, true, 0})
	}
	if data.Song != nil {
		out = append(out, evidence{data.Song.Title, data.Song.Artist, false, 0.9})
	}
	return out, true
}

// Forms in which prompts name songs: JSON, quoted with "by", a list with a dash.
var evidenceForms = []*regexp.Regexp{
	regexp.MustCompile(`"title"\s*:\s*"([^"]+)"[^{}]*?"artist"\s*:\s*"([^"]+)"`),
	regexp.MustCompile(`["“]([^"“”\n]+)["”] by ([^\n,.;:()\[\]|]+)`),
	regexp.MustCompile(`(?m)^\s*(?:[-*•]|[0-9]+[.)])\s*["“]?([^"“”\n|]+?)["”]?\s+[-–—]\s+([^\n,;(\[|]+)`),
}

var refusal = regexp.MustCompile(`(?i)reject|refus|not offer|never offer|again|exclude|passed over|already (?:offered|given|suggested)|wrong`)

// evidenceIn finds songs that the prompt names, line by line. The first system message
// is left out: it holds instructions, whose examples are no evidence.
func evidenceIn(q ChatRequest) (out []evidence) {
	for i, m := range q.Messages {
		if i == 0 && m.Role != "user" {
			continue
		}
		if found, isData := evidenceInData(m.Text); isData {
			out = append(out, found...)
			continue
		}
		refused := false
		for line := range strings.Lines(m.Text) {
			if item := strings.HasPrefix(strings.TrimSpace(line), "-"); !item {
				refused = refusal.MatchString(line) // a heading counts for its list
			}
			out = append(out, evidenceOn(line, refused || m.Role == "assistant")...)
		}
	}
	return out
}

// evidenceOn reads one line. What the assistant has said before is not said again.
func evidenceOn(line string, refused bool) (out []evidence) {
	for _, form := range evidenceForms {
		for _, m := range form.FindAllStringSubmatch(line, -1) {
			out = append(out, evidence{strings.TrimSpace(m[1]), strings.TrimSpace(m[2]), refused, 0})
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func relatedTo(s song) (out []song) {
	for _, other := range songs {
		if other.title != s.title && (other.artist == s.artist || other.genre == s.genre || other.year/10 == s.year/10) && len(out) < 3 {
			out = append(out, other)
		}
	}
	return out
}
