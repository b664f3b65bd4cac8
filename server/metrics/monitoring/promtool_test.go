package monitoring_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// Prometheus understands each expression of the dashboard: as a rule it would load.
func TestDashboardIsUnderstood(t *testing.T) {
	t.Parallel()
	tool := promtool(t)
	type rule struct {
		Record string `json:"record"`
		Expr   string `json:"expr"`
	}
	grafana := strings.NewReplacer("$__rate_interval", "5m", "$job", ".*", "$instance", ".*")
	var rules []rule
	for _, p := range loadDashboard(t).Panels {
		for _, target := range p.Targets {
			rules = append(rules, rule{fmt.Sprintf("panel:%d:%d", p.ID, len(rules)), grafana.Replace(target.Expr)})
		}
	}
	text, err := json.Marshal(map[string]any{"groups": []any{map[string]any{"name": "dashboard", "rules": rules}}}) // JSON is YAML
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rules.yml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), tool, "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
