package report

import (
	"fmt"
	"math"
	"strings"
)

// The drawing, in its own units: about pixels in a column of a phone or of three
// columns on a desktop, so that its letters are readable on both.
const (
	plotWidth, plotHeight = 400.0, 240.0
	marginLeft            = 46.0 // labels of the y axis
	marginRight           = 14.0
	marginTop             = 10.0
	marginBottom          = 38.0 // labels and name of the x axis
)

// plot is what is to be drawn.
type plot struct {
	Title  string
	XName  string
	YName  string // with its unit
	x, y   axis
	Series []series
}

// series is a line. Where a value is NaN the line has a gap.
type series struct {
	Name string
	x, y []float64
}

// tick is a place on an axis, in units of the drawing.
type tick struct {
	At    float64
	Label string
}

func (p plot) left(x float64) float64 {
	return marginLeft + p.x.at(x)*(plotWidth-marginLeft-marginRight)
}

func (p plot) top(y float64) float64 {
	return plotHeight - marginBottom - p.y.at(y)*(plotHeight-marginBottom-marginTop)
}

// XTicks and those below are what the page's template asks for.
func (p plot) XTicks() []tick { return ticks(p.x, p.left) }

// YTicks are the labelled places of the y axis.
func (p plot) YTicks() []tick { return ticks(p.y, p.top) }

func ticks(a axis, place func(float64) float64) (all []tick) {
	for _, v := range a.ticks {
		all = append(all, tick{At: math.Round(place(v)*10) / 10, Label: a.label(v)})
	}
	return all
}

// Path is the line of a series as SVG has it.
func (p plot) Path(s series) string {
	var path strings.Builder
	pen := "M"
	for i, y := range s.y {
		if math.IsNaN(y) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, p.left(s.x[i]), p.top(y))
		pen = "L"
	}
	return path.String()
}

// line is what the page's script tells of a series: its places from left to right, and
// the values at each.
type line struct {
	Name string    `json:"name"`
	At   []float64 `json:"at"`
	X    []string  `json:"x"`
	Y    []float64 `json:"y"`
}

// Lines are those of the series.
func (p plot) Lines() []line {
	lines := make([]line, len(p.Series))
	for i, s := range p.Series {
		lines[i].Name = s.Name
		for j, y := range s.y {
			if !math.IsNaN(y) {
				lines[i].At = append(lines[i].At, math.Round(p.left(s.x[j])*10)/10)
				lines[i].X = append(lines[i].X, p.x.label(s.x[j]))
				lines[i].Y = append(lines[i].Y, roundTo(y, 4))
			}
		}
	}
	return lines
}

// bounds are the least positive and the greatest value of all series; found is false
// if none has a positive value: there is nothing to see then.
func bounds(all []series) (least, greatest float64, found bool) {
	least = math.Inf(1)
	for _, s := range all {
		for _, y := range s.y {
			if y > 0 && !math.IsInf(y, 0) { // not so for NaN
				least, greatest, found = min(least, y), max(greatest, y), true
			}
		}
	}
	return least, greatest, found
}
