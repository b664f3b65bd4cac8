package catalog

import "math"

// features of a candidate beside the others of its search.
type features struct {
	coverage float64 // share of the query's weight matched
	margin   float64 // score over the best other one's, in shares of the larger; negative below it
	mass     float64 // score, in tens: much evidence or little
	title    float64 // share of the title said, squared
	artist   float64 // 1: the artist was said
	phrase   float64 // words of the phrase said in order, in fives, from three on
}

func (f features) vector() [7]float64 {
	return [7]float64{1, f.coverage, f.margin, f.mass, f.title, f.artist, f.phrase}
}

// confidenceWeights are fitted on the development half of the evaluation set
// by logistic regression (TestFitConfidence prints them).
var confidenceWeights = [7]float64{-3, 2, 5, 1, 1.5, 0.8, 1}

// confidence is the probability, fitted, that the candidate is the song.
func (f features) confidence() float64 {
	sum := 0.0
	for i, x := range f.vector() {
		sum += confidenceWeights[i] * x
	}
	p := 1 / (1 + math.Exp(-sum))
	return math.Round(100*min(0.99, max(0.01, p))) / 100
}

// featuresOf compares list[i] with the rest of list, which is sorted.
func featuresOf(list []ranked, i int) features {
	r := list[i]
	other := float32(0)
	if i > 0 {
		other = list[0].score
	} else if len(list) > 1 {
		other = list[1].score
	}
	larger := max(r.score, other, 0.1)
	f := features{
		coverage: float64(r.coverage), margin: float64((r.score - other) / larger), mass: float64(min(r.score, 40) / 10),
		title: float64(r.title * r.title), phrase: float64(min(r.phrase, 8)) / 5,
	}
	if r.phrase < minRun {
		f.phrase = 0
	}
	if r.artist {
		f.artist = 1
	}
	return f
}
