package monitoring_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// promtool is in the PATH or where tools/need puts it.
func promtool(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("promtool"); err == nil {
		return path
	}
	own, err := filepath.Abs("../../../bin/promtool")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath(own); err != nil {
		t.Skip("promtool is neither in the PATH nor in bin/: run tools/need promtool")
	}
	return own
}

func TestAlertsFireWhenTheyShould(t *testing.T) {
	t.Parallel()
	tool := promtool(t)
	for _, arg := range []string{"check rules alerts.yml", "test rules alerts_test.yml"} {
		if out, err := exec.CommandContext(t.Context(), tool, strings.Fields(arg)...).CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", arg, err, out)
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
