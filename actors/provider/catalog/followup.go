package catalog

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"recall/actors/recall"
)

// topic is something a question can be about.
type topic struct {
	name string
	// about are words by which a question already asked is known to be about it.
	about map[string]bool
	// known is true when the person has told it already.
	known func(q *query) bool
	// of sorts a song into one of the answers, "" when it cannot be told.
	of func(r *ranked) string
	// ask words the question with the two likeliest answers.
	ask func(a, b string) string
	// open words it without any.
	open string
	// free: people also answer what was not offered ("no, the sixties").
	free bool
	// answered is how likely a person can answer.
	answered float64
	// gain is what an answer is worth in bits when songs cannot be sorted by it.
	gain float64
}

const (
	leastGain = 0.25 // bits; a question that tells less is not worth a turn
	warmth    = 1.6  // of the softmax that turns scores into probabilities
)

// followUp chooses the question whose answer is expected to tell most among
// list, that is neither asked nor answered yet; "" when none is left.
func followUp(q *query, list []*ranked, asked []string) string {
	weights := likelihoods(list)
	done := askedTopics(asked)
	text, most := "", 0.0
	for i := range topics {
		t := &topics[i]
		if done[t.name] || t.known != nil && t.known(q) {
			continue
		}
		question, gain := t.question(list, weights)
		if gain > most && !slices.Contains(asked, question) {
			text, most = question, gain
		}
	}
	return text
}

func likelihoods(list []*ranked) []float64 {
	weights, sum := make([]float64, len(list)), 0.0
	for i := range list {
		weights[i] = math.Exp(float64(list[i].score-list[0].score) / warmth)
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
	return weights
}

// question words t for list; its gain is the entropy of the answers.
func (t *topic) question(list []*ranked, weights []float64) (string, float64) {
	if t.of == nil || len(list) == 0 {
		return t.open, t.gain
	}
	answers, shares := t.answers(list, weights)
	if len(answers) < 2 {
		return t.open, t.gain * 0.5
	}
	gain := t.answered * entropy(t.heard(shares))
	if gain < leastGain {
		return t.open, t.gain * 0.5
	}
	return t.ask(answers[0], answers[1]), gain
}

// heard are the shares as an answer tells them apart: of an either-or question
// "neither" is one answer, however many songs it leaves.
func (t *topic) heard(shares []float64) []float64 {
	if t.free || len(shares) <= 3 {
		return shares
	}
	rest := 0.0
	for _, p := range shares[2:] {
		rest += p
	}
	return []float64{shares[0], shares[1], rest}
}

// answers are the different answers, the likeliest first.
func (t *topic) answers(list []*ranked, weights []float64) ([]string, []float64) {
	share := map[string]float64{}
	for i := range list {
		if a := t.of(list[i]); a != "" {
			share[a] += weights[i]
		}
	}
	answers := make([]string, 0, len(share))
	for a := range share {
		answers = append(answers, a)
	}
	slices.SortFunc(answers, func(a, b string) int {
		if share[a] != share[b] {
			return int(math.Copysign(1, share[b]-share[a]))
		}
		return strings.Compare(a, b)
	})
	shares := make([]float64, len(answers))
	for i, a := range answers {
		shares[i] = share[a]
	}
	return answers, shares
}

func entropy(shares []float64) float64 {
	bits := 0.0
	for _, p := range shares {
		if p > 0 {
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// askedTopics tells from their texts what earlier questions were about,
// whoever asked them.
func askedTopics(asked []string) map[string]bool {
	done := map[string]bool{}
	for _, question := range asked {
		for _, word := range strings.Fields(recall.Fold(question)) {
			for i := range topics {
				if topics[i].about[word] || topics[i].name == "era" && isDecade(word) ||
					topics[i].name == "language" && languageWords[word] != "" {
					done[topics[i].name] = true
				}
			}
		}
	}
	return done
}

func isDecade(word string) bool {
	_, n := decadeAt([]token{{text: word}}, 0)
	return n > 0
}

func inOrder(a, b string) (string, string) { return min(a, b), max(a, b) }

func decadeOf(r *ranked) string {
	if r.song.Year == 0 {
		return ""
	}
	return fmt.Sprintf("%d0s", r.song.Year/10)
}
