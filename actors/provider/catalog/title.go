package catalog

import (
	"math"

	"recall/actors/recall"
)

// titleAndPhrase rewards words that stand in order or make up the title.
func (r *ranked) titleAndPhrase(q *query) {
	mass, all, sung := float32(0), float32(0), 0
	for i := range r.matches {
		m := &r.matches[i]
		if m.fields&inPhrase != 0 {
			sung++
		}
		if m.fields&inTitle != 0 && m.unit.name == 0 && !m.unit.not && m.how != synonym {
			mass += m.unit.weight
			all += float32(len(m.term))
		}
	}
	if mass > 0 {
		share := min(1, all/max(1, float32(r.titled)))
		r.title = max(r.title, share)
		r.score += titleBonus * mass * share * share * (0.2 + 0.8*mass/max(mass, q.total))
	}
	if sung >= minRun {
		if r.phrase = longestRun(q.spoken, foldedWords(r.song.Phrase)); r.phrase >= minRun {
			r.score += phraseBonus * float32(r.phrase)
		}
	}
}

// titleLength is the length of the title's stems, the shortest form counting.
func titleLength(title string) uint16 {
	var scratch [64]byte
	least := 0
	for _, form := range titleForms(title) {
		n := 0
		eachToken(recall.AppendFold(scratch[:0], form), func(word []byte) { n += len(stem(word)) })
		if least == 0 || n > 0 && n < least {
			least = n
		}
	}
	return uint16(min(least, math.MaxUint16))
}

func foldedWords(text string) []string {
	var words []string
	eachToken(recall.AppendFold(nil, text), func(word []byte) { words = append(words, string(word)) })
	return words
}

func appendSpoken(words []string, turns []utterance) []string {
	for _, u := range turns {
		for _, t := range u.tokens {
			words = append(words, t.text)
		}
		words = append(words, "") // a run does not go on in the next turn
	}
	return words
}

// longestRun is the length of the longest run of words that a and b share.
func longestRun(a, b []string) int {
	longest := 0
	for i := range a {
		for j := range b {
			n := 0
			for i+n < len(a) && j+n < len(b) && a[i+n] == b[j+n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}
