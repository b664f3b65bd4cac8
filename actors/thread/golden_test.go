package thread

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"recall/wire"
)

var rewrite = flag.Bool("rewrite", false, "write the golden transcripts anew")

// The transcripts in testdata show typical threads line by line: what came in,
// and below it what the thread wanted done. They are for reading as much as for
// comparing. After a change that is meant: go test ./actors/thread -rewrite
func TestTranscripts(t *testing.T) {
	t.Parallel()
	for name, play := range map[string]func(*rig){
		"found": func(r *rig) {
			id := r.ask(ann, r.newID(), "that song with the whistle")
			r.progress(id, &wire.RecallIntent{Intent: wire.IntentFindSong, Confidence: 0.9})
			r.progress(id, offer(1, 0.8))
			r.resolve(id, done(song(1, 0.8)))
			r.send(ann, "yes", &wire.Judge{MessageID: r.stored()[1].ID, Verdict: wire.Confirmed})
			r.feed(Gone{Peer: ann})
			r.feed(Idle{})
		},
		"cancelled_while_waiting": func(r *rig) {
			first, second := r.ask(ann, r.newID(), "first"), r.ask(ben, r.newID(), "second")
			r.send(ben, "stop", &wire.CancelRecall{RecallID: second})
			r.resolve(first, &wire.RecallCompleted{Status: wire.StatusNoMatch, Candidates: []wire.Candidate{}, Degraded: []wire.Degraded{}})
		},
		"store_away": func(r *rig) {
			request := r.newID()
			r.mem.LoseAnswer(wire.ErrUnsure)
			r.ask(ann, request, "asked in an outage")
			r.ask(ann, request, "asked in an outage")
			r.release()
			id := r.ask(ann, request, "asked in an outage")
			r.mem.FailNext("Commit", errors.New("constraint"))
			r.resolve(id, done(song(1, 0.8)))
		},
		"crash": func(r *rig) {
			id := r.ask(ann, r.newID(), "lost and found")
			r.wake()
			r.resume(ann, "1", 3)
			r.now = r.now.Add(time.Minute)
			r.due()
			r.send(ann, "bye", &wire.ThreadDelete{})
			r.send(ann, "again", &wire.CancelRecall{RecallID: id})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var lines strings.Builder
			r := newRig(t, Config{})
			r.script = &lines
			play(r)
			short := strings.ReplaceAll(lines.String(), "00000000-0000-0000-0000-0000000000", "#")
			compare(t, filepath.Join("testdata", name+".txt"), short)
		})
	}
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (see -rewrite); got:\n%s", path, got)
	}
}

// inputLine and effectLine show what a reader needs, not every field.
func inputLine(in any) string {
	switch in := in.(type) {
	case Request:
		return fmt.Sprintf("> %s: %s", in.From.ID, strings.TrimPrefix(fmt.Sprintf("%T", in.Command), "*wire."))
	case Progress:
		return "> progress " + in.Event.MessageType()
	case Resolved:
		return "> resolved " + in.Outcome.Terminal.MessageType()
	case Committed:
		return fmt.Sprint("> committed ", orOK(in.Err))
	case Activated:
		return fmt.Sprintf("> activated epoch %s seq %d open %d", in.Activation.Thread.Epoch, in.Activation.Thread.Seq, len(in.Activation.Open))
	case Loaded:
		return fmt.Sprintf("> loaded %d messages", len(in.Page.Postings))
	default:
		return "> " + strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", in), "thread."))
	}
}

func orOK(err error) string {
	if err == nil {
		return "ok"
	}
	return err.Error()
}

func effectLine(e Effect) string {
	switch e := e.(type) {
	case Deliver:
		return fmt.Sprintf("  to %s %s", e.To.ID, e.Frame.Bytes)
	case Broadcast:
		return fmt.Sprintf("  to all %s", e.Frame.Bytes)
	case Commit:
		c := e.Commit
		return fmt.Sprintf("  commit seq %d: %d messages, accepted %v, ended %v, must %v", c.Seq, len(c.Postings), c.Accepted != nil, c.Ended != nil, e.Must)
	case Resolve:
		return fmt.Sprintf("  resolve %q with %d messages before it", e.Recall.Input.Query(), len(e.History))
	case Release:
		return fmt.Sprintf("  release, refund %v", e.Refund)
	case Timer:
		return "  timer " + e.At.Format(time.TimeOnly)
	default:
		return "  " + strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%T", e), "thread."))
	}
}
