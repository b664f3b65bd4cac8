package report

import (
	_ "embed"
	"html/template"
	"io"
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
	"color":  func(i int) int { return i % colors },
	"width":  func() float64 { return plotWidth },
	"height": func() float64 { return plotHeight },
	"left":   func() float64 { return marginLeft },
	"right":  func() float64 { return plotWidth - marginRight },
	"top":    func() float64 { return marginTop },
	"bottom": func() float64 { return plotHeight - marginBottom },
}).Parse(pageHTML))

// HTML writes one file that needs nothing beside it: no network, no other file. It
// follows the reader's choice of light or dark.
func HTML(w io.Writer, r Result) error {
	return page.Execute(w, struct {
		Result
		Plots []plot
	}{r, plots(r)})
}
