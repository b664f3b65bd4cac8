package monitoring_test

import (
	"encoding/json"
	"testing"
)

type gridPos struct{ H, W, X, Y int }

type dashboard struct {
	Panels []struct {
		ID      int
		Type    string
		Title   string
		GridPos gridPos
		Targets []struct{ Expr string }
	}
	Templating struct {
		List []struct {
			Name  string
			Type  string
			Query any
		}
	}
}

func loadDashboard(t *testing.T) (d dashboard) {
	t.Helper()
	if err := json.Unmarshal([]byte(file(t, "dashboard.json")), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDashboardShowsWhatIsExposed(t *testing.T) {
	t.Parallel()
	e, d := read(scrape(whole())), loadDashboard(t)
	for _, p := range d.Panels {
		if (len(p.Targets) == 0) != (p.Type == "row") {
			t.Errorf("%s is a %s and has %d expressions", p.Title, p.Type, len(p.Targets))
		}
		for _, target := range p.Targets {
			e.check(t, p.Title, target.Expr)
		}
	}
	for _, v := range d.Templating.List {
		text, _ := json.Marshal(v.Query)
		for _, name := range metricName.FindAllString(string(text), -1) {
			if _, there := e.samples[name]; !there {
				t.Errorf("variable %s: no metric %s", v.Name, name)
			}
		}
	}
}

func TestDashboardIsWellFormed(t *testing.T) {
	t.Parallel()
	d := loadDashboard(t)
	ids := map[int]bool{}
	for i, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 {
			t.Errorf("%s has the id %d of another", p.Title, p.ID)
		}
		ids[p.ID] = true
		if g := p.GridPos; g.W <= 0 || g.H <= 0 || g.X < 0 || g.X+g.W > 24 {
			t.Errorf("%s leaves the grid: %+v", p.Title, g)
		}
		for _, other := range d.Panels[:i] {
			if overlap(p.GridPos, other.GridPos) {
				t.Errorf("%s lies over %s", p.Title, other.Title)
			}
		}
	}
	if len(d.Templating.List) == 0 || d.Templating.List[0].Type != "datasource" {
		t.Error("the data source is no variable")
	}
}

func overlap(a, b gridPos) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}
