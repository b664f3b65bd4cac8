package monitoring_test

import (
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var (
	metricName = regexp.MustCompile(`\b(?:recall|go|process)_\w+`)
	selector   = regexp.MustCompile(`\b((?:recall|go|process)_\w+)\{([^}]*)\}`)
	matcher    = regexp.MustCompile(`(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"`)
	grouping   = regexp.MustCompile(`\b(?:by|without|on|ignoring)\s*\(([^)]*)\)`)
)

// ofTarget are the labels that Prometheus adds.
var ofTarget = []string{"job", "instance"}

// check holds an expression against what is exposed: names, labels and their values.
func (e exposure) check(t *testing.T, where, expr string) {
	t.Helper()
	known := append([]string{"le"}, ofTarget...)
	bare := regexp.MustCompile(`"[^"]*"`).ReplaceAllString(expr, `""`)
	for _, name := range metricName.FindAllString(bare, -1) {
		if _, there := e.samples[name]; !there && !missing(name) {
			t.Errorf("%s: no metric %s in %s", where, name, expr)
		}
		known = append(known, e.samples[name].names()...)
	}
	for _, m := range selector.FindAllStringSubmatch(expr, -1) {
		e.checkMatchers(t, where, m[1], m[2])
	}
	for _, m := range grouping.FindAllStringSubmatch(expr, -1) {
		for label := range strings.SplitSeq(m[1], ",") {
			if !slices.Contains(known, strings.TrimSpace(label)) {
				t.Errorf("%s: nothing has the label %s in %s", where, label, expr)
			}
		}
	}
}

func (e exposure) checkMatchers(t *testing.T, where, name, matchers string) {
	t.Helper()
	for _, m := range matcher.FindAllStringSubmatch(matchers, -1) {
		values, there := e.samples[name][m[1]]
		if !there {
			if !slices.Contains(ofTarget, m[1]) {
				t.Errorf("%s: %s has no label %s", where, name, m[1])
			}
			continue
		}
		for value := range strings.SplitSeq(m[3], "|") {
			if !values[value] {
				t.Errorf("%s: %s is never of %s %q", where, name, m[1], value)
			}
		}
	}
}

// missing are metrics of the process that not every system can tell.
func missing(name string) bool {
	return runtime.GOOS != "linux" && strings.HasPrefix(name, "process_")
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// row is a line of the table in doc.go.
var row = regexp.MustCompile(`(?m)^//\t(recall_\w+)\s+(counter|gauge|histogram)\s+(\S+)  `)

func TestTheTableIsComplete(t *testing.T) {
	t.Parallel()
	e := read(scrape(whole()))
	told := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(file(t, "../doc.go"), -1) {
		told[m[1]] = true
		if e.types[m[1]] != m[2] {
			t.Errorf("%s is a %q, the table says %s", m[1], e.types[m[1]], m[2])
		}
		if is := strings.Join(e.labelsOf(m[1]), ","); is != m[3] && (is != "" || m[3] != "-") {
			t.Errorf("%s has the labels %q, the table says %s", m[1], is, m[3])
		}
	}
	for name := range e.types {
		if strings.HasPrefix(name, "recall_") && !told[name] {
			t.Errorf("the table has no %s", name)
		}
	}
}
