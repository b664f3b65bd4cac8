package scenarios

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"recall/stress/report"
	"recall/stress/world"
)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// memory is a folder that costs no disk where there is one.
func memory(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "recall-scenarios-")
	check(t, err)
	check(t, os.Chmod(dir, 0o755)) //nolint:gosec // Postgres runs as another user
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// The cheap half of the scenarios, tiny, against real processes; `go run ./stress
// scenarios` plays all of them at their size.
func TestScenarios(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the work is in other processes, which the race detector does not see")
	}
	dir := memory(t)
	programs, err := world.Build(t.Context(), dir)
	check(t, err)
	cheap, err := Named("malformed", "huge-thread", "slow-readers", "many-devices", "reconnect-storm")
	check(t, err)
	t.Run("all", func(t *testing.T) {
		for _, s := range cheap {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				outcome := s.Run(t.Context(), Options{
					Programs: programs, Dir: dir, Devices: 4, Messages: 120,
					Postgres: map[string]string{"fsync": "off"}, Progress: t.Logf,
				})
				var said strings.Builder
				check(t, outcome.Write(&said))
				if !outcome.OK() || len(outcome.Checks) < 10 {
					t.Error(said.String())
				}
			})
		}
	})
}

// What cannot be played is told, and no process is left.
func TestScenarioThatCannotBePlayed(t *testing.T) {
	t.Parallel()
	broken := Scenario{Name: "broken", play: func(context.Context, *stage) error { return nil }}
	outcome := broken.Run(t.Context(), Options{Dir: memory(t), Programs: world.Programs{Server: "/nowhere/server", Emulator: "/nowhere/emulator"}})
	if outcome.OK() || !strings.Contains(outcome.Err.Error(), "/nowhere/emulator") {
		t.Errorf("%+v", outcome)
	}
}

// The table of the package's comment and the list are the same.
func TestTableNamesEveryScenario(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	check(t, err)
	var rows []string
	for line := range strings.Lines(string(text)) {
		if name, _, isRow := strings.Cut(strings.TrimPrefix(line, "//	"), "|"); isRow && !strings.HasPrefix(name, "---") {
			if name = strings.TrimSpace(name); name != "" && name != "scenario" {
				rows = append(rows, name)
			}
		}
	}
	if !slices.Equal(rows, allNames()) {
		t.Errorf("the comment has %v, the list %v", rows, allNames())
	}
}

func TestNamed(t *testing.T) {
	t.Parallel()
	if all, err := Named(); err != nil || len(all) != len(All()) {
		t.Errorf("no name is all of them: %d, %v", len(all), err)
	}
	some, err := Named("kill", "outage")
	check(t, err)
	if len(some) != 2 || some[0].Name != "kill" || some[1].Name != "outage" {
		t.Errorf("%v", some)
	}
	if _, err := Named("kil"); err == nil || !strings.Contains(err.Error(), "kill") {
		t.Errorf("a wrong name is told by %v", err)
	}
}

func TestOutcomeTellsWhatFailed(t *testing.T) {
	t.Parallel()
	good := Outcome{Scenario: "storm", Checks: []report.Check{{Name: "order", Want: "dense", Got: "dense", OK: true}}}
	bad := Outcome{Scenario: "kill", Checks: []report.Check{{Name: "ends", Want: "one", Got: "two"}}, Err: context.Canceled}
	var said strings.Builder
	check(t, bad.Write(&said))
	check(t, WriteSummary(&said, []Outcome{good, bad}))
	for _, part := range []string{"FAILED  kill", "ends", "one", "two", "context canceled", "1 ok", "0 ok, 1 FAILED, NOT PLAYED"} {
		if !strings.Contains(said.String(), part) {
			t.Errorf("%q is missing in\n%s", part, said.String())
		}
	}
	if !good.OK() || bad.OK() {
		t.Error("who failed is not told apart")
	}
}
