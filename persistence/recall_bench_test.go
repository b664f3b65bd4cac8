package persistence

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"recall/persistence/embedded"
	"recall/persistence/pgtest"
	"recall/wire"
)

// BenchmarkRecall is whole recalls as they come to a busy server: 600 a second, each by
// a thread of its own, by the commit that accepts the question and, a little later, the
// one with the answer; and against the server that we ship, disk and all. What counts is
// the CPU time for each recall, of all processes of Postgres and of this one.
func BenchmarkRecall(b *testing.B) {
	server := shippedServer(b)
	db, err := Open(b.Context(), Options{URL: server.URL(), BatchWait: DefaultBatchWait})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(db.Close)
	threads := make([]*benchThread, 2000)
	for i := range threads {
		threads[i] = &benchThread{Activation: newThread(b, db, wire.NewID()), seq: 1}
	}
	steps := make([][]*wire.Commit, b.N)
	for n := range steps {
		steps[n] = threads[n%len(threads)].steps()
	}
	groups, commits := db.groups.groups.Load(), db.groups.commits.Load()
	postgres, own, logged := cpuOfFamily(b, server.Pid()), cpuOfUs(b), loggedBytes(b, db)
	b.ReportAllocs()
	b.ResetTimer()
	due := time.NewTicker(time.Second / 600)
	defer due.Stop()
	var under sync.WaitGroup
	for n := range b.N {
		<-due.C
		under.Go(func() { threads[n%len(threads)].recall(b, db, steps[n]) })
	}
	under.Wait()
	b.StopTimer()
	each := float64(b.N)
	b.ReportMetric(float64((cpuOfFamily(b, server.Pid())-postgres).Microseconds())/each, "postgres-µs/op")
	b.ReportMetric(float64((cpuOfUs(b)-own).Microseconds())/each, "own-µs/op")
	b.ReportMetric(float64(loggedBytes(b, db)-logged)/each, "wal-B/op")
	b.ReportMetric(float64(db.groups.commits.Load()-commits)/float64(db.groups.groups.Load()-groups), "commits/group")
}

// shippedServer has the settings that people get.
func shippedServer(b *testing.B) *embedded.Server {
	b.Helper()
	s := pgtest.Shipped(b)
	if err := Migrate(b.Context(), s.URL(), slog.New(slog.DiscardHandler)); err != nil {
		b.Fatal(err)
	}
	return s
}

// benchThread has one recall at a time.
type benchThread struct {
	wire.Activation
	mu  sync.Mutex
	seq int64
}

// steps are those of its next recall.
func (t *benchThread) steps() []*wire.Commit {
	ask := asking(t.Activation, t.seq)
	answer := fullAnswer(t.Activation, t.seq+1, ask.Accepted.ID)
	t.seq = answer.Seq + 1
	return []*wire.Commit{ask, answer}
}

func (t *benchThread) recall(b *testing.B, db *DB, steps []*wire.Commit) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, c := range steps {
		if err := db.Commit(b.Context(), c); err != nil {
			b.Error(err)
			return
		}
	}
}

// fullAnswer is as long as answers are: a text, five candidates, a follow-up question,
// the stash and the terminal event.
func fullAnswer(a wire.Activation, seq int64, recall wire.ID) *wire.Commit {
	c := &wire.Commit{ThreadID: a.Thread.ID, Owner: a.Owner, Fence: a.Fence, Seq: seq + 7}
	add := func(p wire.Posting) {
		p.ID, p.ThreadID, p.Seq, p.Role = wire.NewID(), a.Thread.ID, seq+int64(len(c.Postings)), wire.RoleAssistant
		p.RecallID, p.CreatedAt = recall, testTime
		c.Postings = append(c.Postings, &p)
	}
	confidence := 0.87
	add(wire.Posting{Type: wire.TypeAnswer, Text: strings.Repeat("This sounds like “a song” that you describe. ", 8), Confidence: &confidence,
		Sources: json.RawMessage(`[{"title":"Wikipedia: a song","url":"https://en.wikipedia.org/w/index.php?search=song"}]`)})
	for n := range 5 {
		title := fmt.Sprintf("Song %s %d", recall.String()[30:], n)
		add(wire.Posting{Type: wire.TypeCandidate, Confidence: &confidence, SongTitle: title, SongArtist: "A Band of Some Name",
			SongURL: "https://en.wikipedia.org/w/index.php?search=song", Candidate: &wire.Candidate{
				Key: strings.ToLower(title) + "|a band of some name", Title: title, Artist: "A Band of Some Name", Album: "The Long Player",
				Year: 1985, ISRC: "QZEMU8512345", Confidence: confidence, Reason: "The words of the question fit: synth-pop, a chance on love.",
				Background: "A song of the 1980s, synth-pop; it is about asking somebody to take a chance on love.", LyricSnippet: "take on me, take me on",
				SourceURLs: []string{"https://en.wikipedia.org/w/index.php?search=song"}, Sources: []string{"catalog", "gpt-4o"}}})
	}
	add(wire.Posting{Type: wire.TypeFollowUp, Text: "Was it a man or a woman who sang?"})
	c.Stash = &wire.StashItem{ThreadID: a.Thread.ID, TopSongTitle: "Song", TopSongArtist: "A Band", TopConfidence: &confidence, CreatedAt: testTime}
	done := &wire.RecallCompleted{Status: "match", ResponseType: "both", OverallConfidence: confidence, DurationMS: 312,
		Answer: &wire.Answer{Text: c.Postings[0].Text}, FollowUp: c.Postings[6].Text}
	for _, p := range c.Postings[1:6] {
		done.Candidates = append(done.Candidates, *p.Candidate)
	}
	c.Ended = &wire.RecallEnd{RecallID: recall, State: wire.RecallDone, EndedAt: testTime.Time, Terminal: wire.Encode("", done)}
	return c
}

// cpuOfFamily is what a process and its children have used, those that ended as well.
// It is 0 where /proc does not tell.
func cpuOfFamily(b *testing.B, pid int) (sum time.Duration) {
	b.Helper()
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil || len(text) == 0 { // it has ended
			continue
		}
		head, rest, _ := strings.Cut(string(text), " (")
		fields := strings.Fields(rest[strings.LastIndex(rest, ")")+1:])
		switch strconv.Itoa(pid) {
		case head: // with its children that are gone
			sum += ticks(fields[11], fields[12], fields[13], fields[14])
		case fields[1]:
			sum += ticks(fields[11], fields[12])
		}
	}
	return sum
}

// ticks are of 10 ms, on every Linux that there is.
func ticks(counts ...string) (sum time.Duration) {
	for _, c := range counts {
		n, _ := strconv.Atoi(c)
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum
}

func cpuOfUs(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

// loggedBytes is how much has been written to the log of changes.
func loggedBytes(b *testing.B, db *DB) (n int64) {
	b.Helper()
	if err := db.pool.QueryRow(b.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn`).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}
