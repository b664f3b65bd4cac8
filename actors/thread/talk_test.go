package thread

import (
	"context"
	"fmt"
	"slices"

	"recall/wire"
)

// The peers of the tests.
var (
	ann = Peer{ID: "ann"}
	ben = Peer{ID: "ben"}
	eve = Peer{ID: "eve"}
)

// send gives a command of the owner from a peer and returns the frames that the
// peer got for it.
func (r *rig) send(from Peer, id string, c wire.Command) []frame {
	return r.sendAs(r.owner, from, id, c)
}

func (r *rig) sendAs(user wire.ID, from Peer, id string, c wire.Command) []frame {
	before := len(r.frames[from])
	r.feed(Request{From: from, ID: id, User: user, Command: c})
	return r.frames[from][before:]
}

// ask starts a recall and returns its id, zero when it was not accepted (yet).
func (r *rig) ask(from Peer, request wire.ID, text string) wire.ID {
	r.Helper()
	for _, f := range r.send(from, "ask", question(request, text)) {
		if f.Type == "recall.accepted" {
			return f.RecallID
		}
	}
	return wire.ID{}
}

func question(request wire.ID, text string) *wire.StartRecall {
	return &wire.StartRecall{RequestID: request, Input: wire.Input{Kind: wire.InputText, Text: text}}
}

func (r *rig) subscribe(p Peer) frame {
	return r.send(p, "sub", &wire.ThreadSubscribe{ThreadID: r.id})[0]
}

// resume subscribes behind a number and returns the reply and what was missed.
func (r *rig) resume(p Peer, epoch string, after int64) (frame, []frame) {
	fs := r.send(p, "resume", &wire.ThreadSubscribe{ThreadID: r.id, Epoch: epoch, AfterSeq: &after})
	return fs[0], fs[1:]
}

func (r *rig) list(p Peer, c wire.MessagesList) frame { return r.send(p, "list", &c)[0] }

// events are the thread events that a peer got.
func (r *rig) events(p Peer) []frame {
	return slices.DeleteFunc(slices.Clone(r.frames[p]), func(f frame) bool { return !f.isEvent() })
}

// replies are the other frames.
func (r *rig) replies(p Peer) []frame {
	return slices.DeleteFunc(slices.Clone(r.frames[p]), frame.isEvent)
}

func types(fs []frame) []string {
	out := make([]string, len(fs))
	for i, f := range fs {
		out[i] = f.Type
	}
	return out
}

// wantTypes compares the types of frames.
func (r *rig) wantTypes(fs []frame, want ...string) {
	r.Helper()
	if got := types(fs); !slices.Equal(got, want) {
		r.Fatalf("got %v, want %v", got, want)
	}
}

// wantCode expects one frame that is an error of that code.
func (r *rig) wantCode(fs []frame, code wire.Code) {
	r.Helper()
	if len(fs) != 1 || fs[0].Type != "error" || fs[0].Code != code {
		r.Fatalf("got %+v, want the error %s", fs, code)
	}
}

func (r *rig) want(ok bool, format string, args ...any) {
	r.Helper()
	if !ok {
		r.Fatalf(format, args...)
	}
}

// dense checks promise 4 of the log: numbers rise by exactly 1 within an epoch.
func (r *rig) dense(p Peer) {
	r.Helper()
	events := r.events(p)
	for i := 1; i < len(events); i++ {
		if events[i].Epoch == events[i-1].Epoch && events[i].Seq != events[i-1].Seq+1 {
			r.Fatalf("%s: event %d follows %d", p.ID, events[i].Seq, events[i-1].Seq)
		}
	}
}

// terminals counts the terminal events of a recall that a peer got.
func (r *rig) terminals(p Peer, recallID wire.ID) (n int) {
	for _, f := range r.events(p) {
		if f.isTerminal() && f.RecallID == recallID {
			n++
		}
	}
	return n
}

// stored is the whole thread as the store has it.
func (r *rig) stored() []*wire.Posting {
	p, err := r.mem.Page(context.Background(), wire.PageQuery{ThreadID: r.id, Limit: 10_000})
	if err != nil {
		r.Fatalf("page: %v", err)
	}
	return p.Postings
}

// stashed is the song that the store keeps of the thread, nil when there is none.
func (r *rig) stashed() *wire.StashItem {
	s, err := r.mem.Stash(context.Background(), r.owner, wire.StashList{})
	if err != nil {
		r.Fatalf("stash: %v", err)
	}
	for _, item := range s.Items {
		if item.ThreadID == r.id {
			return &item
		}
	}
	return nil
}

// noSlots checks that every admitted recall has given its slot back.
func (r *rig) noSlots() {
	r.Helper()
	if len(r.users.slots) > 0 {
		r.Fatalf("%d slots are still taken", len(r.users.slots))
	}
}

// runToEnd asks and completes a recall.
func (r *rig) runToEnd(p Peer, text string, found ...wire.Candidate) wire.ID {
	id := r.ask(p, r.newID(), text)
	r.resolve(id, done(found...))
	return id
}

func done(found ...wire.Candidate) *wire.RecallCompleted {
	return &wire.RecallCompleted{Status: wire.StatusDone, Candidates: found, Degraded: []wire.Degraded{}}
}

func song(n int, confidence float64) wire.Candidate {
	return wire.Candidate{
		Key: fmt.Sprint("song-", n), Title: fmt.Sprint("Title ", n), Artist: "Somebody", Confidence: confidence,
		SourceURLs: []string{fmt.Sprint("https://songs.example/", n)}, Sources: []string{"catalog"},
	}
}

func offer(n int, confidence float64) *wire.RecallCandidate {
	return &wire.RecallCandidate{Candidate: song(n, confidence), Rank: n, Revision: 1}
}

func ptr[T any](v T) *T { return &v }
