package services

import "math"

// A byte in sound is one symbol: two tones at once, of 16 low and 16 high ones, half
// a byte each. All lie where a telephone would pass them, far enough apart
// for any codec, and a symbol is longer than the blocks that codecs work in.
const (
	symbolLength = 0.060 // seconds
	symbolWindow = 0.036 // its middle, which is listened to
	symbolRamp   = 0.006 // rise and fall, so that it does not click
	toneLevel    = 0.25  // of full scale, each of the two
	searchStep   = 0.010 // finer than the part of a symbol that is not listened to
)

var lowTones, highTones = toneRow(600, 75), toneRow(1900, 100)

func toneRow(first, step float64) (row [16]float64) {
	for i := range row {
		row[i] = first + step*float64(i)
	}
	return row
}

// sing makes the samples of bytes at a rate (Hz).
func sing(data []byte, rate int) []float64 {
	length := int(symbolLength * float64(rate))
	out := make([]float64, 0, length*len(data))
	for _, b := range data {
		low, high := lowTones[b&15], highTones[b>>4]
		for i := range length {
			t := float64(i) / float64(rate)
			tone := math.Sin(2*math.Pi*low*t) + math.Sin(2*math.Pi*high*t)
			out = append(out, toneLevel*envelope(t)*tone)
		}
	}
	return out
}

func envelope(t float64) float64 {
	edge := min(t, symbolLength-t)
	if edge >= symbolRamp {
		return 1
	}
	return (1 - math.Cos(math.Pi*edge/symbolRamp)) / 2
}

// nameIn finds the first whole frame in a recording, wherever it begins.
func nameIn(s sound) (string, bool) {
	step := max(int(searchStep*float64(s.rate)), 1)
	for start := 0; start < len(s.samples); start += step {
		if name, ok := readFrame(func(i int) (byte, bool) { return s.symbol(start, i) }); ok {
			return name, true
		}
	}
	return "", false
}

// symbol is byte i of a frame that begins with sample start.
func (s sound) symbol(start, i int) (byte, bool) {
	middle := float64(start)/float64(s.rate) + (float64(i)+0.5)*symbolLength
	from := int((middle - symbolWindow/2) * float64(s.rate))
	to := from + int(symbolWindow*float64(s.rate))
	if to > len(s.samples) {
		return 0, false
	}
	window := s.samples[from:to]
	return byte(loudest(window, s.rate, highTones)<<4 | loudest(window, s.rate, lowTones)), true
}
