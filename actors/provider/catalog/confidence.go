package catalog

import "math"

// features of a candidate beside the others of its search. That a title or an
// artist was said, and what share of the query is matched, shows in these
// already; as features of their own they did not help.
type features struct {
	margin   float64 // score over the best other one's, in shares of the larger; negative below it
	evidence float64 // weight matched over what singles out one song of the catalogue
	phrase   float64 // words of the phrase said in order, in fives, from three on
}

func (f features) vector() [4]float64 {
	return [4]float64{1, f.margin, f.evidence, f.phrase}
}

// confidenceWeights are fitted on the development half of the evaluation set
// by logistic regression (TestFitConfidence prints them).
var confidenceWeights = [4]float64{-5.13, 5.87, 2.77, 1.66}

// confidence is the probability, fitted, that the candidate is the song.
func (f features) confidence() float64 {
	sum := 0.0
	for i, x := range f.vector() {
		sum += confidenceWeights[i] * x
	}
	p := 1 / (1 + math.Exp(-sum))
	return math.Round(100*min(0.99, max(0.01, p))) / 100
}

// strangerShare of the query's weight is what a song that the catalogue does
// not have might match: a lone candidate has this rival.
const strangerShare = 0.3

// featuresOf compares list[i] with the rest of list, which is sorted.
func (q *query) featuresOf(list []*ranked, i int) features {
	r := list[i]
	other := strangerShare * q.total
	if i > 0 {
		other = max(other, list[0].score)
	} else if len(list) > 1 {
		other = max(other, list[1].score)
	}
	larger := max(r.score, other, 0.1)
	f := features{
		margin: float64((r.score - other) / larger), evidence: float64(min(r.evidence, 3)),
		phrase: float64(min(r.phrase, 8)) / 5,
	}
	if r.phrase < minRun {
		f.phrase = 0
	}
	return f
}
