package services

import (
	"fmt"
	"strings"
)

// answerText is 40 to 80 words, and never plain ASCII: quotation marks and dashes
// take several bytes, which streams may cut.
func answerText(t thought) string {
	switch {
	case t.intent == "conversation":
		return "Glad to help – music is what I am here for. Tell me anything that you remember of a song: a few words of it, the year in which you heard it, a film, how the voice sounded, or hum it to me. The smallest detail often is enough to find “that one” again, so do not hold back whenever you are ready."
	case len(t.guesses) == 0:
		return "Nothing that I know fits this well enough to name it – I would rather ask than guess. It helps to know when you heard it, whether a man or a woman sang, in which language, and any words that you still have in your ear, even wrong ones. With “one more detail” I can look again."
	case t.intent == "information":
		return meaning(t.guesses[0].song)
	}
	best := t.guesses[0]
	also := ""
	if len(t.guesses) > 1 {
		also = fmt.Sprintf(" If that is not it, “%s” by %s comes next: it shares some of the details.", t.guesses[1].title, t.guesses[1].artist)
	}
	return fmt.Sprintf("This sounds like “%s” by %s – %s, first heard in %d. It is about %s. What you describe fits it in more than one detail, which is why I put it first.%s Listen to the opening seconds, and you will know at once whether it is the one.",
		best.title, best.artist, article(best.genre)+" song", best.year, best.about, also)
}

// meaning is what a song is about, in two to three sentences.
func meaning(s song) string {
	return fmt.Sprintf("“%s” by %s is about %s. It was first heard in %d – %s – and its words keep close to that one thought from the beginning to the end. People often hear it as a simpler song than it is, since the tune carries them along before the words have had time to sink in.",
		s.title, s.artist, s.about, s.year, article(s.genre)+" record")
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

// questions are asked in this order, none twice.
var questions = []string{
	"Was it a man or a woman who sang?",
	"Do you remember roughly which year you heard it?",
	"Was it slow or fast?",
	"Do any words of the chorus come back to you?",
	"Where did you hear it: radio, a film, a party?",
	"Which instrument stood out?",
}

func freshQuestion(q ChatRequest) string {
	for _, question := range questions {
		if !mentions(q, question) {
			return question
		}
	}
	return ""
}

func mentions(q ChatRequest, text string) bool {
	for _, m := range q.Messages {
		if strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}
