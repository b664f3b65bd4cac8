package recall

import "strings"

// requestWords ask for a song without telling anything of it, in the languages
// that the app's users write most.
var requestWords = wordSet(`a an the this that it is it's its what what's which who was of name song songs tune track music called find
	identify me please can could you tell know do i want looking for hey recall playing play now here listen to hear about
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
