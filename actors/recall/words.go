package recall

import (
	"slices"
	"strings"

	"recall/wire"
)

// requestWords ask for a song without telling anything of it, in the languages
// that the app's users write most.
var requestWords = wordSet(`a an the this that it is it's its what what's which who was of name song songs tune track music called find
	identify me please can could you tell know do i want looking for hey recall playing play now here listen to hear
	wie heißt dieses das lied was ist welches läuft hier gerade kennst du bitte
	cómo se llama esta esa canción qué que suena cuál es el nombre de la
	comment s'appelle cette chanson c'est quoi quelle est le titre
	come si chiama questa canzone che cos'è
	como chama música qual é o nome desta dessa
	что это за песня как называется эта играет сейчас`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[Fold(w)] = true
	}
	return set
}

// factWords ask for facts about a song; pointing words say that it is the one that
// was spoken of.
var factWords = wordSet(`who wrote written sang sings sung made make composed produced performs performed when did does do released come came out which album year
	tell more about else other others are there any on from how old is singer artist band by have has had they them him her their its`)

// pointsBack tells whether a question for facts names no song of its own: "when was
// it released", "what else did they make".
func pointsBack(intent wire.Intent, text string) bool {
	return intent == wire.IntentInformation && !slices.ContainsFunc(tellingWords(text), func(w string) bool { return !factWords[w] && !pointing[w] })
}

// tellingWords are the words that say something of the song itself.
func tellingWords(text string) []string {
	var telling []string
	for w := range strings.FieldsSeq(Fold(Words(text))) {
		if !requestWords[w] {
			telling = append(telling, w)
		}
	}
	return telling
}
