package load

import (
	"math"
	"time"
)

// Stage is a part of a run: the number of connections goes to Conns in a straight line
// within Ramp and stays there for Hold.
type Stage struct {
	Name  string
	Ramp  time.Duration
	Hold  time.Duration
	Conns int
}

// Stages are the course of a run, from no connection on.
type Stages []Stage

// Length is how long all of them take.
func (s Stages) Length() (sum time.Duration) {
	for _, stage := range s {
		sum += stage.Ramp + stage.Hold
	}
	return sum
}

// Peak is the most connections at once.
func (s Stages) Peak() (most int) {
	for _, stage := range s {
		most = max(most, stage.Conns)
	}
	return most
}

// At is the number of connections at a time, and the stage.
func (s Stages) At(t time.Duration) (conns int, name string) {
	before := 0
	for _, stage := range s {
		if t < stage.Ramp {
			share := float64(t) / float64(stage.Ramp)
			return before + int(math.Round(share*float64(stage.Conns-before))), stage.Name
		}
		if t -= stage.Ramp; t < stage.Hold {
			return stage.Conns, stage.Name
		}
		t -= stage.Hold
		before, name = stage.Conns, stage.Name
	}
	return before, name
}

// End is when a stage is over; a name that there is not ends at 0.
func (s Stages) End(name string) (at time.Duration) {
	for _, stage := range s {
		at += stage.Ramp + stage.Hold
		if stage.Name == name {
			return at
		}
	}
	return 0
}

// hold is how long a stage stays at its number; 0 when there is none of the name.
func (s Stages) hold(name string) time.Duration {
	for _, stage := range s {
		if stage.Name == name {
			return stage.Hold
		}
	}
	return 0
}

// faster is the same course in another time.
func (s Stages) faster(by float64) Stages {
	out := make(Stages, len(s))
	for i, stage := range s {
		out[i] = stage
		out[i].Ramp = time.Duration(float64(stage.Ramp) / by).Round(time.Millisecond)
		out[i].Hold = time.Duration(float64(stage.Hold) / by).Round(time.Millisecond)
	}
	return out
}

// smaller is the same course with other numbers of connections, never none where there
// were some.
func (s Stages) smaller(peak int) Stages {
	out, from := make(Stages, len(s)), s.Peak()
	for i, stage := range s {
		out[i] = stage
		if out[i].Conns = stage.Conns * peak / max(1, from); stage.Conns > 0 {
			out[i].Conns = max(1, out[i].Conns)
		}
	}
	return out
}
