package recall

import "strings"

// courtesies are our own small talk in one language, and the words that tell it.
type courtesies struct {
	words          map[string]bool
	hello, welcome string
}

// speaksEnglish is for everybody whose language is not known by a word.
var speaksEnglish = courtesies{
	hello:   "Hello! Describe the song you have in mind: words you remember, the voice, the decade, where you heard it.",
	welcome: "You are welcome. Whenever the next tune haunts you, describe it here.",
}

var otherLanguages = []courtesies{
	{wordSet("hallo guten morgen tag abend danke"),
		"Hallo! Beschreibe das Lied, das du suchst: Worte daraus, die Stimme, das Jahrzehnt, wo du es gehört hast.",
		"Gern geschehen. Wenn dir das nächste Lied nicht aus dem Kopf geht, beschreibe es hier."},
	{wordSet("hola buenos buenas gracias"),
		"¡Hola! Describe la canción que buscas: palabras que recuerdes, la voz, la década, dónde la oíste.",
		"De nada. Cuando otra melodía no te deje en paz, descríbela aquí."},
	{wordSet("salut bonjour merci"),
		"Bonjour ! Décris la chanson que tu cherches : des paroles, la voix, la décennie, où tu l’as entendue.",
		"Avec plaisir. Quand un autre air te trottera dans la tête, décris-le ici."},
	{wordSet("ciao grazie"),
		"Ciao! Descrivi la canzone che cerchi: le parole che ricordi, la voce, il decennio, dove l’hai sentita.",
		"Di niente. Quando avrai in testa un’altra melodia, descrivila qui."},
	{wordSet("olá obrigado obrigada"),
		"Olá! Descreve a música que procuras: palavras de que te lembras, a voz, a década, onde a ouviste.",
		"De nada. Quando outra melodia não te sair da cabeça, descreve-a aqui."},
	{wordSet("привет здравствуйте спасибо"),
		"Привет! Опишите песню, которую ищете: слова, голос, десятилетие, где вы её слышали.",
		"Пожалуйста. Когда привяжется другая мелодия, опишите её здесь."},
	{wordSet("こんにちは ありがとう"),
		"こんにちは。探している曲について教えてください。覚えている歌詞、声、年代、どこで聞いたかなど。",
		"どういたしまして。また気になる曲があれば、ここで教えてください。"},
}

// smallTalkReply answers a greeting, or thanks, in the language of its first word
// that tells one.
func smallTalkReply(text string) string {
	speaks := languageOf(text)
	if courteous.MatchString(text) {
		return speaks.welcome
	}
	return speaks.hello
}

func languageOf(text string) courtesies {
	for w := range strings.FieldsSeq(Fold(Words(text))) {
		for _, c := range otherLanguages {
			if c.words[w] {
				return c
			}
		}
	}
	return speaksEnglish
}
