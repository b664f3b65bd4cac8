package persistence

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
)

// Nothing that the program asks reads a table of 1,000,000 messages from end to
// end, neither by a plan made for its parameters nor by the one for any that a
// prepared statement may settle on. Plans in functions and triggers are included.
func TestEveryQueryUsesIndexes(t *testing.T) {
	t.Parallel()
	if testing.Short() || raced {
		t.Skip("writes 1,000,000 messages first, which takes some ten seconds; plans are Postgres's own, so once without the race detector is enough")
	}
	url := pgtest.New(t)
	fillForPlans(t, url)
	db := openStore(t, url)
	t.Run("statements", func(t *testing.T) {
		for name, s := range plannedStatements() {
			for _, complaint := range planComplaints(t, db, s) {
				t.Errorf("%s, %s", name, complaint)
			}
		}
	})
	for _, mode := range planModes {
		t.Run("inside, "+mode, func(t *testing.T) { testPlansInside(t, url, mode) })
	}
	t.Run("an index less is noticed", func(t *testing.T) { testIndexLess(t, url, db) })
}

var planModes = []string{"force_custom_plan", "force_generic_plan"}

// readsTable is a node that takes rows from a table or an index.
var readsTable = regexp.MustCompile(`(?:Seq Scan on|Index Scan(?: Backward)? using|Index Only Scan(?: Backward)? using|Bitmap Index Scan on) (\w+)(?: on \w+)?`)

// wholeReads are the nodes of a plan that read something from end to end: a table,
// or an index, which is no better and what Postgres resorts to where sequential
// scans are switched off. Excused are the index of the open recalls, as it holds no
// others, and what an import puts aside in tables of its own.
func wholeReads(plan string) (reads []string) {
	lines := append(strings.Split(plan, "\n"), "")
	for i, line := range lines {
		read := readsTable.FindStringSubmatch(line)
		if read == nil || strings.HasPrefix(strings.TrimSpace(lines[i+1]), "Index Cond:") {
			continue
		}
		if read[1] != "recalls_open" && !strings.HasPrefix(read[1], "staged_") {
			reads = append(reads, read[0])
		}
	}
	return reads
}

// planComplaints are about the plans of a statement in both modes.
func planComplaints(t *testing.T, db *DB, s plannedStatement) (complaints []string) {
	t.Helper()
	for mode, plan := range explain(t, db, s.sql, s.args) {
		for _, read := range wholeReads(plan) {
			complaints = append(complaints, fmt.Sprintf("%s: %s:\n%s", mode, read, plan))
		}
		for _, index := range s.indexes {
			if !strings.Contains(plan, index) {
				complaints = append(complaints, fmt.Sprintf("%s: does not go by %s:\n%s", mode, index, plan))
			}
		}
	}
	return complaints
}

// explain returns the plans of a prepared statement by plan_cache_mode.
func explain(t *testing.T, db *DB, sql string, args []any) map[string]string {
	t.Helper()
	conn, err := db.pool.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	exec := func(sql string) {
		if _, err := conn.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	exec("PREPARE hot AS " + sql)
	defer exec("DEALLOCATE hot; RESET plan_cache_mode")
	plans := make(map[string]string)
	for _, mode := range planModes {
		exec("SET plan_cache_mode = " + mode)
		rows, _ := conn.Query(t.Context(), "EXPLAIN EXECUTE hot"+literals(args), pgx.QueryExecModeSimpleProtocol)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		plans[mode] = strings.Join(lines, "\n")
	}
	return plans
}

// literals are the arguments of EXECUTE, which takes no parameters.
func literals(args []any) string {
	if len(args) == 0 {
		return ""
	}
	words := make([]string, len(args))
	for i, arg := range args {
		if at, ok := arg.(time.Time); ok {
			arg = at.Format(time.RFC3339Nano)
		}
		words[i] = fmt.Sprintf("'%v'", arg)
	}
	return "(" + strings.Join(words, ", ") + ")"
}

// testIndexLess shows that the checks above can fail; the database is spoilt by it.
func testIndexLess(t *testing.T, address string, db *DB) {
	for _, index := range []string{"recalls_open", "recall_messages_media", "recall_messages_thread_seq"} {
		execSQL(t, db, `DROP INDEX `+index)
	}
	all := plannedStatements()
	for name, want := range map[string]string{
		"open": "Seq Scan on recalls", "old media": "Seq Scan on recall_messages", "newest": "does not go by recall_messages_thread_seq",
	} {
		if complaints := strings.Join(planComplaints(t, db, all[name]), "\n"); !strings.Contains(complaints, want) {
			t.Errorf("%s: want %q in the complaints, got %q", name, want, complaints)
		}
	}
	inside, l := listenToPlans(t, address, planModes[0])
	writeEverything(t, inside)
	if found := strings.Join(l.wholeReads(), "\n"); !strings.Contains(found, "Seq Scan on recalls") || !strings.Contains(found, "recall_commit_step") {
		t.Errorf("want a scan of recalls in recall_commit_step, got %q", found)
	}
}
