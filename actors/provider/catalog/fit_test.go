package catalog

import (
	"flag"
	"math"
	"testing"

	"recall/actors/provider/catalog/catalogtest"
	"recall/actors/recall"
	"recall/wire"
)

var fit = flag.Bool("fit", false, "fit the weights of confidence.go and print them")

// TestFitConfidence fits confidenceWeights on the development half of the
// descriptions, asked of the starter catalogue alone and among 100,000 songs:
//
//	go test ./actors/provider/catalog -run TestFitConfidence -fit -v
func TestFitConfidence(t *testing.T) {
	if !*fit {
		t.Skip("run with -fit")
	}
	songs := starterSongs(t)
	samples := observe(t, songs, songs)
	samples = append(samples, observe(t, songs, catalogtest.Mixed(songs, benchSongs, 1))...)
	t.Logf("%d candidates: %.2f", len(samples), logistic(samples))
}

type sample struct {
	x     [4]float64
	right float64
}

// observe collects the features of every candidate and whether it was the song.
func observe(t *testing.T, known, all []wire.Song) []sample {
	x := New()
	x.Upsert(all...)
	var samples []sample
	for _, d := range descriptions(t, known) {
		if d.Split != "dev" {
			continue
		}
		snap := x.now.Load()
		q := newQuery(snap, readTurns(recall.Query{Text: d.Query}, 2025, snap))
		list := offerable(q.rank(q.shortlist()), nil)
		for i := range list[:min(defaultLimit, len(list))] {
			s := sample{x: q.featuresOf(list, i).vector()}
			if d.Title != "" && recall.TitleKey(list[i].song.Title, list[i].song.Artist) == recall.TitleKey(d.Title, d.Artist) {
				s.right = 1
			}
			samples = append(samples, s)
		}
	}
	return samples
}

// logistic minimises the log loss by gradient descent with a little ridge,
// which keeps features that the sample has few of near nothing.
func logistic(samples []sample) (w [4]float64) {
	const steps, rate, ridge = 20_000, 0.5, 0.0003
	for range steps {
		var gradient [4]float64
		for _, s := range samples {
			sum := 0.0
			for i, x := range s.x {
				sum += w[i] * x
			}
			miss := 1/(1+math.Exp(-sum)) - s.right
			for i, x := range s.x {
				gradient[i] += miss * x / float64(len(samples))
			}
		}
		for i := range w {
			if i > 0 {
				gradient[i] += ridge * w[i]
			}
			w[i] -= rate * gradient[i]
		}
	}
	return w
}
