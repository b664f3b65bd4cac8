package persistence

import (
	"strings"
	"testing"
	"time"
)

// plannedStatement is a statement of the program, arguments for a plan of its own,
// and the indexes that it must go by; none where it reads no table of ours.
type plannedStatement struct {
	sql     string
	args    []any
	indexes []string
}

// plannedStatements are by what they are for. Thread 47 is one of 20 messages and
// of the user with the most threads, thread 7 one of 10,020.
func plannedStatements() map[string]plannedStatement {
	thread, huge, user := planID(kindThread, 47), planID(kindThread, 7), planID(kindUser, 7)
	message, recall, request, media := planID(kindMessage, 40_047), planID(kindRecall, 47), planID(kindRequest, 47), planID(kindMedia, 47)
	by := func(indexes ...string) []string { return indexes }
	return map[string]plannedStatement{
		"newest":          {newestMessages, []any{huge, 51}, by("recall_messages_thread_seq")},
		"before":          {messagesBefore, []any{huge, 5000, 51}, by("recall_messages_thread_seq")},
		"after":           {messagesAfter, []any{huge, 5000, 51}, by("recall_messages_thread_seq")},
		"message":         {oneMessage, []any{message, thread}, by("recall_messages_pkey")},
		"of message":      {threadOfMessage, []any{message, user}, by("recall_messages_pkey", "recall_threads_pkey")},
		"threads":         {activeThreads, []any{user, farFuture.at, farFuture.id, 21}, by("idx_recall_threads_active")},
		"archived":        {archivedThreads, []any{user, farFuture.at, farFuture.id, 21}, by("idx_recall_threads_user_last_message")},
		"stash":           {listStash, []any{user, farFuture.at, farFuture.id, 21}, by("recall_stash_user_created", "recall_threads_pkey")},
		"make thread":     {insertThread, []any{thread, user, "", false, false, "", testTime.Time, testTime.Time}, by("recall_threads_pkey")},
		"lock thread":     {lockThread, []any{thread}, by("recall_threads_pkey")},
		"activate":        {takeThread, []any{thread, user}, by("recall_threads_pkey", "recalls_open")},
		"open":            {openRecalls, []any{thread}, by("recalls_open")},
		"all with open":   {threadsWithOpenRecalls, nil, by("recalls_open", "recall_threads_pkey")},
		"admissions":      {admissions, []any{user, time.Now().Add(-time.Minute)}, by("recalls_user_accepted")},
		"request":         {recallByRequest, []any{user, request}, by("recalls_user_request")},
		"of request":      {messageOfRequest, []any{user, request}, by("recalls_user_request", "recall_messages_pkey")},
		"of recall":       {threadOfRecall, []any{recall, user}, by("recalls_pkey", "recall_threads_pkey")},
		"store media":     {storeMedia, []any{media, user, "voice", "audio/ogg", ".ogg", 1, "0", testTime.Time}, nil},
		"media":           {oneMedia, []any{media, user}, by("recall_media_pkey")},
		"drop media":      {dropMedia, []any{media}, by("recall_media_pkey")},
		"known media":     {knownMedia, []any{"{" + media.String() + "}"}, by("recall_media_pkey")},
		"old media":       {dropUnused, []any{"24 h", time.Time{}, planID(kindMedia, 0), unusedBatch}, by("recall_media_touched", "recall_messages_media")},
		"songs by id":     {selectSongs + ` WHERE id = ANY($1)`, []any{"{5,7}"}, by("songs_pkey")},
		"song search":     {searchSongs, []any{"walking down the road", 10, "{the}"}, by("songs_document_idx", "songs_names_trgm_idx", "songs_pkey")},
		"starter asked":   {`SELECT hash FROM catalog_seed WHERE name = 'starter'`, nil, by("catalog_seed_pkey")},
		"starter noted":   {`INSERT INTO catalog_seed (name, hash) VALUES ('starter', $1) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, seeded_at = now()`, []any{"x"}, by("catalog_seed_pkey")},
		"starter lock":    {`SELECT pg_advisory_xact_lock($1)`, []any{1}, nil},
		"lead lock":       {`SELECT pg_advisory_lock($1)`, []any{1}, nil},
		"version table":   {`SELECT to_regclass($1) IS NOT NULL`, []any{versionTable}, nil},
		"no time-outs":    {`SELECT set_config(name, '0', true) FROM unnest($1::text[]) name`, []any{"{lock_timeout}"}, nil},
		"trigrams shared": {`SELECT set_config('pg_trgm.similarity_threshold', '0.5', true)`, nil, nil},
	}
}

// unplannedStatements are those without a place above, and why.
func unplannedStatements() map[string]string {
	const (
		imports = "an import's own temporary tables are read whole; testPlansInside sees how it reaches the catalogue"
		inside  = "its plans are the function's: testPlansInside"
		noPlan  = "has no plan"
		start   = "at a start of the program's own server, about its handful of databases and roles"
	)
	exempt := map[string]string{
		commit: inside, commitBatch: inside,
		selectSongs:  "all of the catalogue is wanted: the index in memory is built from it",
		createStaged: noPlan, "LISTEN songs": noPlan,
		mergeAway: imports, mergeUpdate: imports, mergeInsert: imports, `SELECT count(*) FROM staged_songs`: imports,
		`select exists (select from pg_roles where rolname = $1), exists (select from pg_database where datname = $2)`: start,
		"create role recall login createdb": start, "create database recall owner recall": start,
	}
	for _, sql := range prepareMerge {
		exempt[sql] = imports
	}
	return exempt
}

// Every statement in the source is one whose plan is looked at, or is excused; and
// no excuse outlives its statement.
func TestEveryStatementIsAccountedFor(t *testing.T) {
	t.Parallel()
	accounted := make(map[string]bool) // whether it was found
	for sql := range unplannedStatements() {
		accounted[oneLine(sql)] = false
	}
	for _, s := range plannedStatements() {
		accounted[oneLine(s.sql)] = false
	}
	for sql, places := range programStatements(t) {
		if _, ok := accounted[oneLine(sql)]; !ok {
			t.Errorf("%s: is in neither list of this file:\n%s", strings.Join(places, ", "), sql)
		}
		accounted[oneLine(sql)] = true
	}
	for sql, found := range accounted {
		if !found {
			t.Errorf("is not in the program: %s", sql)
		}
	}
}

// A statement is found wherever it stands, and however it is put together.
func TestStatementsAreFoundInSource(t *testing.T) {
	t.Parallel()
	found := programStatements(t)
	for _, sql := range []string{newestMessages, mergeAway, prepareMerge[3], selectSongs + ` WHERE id = ANY($1)`} {
		if len(found[sql]) == 0 {
			t.Errorf("was not found: %s", sql)
		}
	}
	for _, words := range []string{"create the table that rows are collected in: %w", "with a title", "update now: %w"} {
		if sqlStart.MatchString(words) {
			t.Errorf("%q was taken for SQL", words)
		}
	}
}

func oneLine(sql string) string { return strings.Join(strings.Fields(sql), " ") }
