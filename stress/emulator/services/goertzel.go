package services

import "math"

// goertzel is the power of one frequency (Hz) in samples taken at rate (Hz): one bin
// of a Fourier transform, which is all that a known tone needs.
func goertzel(samples []float64, rate int, frequency float64) float64 {
	c := 2 * math.Cos(2*math.Pi*frequency/float64(rate))
	var a, b float64
	for _, x := range samples {
		a, b = x+c*a-b, a
	}
	return (a*a + b*b - c*a*b) / float64(max(len(samples), 1))
}

// loudest is the index of the strongest of 16 tones.
func loudest(samples []float64, rate int, tones [16]float64) (best int) {
	var most float64
	for i, f := range tones {
		if p := goertzel(samples, rate, f); p > most {
			best, most = i, p
		}
	}
	return best
}

// flatness is near 1 when all frequencies of the voice band are equally strong, as
// in noise, and near 0 when a few dominate, as in speech and music.
func flatness(s sound) float64 {
	const low, high, bands = 400.0, 3200.0, 40
	window := s.rate / 20
	var power [bands]float64
	for at := 0; at+window <= len(s.samples); at += window {
		for i := range power {
			power[i] += goertzel(s.samples[at:at+window], s.rate, low+(high-low)*float64(i)/bands)
		}
	}
	var logs, sum float64
	for _, p := range power {
		logs += math.Log(p + 1e-12)
		sum += p + 1e-12
	}
	return math.Exp(logs/bands) / (sum / bands)
}

// loudness is the root mean square, 1 at full scale.
func loudness(s sound) float64 {
	var sum float64
	for _, x := range s.samples {
		sum += x * x
	}
	return math.Sqrt(sum / float64(max(len(s.samples), 1)))
}
