package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
)

var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string
)

const colors = 6 // in page.css

var page = template.Must(template.New("page").Funcs(template.FuncMap{
	"style":  func() template.CSS { return template.CSS(pageCSS) }, //nolint:gosec // our own file
	"script": func() template.JS { return template.JS(pageJS) },    //nolint:gosec // our own file
	"number": number,
	"look":   look,
	"width":  func() float64 { return plotWidth },
	"height": func() float64 { return plotHeight },
	"left":   func() float64 { return marginLeft },
	"right":  func() float64 { return plotWidth - marginRight },
	"top":    func() float64 { return marginTop },
	"bottom": func() float64 { return plotHeight - marginBottom },
}).Parse(pageHTML))

// look is the classes of series i: those that have no colour of their own are dashed.
func look(i int) string {
	if i >= colors {
		return fmt.Sprintf("s%d dashed", i%colors)
	}
	return fmt.Sprintf("s%d", i)
}

// HTML writes one file that needs nothing beside it: no network, no other file. It
// follows the reader's choice of light or dark.
func HTML(w io.Writer, r Result) error {
	return page.Execute(w, struct {
		Result
		Checks []Check
		Plots  []plot
	}{r, failedFirst(r.Checks), plots(r)})
}

// failedFirst keeps the order otherwise.
func failedFirst(checks []Check) []Check {
	return slices.SortedStableFunc(slices.Values(checks), func(a, b Check) int {
		switch {
		case a.OK == b.OK:
			return 0
		case b.OK:
			return -1
		default:
			return 1
		}
	})
}
