package report

import (
	"encoding/json"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Every line has a point for each second that the script can tell of too.
func TestPlotsHoldAllSeconds(t *testing.T) {
	t.Parallel()
	const seconds = 60
	for _, figure := range elements(t, pageOf(t, sampleResult(1, seconds)), "figure") {
		whole := &html.Node{}
		whole.AppendChild(detached(figure))
		var lines []line
		for n := range whole.Descendants() {
			if n.Data == "script" {
				if err := json.Unmarshal([]byte(text(n)), &lines); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(lines) == 0 {
			t.Fatalf("%q tells nothing", text(figure)[:30])
		}
		for i, n := range paths(whole) {
			points := strings.Count(n, "M") + strings.Count(n, "L")
			if l := lines[i]; points != len(l.At) || points != len(l.Y) || points != len(l.X) || points < seconds-2 {
				t.Errorf("%s: %d points, %d places, %d values", l.Name, points, len(l.At), len(l.Y))
			}
		}
	}
}

func detached(n *html.Node) *html.Node {
	n.Parent.RemoveChild(n)
	return n
}

func paths(root *html.Node) (all []string) {
	for n := range root.Descendants() {
		if n.Data == "path" {
			for _, a := range n.Attr {
				if a.Key == "d" {
					all = append(all, a.Val)
				}
			}
		}
	}
	return all
}

// A second without look-ups, or without any ended recall, is a gap and not a zero.
func TestGapsAreNotZeros(t *testing.T) {
	t.Parallel()
	r := sampleResult(1, 10)
	r.Samples[4].HitRate.Answers, r.Samples[4].Latency = -1, Quantiles{}
	for _, p := range plots(r) {
		for i, l := range p.Lines() {
			gap := l.Name == "answers" || p.Title == "Latency, due to terminal event"
			if path := p.Path(p.Series[i]); gap != (strings.Count(path, "M") == 2) && len(l.At) > 1 && strings.HasPrefix(p.XName, "minutes") {
				t.Errorf("%s, %s: %s", p.Title, l.Name, path)
			}
		}
	}
}
