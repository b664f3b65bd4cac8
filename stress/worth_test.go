package main

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func someQuestions(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("question %d", i))
	}
	return all
}

// A row that played something else than the others would be compared with them for
// nothing.
func TestTheScriptIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	const people = 24
	q := someQuestions(questionsNeeded(people))
	first := scriptFor(people, q)
	if again := scriptFor(people, q); !reflect.DeepEqual(first, again) {
		t.Error("two scripts for the same people differ")
	}
	larger := scriptFor(people+8, someQuestions(questionsNeeded(people+8)))
	if !reflect.DeepEqual(larger.asking[:people], first.asking) {
		t.Error("more people change what the first ones do")
	}
}

// What the figure is about has to happen in the script.
func TestTheScriptHoldsWhatIsToBeShared(t *testing.T) {
	t.Parallel()
	const people = 24
	s := scriptFor(people, someQuestions(questionsNeeded(people)))
	type moment struct {
		at   time.Duration
		text string
	}
	same, asked := map[moment]int{}, map[string]int{}
	for _, v := range s.asking {
		for _, st := range v.steps {
			if st.do == ask1st {
				same[moment{v.at + st.at, st.text}]++
				asked[st.text]++
			}
		}
	}
	if n := asked["question 0"]; n <= together {
		t.Errorf("a question on everybody's lips was asked %d times", n)
	}
	if n := same[moment{0, "question 0"}]; n < 2 {
		t.Errorf("nobody asks the same at the same time: %d", n)
	}
	if want := people/2 + onAllLips; len(asked) != want {
		t.Errorf("%d different first questions, not %d", len(asked), want)
	}
	if !slices.Contains(s.devices, 1) || !slices.Contains(s.devices, 2) {
		t.Errorf("devices %v", s.devices)
	}
}

// Steps of a device are played in their order, which must be that of their times.
func TestStepsOfADeviceAreInOrder(t *testing.T) {
	t.Parallel()
	s := scriptFor(8, someQuestions(questionsNeeded(8)))
	for _, v := range slices.Concat(s.reading, s.asking, s.talking) {
		last := map[int]time.Duration{}
		for _, st := range v.steps {
			if st.at < last[st.device] || st.device >= s.devices[v.person] {
				t.Errorf("person %d: %+v after %v", v.person, st, last[st.device])
			}
			last[st.device] = st.at
		}
	}
}

func TestEachRowSaysAllSwitches(t *testing.T) {
	t.Parallel()
	rows := settings()
	if len(rows) != 9 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, s := range rows {
		off := 0
		for _, o := range optimisations {
			switch {
			case slices.Contains(s.environment(), o.variable+"=false"):
				off++
			case !slices.Contains(s.environment(), o.variable+"=true"):
				t.Errorf("%s: nothing is said of %s", s.name, o.variable)
			}
		}
		if want := map[int]int{0: 0, 8: 7}; off != 1 && off != want[i] || off == 1 && (i == 0 || i == 8) {
			t.Errorf("%s: %d are off", s.name, off)
		}
	}
}

func TestTheTable(t *testing.T) {
	t.Parallel()
	on := worth{
		setting: setting{name: "nothing"},
		reading: part{reads: 100, queries: 50, cpu: 40 * time.Millisecond, database: 10 * time.Millisecond},
		asking:  part{recalls: 10, reads: 5, queries: 30, cpu: 100 * time.Millisecond, database: 30 * time.Millisecond},
		talking: part{recalls: 10, queries: 19, cpu: 80 * time.Millisecond, database: 20 * time.Millisecond},
		recalls: times{200 * time.Millisecond}, turns: times{1500 * time.Microsecond}, calls: 22,
		before: counts{Cache: map[string]lookups{"threads": {5, 5}}, Coalesced: map[string]int64{"a": 1}},
		after:  counts{Cache: map[string]lookups{"threads": {8, 6}, "messages": {1, 1}}, Coalesced: map[string]int64{"a": 2, "b": 3}},
	}
	const want = "| nothing | 1.90 | 2.45 | 0.50 | 75 % | 50 % | – | 4 | 0 | 200 / 200 | 1.5 / 1.5 | 1.10 | 9.00 + 2.50 | 0.40 + 0.10 |\n"
	if got := on.markdown(); got != want {
		t.Errorf("row is\n%snot\n%s", got, want)
	}
	if got := len(strings.Split(want, "|")) - 2; got != len(worthColumns) {
		t.Errorf("%d cells below %d columns", got, len(worthColumns))
	}
	off := on
	off.reading.queries, off.asking.queries, off.talking.queries = 200, 90, 40
	text := worthReport{rows: []worth{on, off}}.String()
	for _, line := range []string{
		"| round trips to the database per recall, in a conversation | 10 and more | 1.90 | 4.00 |\n",
		"| queries saved, reading | 70 % (estimated) | 75 % |  |\n", "| queries saved, the whole load |  | 70 % |  |\n",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

// The run that others have disturbed is not the one that counts.
func TestTheMiddleRound(t *testing.T) {
	t.Parallel()
	for want, p95 := range map[int][]int{5: {5}, 3: {3, 9}, 4: {900, 4, 2}} {
		var runs []worth
		for _, n := range p95 {
			runs = append(runs, worth{recalls: times{time.Duration(n)}})
		}
		if got := middle(runs).recalls.at(95); got != time.Duration(want) {
			t.Errorf("%d of %v", got, p95)
		}
	}
}

func TestNobodyIsDividedByNothing(t *testing.T) {
	t.Parallel()
	text := worthReport{rows: []worth{{}, {}}}.String()
	if strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error(text)
	}
}

// The whole figure, small and in haste: a real server, its Postgres, the played services.
// A reply that is not what the script counts on would end it with an error.
func TestTheWholeFigure(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the processor's time is read from /proc")
	}
	if testing.Short() || raced {
		t.Skip("it builds and starts a server, half a minute on a busy machine: once without the race detector is enough")
	}
	server, err := build(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const people = together // one of each four speaks
	made, err := makePast(t.Context(), server, people, 200)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.clear)
	script := hurried(made.script())
	w, err := made.measure(t.Context(), settings()[0], script)
	if err != nil {
		t.Fatal(err)
	}
	if w.asking.recalls != 3*people+1 || w.talking.recalls != 2*people || len(w.turns) != 6*pagesTurned {
		t.Errorf("%d and %d recalls, %d pages turned", w.asking.recalls, w.talking.recalls, len(w.turns))
	}
	if w.reading.queries == 0 || w.asking.queries == 0 || w.calls == 0 || w.asked().cpu == 0 {
		t.Errorf("nothing was counted: %+v", w)
	}
	if per := float64(w.talking.queries) / float64(w.talking.recalls); per > 2.2 { // two, and what the program asks for itself now and then
		t.Errorf("a recall in a conversation takes %.1f round trips", per)
	}
}

// hurried is the script with a tenth of its pauses.
func hurried(s loadScript) loadScript {
	for _, visits := range [][]visit{s.reading, s.asking, s.talking} {
		for i := range visits {
			for j := range visits[i].steps {
				visits[i].steps[j].at /= 10
			}
		}
	}
	return s
}
