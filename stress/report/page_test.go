package report

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var keep = flag.String("keep", "", "write the page of a made-up run there, to look at")

func pageOf(t *testing.T, r Result) string {
	t.Helper()
	var out bytes.Buffer
	if err := HTML(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// elements are all elements of a name, in the order of the page.
func elements(t *testing.T, page, name string) (found []*html.Node) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

func text(n *html.Node) string {
	var all strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			all.WriteString(d.Data)
		}
	}
	return all.String()
}

func TestKeepAPage(t *testing.T) {
	t.Parallel()
	if *keep == "" {
		t.Skip("only with -keep")
	}
	if err := os.WriteFile(*keep, []byte(pageOf(t, sampleResult(7, 1140))), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What the run measured is on the page: checks first, the numbers as text, and a drawing
// for everything that was sampled.
func TestPageTells(t *testing.T) {
	t.Parallel()
	r := sampleResult(1, 60)
	page := pageOf(t, r)
	if h := elements(t, page, "h2"); text(h[0]) != "Checks" || text(h[1]) != "Settings" {
		t.Errorf("the page begins with %q, %q", text(h[0]), text(h[1]))
	}
	rows := elements(t, page, "tr")
	if got := text(rows[1]); got != "FAILmemory back at the endwithin 10 %+14.2 %" {
		t.Errorf("the first check is %q", got)
	}
	for _, want := range []string{number(r.Latencies[0].P99), number(float64(r.Counts.Due)), r.Machine.CPU, r.Command, "1 of 3 checks failed"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	titles := map[string]bool{}
	for _, c := range elements(t, page, "figcaption") {
		titles[text(c)] = true
	}
	if len(titles) != 12 || !titles["Cache hits"] || !titles["CPU"] {
		t.Errorf("plots %v", titles)
	}
}

// Names of a run come from settings and from the machine: none may become markup or
// script, wherever it is shown.
func TestNamesStayText(t *testing.T) {
	t.Parallel()
	const evil = `</script></style></title>"><img src=x onerror="x()">`
	r := sampleResult(1, 10)
	plain := len(elements(t, pageOf(t, r), "script"))
	r.Name, r.Command, r.Machine.CPU, r.Notes = evil, evil, evil, []string{evil}
	r.Settings[0] = Setting{evil, evil}
	r.Checks[0] = Check{Name: evil, Want: evil, Got: evil}
	r.Latencies[0].Name = evil
	r.Counts.Refused[evil] = 1
	for _, s := range r.Samples {
		s.CPU[evil] = 1
	}
	page := pageOf(t, r)
	if len(elements(t, page, "img")) != 0 || len(elements(t, page, "script")) != plain {
		t.Error("a name became an element")
	}
	if title := text(elements(t, page, "title")[0]); !strings.HasPrefix(title, evil) {
		t.Errorf("the title is %q", title)
	}
}

// The page asks for nothing: it has no address of anything else, and forbids it too.
func TestPageNeedsNoNetwork(t *testing.T) {
	t.Parallel()
	page := pageOf(t, sampleResult(1, 10))
	for _, asks := range []string{"http:", "https:", "src=", "@import", "url(", "fetch("} {
		if strings.Contains(page, asks) {
			t.Errorf("the page has %q", asks)
		}
	}
	if !strings.Contains(page, "default-src &#39;none&#39;") && !strings.Contains(page, "default-src 'none'") {
		t.Error("the page's policy is gone")
	}
}

// A run may end before its first second, or have measured only a part.
func TestEmptySeries(t *testing.T) {
	t.Parallel()
	one := sampleResult(1, 1)
	for name, r := range map[string]Result{
		"nothing": {}, "one second": one, "zeros": {Samples: make([]Sample, 3)},
		"no times": {Latencies: []Distribution{NewLatency().Total("none")}},
	} {
		page := pageOf(t, r)
		if strings.Contains(page, "NaN") || strings.Contains(page, "Inf") {
			t.Errorf("%s: the page has what is no number", name)
		}
		if drawn := len(elements(t, page, "figure")); name != "one second" && drawn != 0 {
			t.Errorf("%s: %d plots of nothing", name, drawn)
		}
		var out bytes.Buffer
		if err := Table(&out, r); err != nil {
			t.Error(err)
		}
	}
}
