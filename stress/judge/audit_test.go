package judge_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"recall/persistence/pgtest"
	"recall/stress/judge"
)

const (
	stored       = "accepted recalls are stored"
	endedAsSeen  = "accepted recalls have ended as seen"
	messagesKept = "their messages are stored"
	threadsKept  = "threads are stored"
	lostOnly     = "other ends are of lost answers"
	minuteKept   = "no minute's limit exceeded by the stored times"
	hourKept     = "no hour's limit exceeded by the stored times"
	atOnceKept   = "no more at once by the stored times"
)

// world is what both the judge and the database know before each case: a thread
// of user 1, and recall 1 in it that was completed.
func world(s scene) string {
	s.ThreadMade(user(1), thread(1))
	s.whole(1, 1, 0)
	return inserted(1, 0, 2)
}

// inserted stores a recall of user 1 with its thread and message, from begin to
// end in seconds.
func inserted(n int, from, to float64) string {
	return strings.NewReplacer(
		"$id", quote(recallID(n)), "$thread", quote(thread(1)), "$user", quote(user(1)), "$request", quote(request(n)),
		"$message", quote(message(n)), "$from", quote(at(from).Format(timeForm)), "$to", quote(at(to).Format(timeForm)),
	).Replace(`
INSERT INTO recall_threads (id, user_id) VALUES ($thread, $user) ON CONFLICT DO NOTHING;
INSERT INTO recall_messages (id, thread_id, user_id, role, message_type, text) VALUES ($message, $thread, $user, 'user', 'text', 'la');
INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, state, accepted_at, ended_at, terminal)
VALUES ($id, $thread, $user, $request, $message, '{}', 'done', $from, $to, '{"type": "recall.completed"}');`)
}

const timeForm = "2006-01-02T15:04:05.000Z07:00"

func quote(s string) string { return "'" + s + "'" }

// several are inserted recalls at equal distances.
func several(count int, apart, lasting float64) (sql string) {
	for n := range count {
		sql += inserted(10+n, 1000+float64(n)*apart, 1000+float64(n)*apart+lasting)
	}
	return sql
}

func TestAudit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		tell  func(s scene)
		sql   string
		wrong []string
	}{
		{name: "all is there"},
		{name: "the recall is gone", sql: `DELETE FROM recalls`, wrong: []string{stored}},
		{name: "another's", sql: `UPDATE recalls SET user_id = gen_random_uuid()`, wrong: []string{stored}},
		{name: "another request's", sql: `UPDATE recalls SET request_id = gen_random_uuid()`, wrong: []string{stored}},
		{name: "another message", sql: `UPDATE recalls SET message_id = gen_random_uuid()`, wrong: []string{stored}},
		{name: "still open", sql: `UPDATE recalls SET state = 'open', ended_at = NULL, terminal = NULL`, wrong: []string{endedAsSeen}},
		{name: "ended otherwise", sql: `UPDATE recalls SET state = 'failed', terminal = NULL`, wrong: []string{endedAsSeen}},
		{name: "the event is another", sql: `UPDATE recalls SET terminal = '{"type": "recall.expired"}'`, wrong: []string{endedAsSeen}},
		{name: "refining is completed too", sql: `UPDATE recalls SET state = 'refining'`},
		{name: "the message is gone", sql: `DELETE FROM recall_messages`, wrong: []string{messagesKept}},
		{name: "the thread is another's", sql: `UPDATE recall_threads SET user_id = gen_random_uuid()`, wrong: []string{threadsKept}},
		{name: "a thread is gone", tell: func(s scene) { s.ThreadMade(user(1), thread(2)) }, wrong: []string{threadsKept}},
		{
			name: "nobody saw the end",
			tell: func(s scene) { s.ask(1, 2, 1); s.accept(1, 2, 2); s.Gap(thread(1), at(3)) },
			sql:  inserted(2, 1, 2),
		},
		{
			name: "a lost one has ended",
			tell: func(s scene) { s.ask(1, 2, 1); s.Lost(user(1), request(2)); s.end(2, 3) },
			sql:  inserted(2, 1, 2),
		},
		{
			name:  "one has ended that was neither accepted nor lost",
			tell:  func(s scene) { s.ask(1, 3, 1); s.Lost(user(1), request(3)); s.end(2, 3) },
			sql:   inserted(2, 1, 2),
			wrong: []string{lostOnly},
		},
		{name: "one has ended that is not there", tell: func(s scene) { s.end(2, 3) }, wrong: []string{lostOnly}},
		{name: "ten in a minute", sql: several(20, 6, 1)},
		{name: "eleven in a minute", sql: several(11, 5.999, 1), wrong: []string{minuteKept}},
		{name: "a hundred in an hour", sql: several(110, 36, 1)},
		{name: "a hundred and one in an hour", sql: several(101, 35.999, 1), wrong: []string{hourKept}},
		{name: "five at once, one after the other", sql: several(12, 10, 50)},
		{name: "six at once", sql: several(6, 10, 50.001), wrong: []string{atOnceKept}},
		{name: "six at once, but long after", sql: several(6, 18, 300)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			url, s := pgtest.New(t), newScene(limits)
			execute(t, url, world(s)+c.sql)
			if c.tell != nil {
				c.tell(s)
			}
			checks, err := s.Audit(t.Context(), url)
			if err != nil {
				t.Fatal(err)
			}
			if got := broken(checks); !slices.Equal(got, c.wrong) {
				t.Errorf("%q are found broken, want %q: %+v", got, c.wrong, checks)
			}
		})
	}
}

// More than one query's worth: the last row of all is looked at too.
func TestAuditOfManySlices(t *testing.T) {
	t.Parallel()
	s := newScene(judge.Limits{})
	const many = 20_001
	for n := range many {
		s.ThreadMade(user(1), thread(n))
	}
	checks, err := s.Audit(t.Context(), pgtest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(checks, func(c checkOf) bool { return c.Name == threadsKept })
	if got := checks[i].Got; !strings.HasPrefix(got, "20001 of 20001 threads: thread ") {
		t.Errorf("got %q", got)
	}
}

// A database that cannot be asked is no verdict.
func TestAuditWithoutDatabase(t *testing.T) {
	t.Parallel()
	s := newScene(limits)
	if _, err := s.Audit(t.Context(), "postgres://127.0.0.1:1/none?connect_timeout=5"); err == nil {
		t.Error("no error without a server")
	}
	if _, err := s.Audit(t.Context(), pgtest.Empty(t)); err == nil || !strings.Contains(err.Error(), "no minute's limit") {
		t.Errorf("error %v without tables does not name the check", err)
	}
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}
