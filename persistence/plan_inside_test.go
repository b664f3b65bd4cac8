package persistence

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"recall/wire"
)

// testPlansInside has the program write whatever it may write and listens to all
// plans, those in functions and triggers too.
func testPlansInside(t *testing.T, address, mode string) {
	db, l := listenToPlans(t, address, mode)
	writeEverything(t, db)
	for _, found := range l.wholeReads() {
		t.Error(found)
	}
	for name, source := range functionSources(t, db) {
		if len(l.lines[name]) == 0 {
			t.Errorf("%s: no statement in it was looked at", name)
		}
		for _, line := range unheard(source, l.lines[name]) {
			t.Errorf("%s: was not looked at: %s", name, line)
		}
	}
}

// functionSources are the functions of the migrations whose plans a caller's plan
// does not show.
func functionSources(t *testing.T, db *DB) map[string]string {
	t.Helper()
	rows, _ := db.pool.Query(t.Context(), `
SELECT p.proname::text, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
 WHERE l.lanname = 'plpgsql' AND p.pronamespace = 'public'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`)
	sources := make(map[string]string)
	var name, source string
	if _, err := pgx.ForEachRow(rows, []any{&name, &source}, func() error { sources[name] = source; return nil }); err != nil {
		t.Fatal(err)
	}
	return sources
}

var (
	asksInside = regexp.MustCompile(`^\s*(WITH|SELECT|UPDATE|INSERT INTO|DELETE FROM|PERFORM FROM)\s`)
	lastOfOne  = regexp.MustCompile(`(;|\b(THEN|BEGIN|LOOP|ELSE))\s*(--.*)?$`)
)

// unheard are the lines of a function's source with a statement of which no plan was
// heard. Postgres names the line on which a statement begins, counted from 1.
func unheard(source string, heard map[int]bool) (missing []string) {
	lines := strings.Split(source, "\n")
	for at, line := range lines {
		if !asksInside.MatchString(line) {
			continue
		}
		begin, was := at, heard[at+1]
		for ; !was && begin > 0 && !lastOfOne.MatchString(lines[begin-1]); begin-- {
			was = heard[begin]
		}
		if !was {
			missing = append(missing, strings.TrimSpace(line))
		}
	}
	return missing
}

// writeEverything goes through all kinds of steps of threads, one by one and in
// groups, and the other ways to write that hide statements in functions.
func writeEverything(t *testing.T, db *DB) {
	t.Helper()
	threads := wakeThreads(t, db, 3)
	for _, c := range allSteps(threads[0]) {
		if err := db.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	first, second := allSteps(threads[1]), allSteps(threads[2])
	for i := range first {
		commitGroup(t, db, first[i], second[i])
	}
	batchInsert(t, db, fmt.Sprintf(`{"thread_id": %q}`, planID(kindThread, 77))) // gets its number by the trigger
	execSQL(t, db, `SELECT FROM get_recall_messages_paginated($1, now(), 50)`, planID(kindThread, 7))
	mustImport(t, db, fmt.Sprintf("title,artist,phrase\nNew %s,X,\nOther,Y,\n", wire.NewID()), ImportOptions{})
	execSQL(t, db, `BEGIN; TRUNCATE songs; ROLLBACK`, pgx.QueryExecModeSimpleProtocol)
}

// wakeThreads activates some of the threads of the busiest user.
func wakeThreads(t *testing.T, db *DB, n int) (woken []wire.Activation) {
	t.Helper()
	list, err := db.Threads(t.Context(), planID(kindUser, 7), wire.ThreadList{})
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range list.Threads[:n] {
		a, err := db.Activate(t.Context(), thread.ID)
		if err != nil {
			t.Fatal(err)
		}
		woken = append(woken, a)
	}
	return woken
}

// allSteps are a recall with a voice note that is heard, answered, judged and let go;
// then another one, over which the thread is deleted.
func allSteps(a wire.Activation) []*wire.Commit {
	seq := a.Thread.Seq + 1
	ask, again := asking(a, seq), asking(a, seq+11)
	ask.Accepted.Input.MediaID = planID(kindMedia, 47)
	answer := answering(a, seq+2, ask.Accepted.ID)
	steps := []*wire.Commit{ask, {Heard: ask.Postings[0], Seq: seq + 1}, answer, {Judged: answer.Postings[0], Seq: seq + 8},
		{Thread: &a.Thread, Seq: seq + 9}, {Unstash: true, Seq: seq + 10}, again, {Deleted: true, Seq: seq + 12}}
	for _, c := range steps {
		c.ThreadID, c.Owner, c.Fence = a.Thread.ID, a.Owner, a.Fence
	}
	return steps
}

// commitGroup writes steps of different threads by the function for groups.
func commitGroup(t *testing.T, db *DB, group ...*wire.Commit) {
	t.Helper()
	var docs groupDocs
	for _, c := range group {
		doc, err := newCommitDoc(c)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, doc.whole)
	}
	rows, _ := db.pool.Query(t.Context(), commitBatch, docs)
	fates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[groupRow])
	if err != nil || len(fates) != len(group) || slices.ContainsFunc(fates, func(r groupRow) bool { return r.State != "" }) {
		t.Fatalf("a group of steps was answered by %v, %v", fates, err)
	}
}
