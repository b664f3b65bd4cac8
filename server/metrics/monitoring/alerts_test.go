package monitoring_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var expression = regexp.MustCompile(`(?m)^ +expr: (?:\|\n((?: {10}.*\n)+)|(.*)\n)`)

func TestAlertsNameWhatIsExposed(t *testing.T) {
	t.Parallel()
	e := read(scrape(whole()))
	text := file(t, "alerts.yml")
	all := expression.FindAllStringSubmatch(text, -1)
	if n := strings.Count(text, "- alert:"); len(all) != n {
		t.Fatalf("%d expressions of %d alerts were found", len(all), n)
	}
	for _, m := range all {
		e.check(t, "alerts.yml", m[1]+m[2])
	}
	for _, name := range metricName.FindAllString(text, -1) { // in what the alerts say, too
		_, metric := e.types[name]
		if _, sample := e.samples[name]; !metric && !sample && !missing(name) {
			t.Errorf("alerts.yml: no metric %s", name)
		}
	}
}

// Each alert says what to do, and is tested in both directions. This needs no promtool.
func TestAlertsAreComplete(t *testing.T) {
	t.Parallel()
	cases := file(t, "alerts_test.yml")
	for _, alert := range strings.Split(file(t, "alerts.yml"), "- alert: ")[1:] {
		name, body, _ := strings.Cut(alert, "\n")
		for _, part := range []string{"for:", "severity:", "summary:", "description:", "action:"} {
			if !strings.Contains(body, part) {
				t.Errorf("%s has no %s", name, part)
			}
		}
		if !strings.Contains(cases, "alertname: "+name+", exp_alerts: []") {
			t.Errorf("no test shows that %s keeps silent", name)
		}
		if !regexp.MustCompile(`alertname: ` + name + `\n\s+exp_alerts:\n\s+- exp_labels`).MatchString(cases) {
			t.Errorf("no test shows that %s fires", name)
		}
	}
}

// The settings that the alerts advise to change exist.
func TestAlertsNameSettingsThatExist(t *testing.T) {
	t.Parallel()
	sources, err := filepath.Glob("../../config/*.go")
	if err != nil || len(sources) == 0 {
		t.Fatal("no settings were found", err)
	}
	var all strings.Builder
	for _, name := range sources {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, name := range regexp.MustCompile(`RECALL_[A-Z_]+`).FindAllString(file(t, "alerts.yml"), -1) {
		if !strings.Contains(all.String(), `env:"`+name+`"`) {
			t.Errorf("there is no setting %s", name)
		}
	}
}
