package thread

import (
	"context"
	"errors"
	"testing"
	"time"

	"recall/actors/recall"
	"recall/wire"
)

// What is not there, or is something else, costs nothing and leaves nothing.
func TestMediaThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	for code, prepare := range map[wire.Code]func(*rig) wire.ID{
		wire.CodeNotFound:    func(r *rig) wire.ID { return r.newID() },
		wire.CodeBadRequest:  func(r *rig) wire.ID { return r.upload(wire.InputImage) },
		wire.CodeUnavailable: func(r *rig) wire.ID { r.media.away = wire.Unavailable(); return r.upload(wire.InputVoice) },
		wire.CodeInternal:    func(r *rig) wire.ID { r.media.away = errors.New("odd"); return r.upload(wire.InputVoice) },
	} {
		r := newRig(t, Config{})
		c := r.with(wire.InputVoice, prepare(r))
		r.wantCode(r.send(ann, "1", c), code)
		r.want(len(r.stored()) == 0 && len(r.users.byRequest) == 0 && r.users.refunds == 0, "%s: it counts", code)
		r.want(!r.state.recalls.any(), "%s: something is left", code)
		if code == wire.CodeUnavailable { // which may be over the next time
			r.resolve(r.askWith(ann, c), done())
		}
		r.noSlots()
	}
}

func TestMediaIsAccepted(t *testing.T) {
	t.Parallel()
	for _, kind := range []wire.InputKind{wire.InputVoice, wire.InputImage} {
		r := newRig(t, Config{})
		c := r.with(kind, r.upload(kind))
		id := r.askWith(ann, c)
		r.wantTypes(r.events(ann), "message", "recall.started") // there are no words to name the thread by
		p := r.stored()[0]
		r.want(p.Type == wire.PostingType(kind) && p.MediaID == c.Input.MediaID && p.Text == "", "%+v", p)
		r.want(r.running[id].Recall.Input == c.Input, "%+v", r.running[id])
	}
}

// A request that is repeated while the upload is being looked for joins it.
func TestRepeatedWhileMediaIsLookedFor(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	c := r.with(wire.InputVoice, r.upload(wire.InputVoice))
	r.hold("media")
	r.send(ann, "1", c)
	r.send(ben, "2", c)
	r.want(len(r.held) == 1, "%d look for it", len(r.held))
	r.release()
	id := r.replies(ann)[0].RecallID
	r.want(!id.IsZero() && r.replies(ben)[0].RecallID == id && len(r.running) == 1, "%+v", r.replies(ben))
	r.wantTypes(r.events(ben), types(r.events(ann))...)
}

func TestLateMediaIsForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	r.hold("media")
	c := r.with(wire.InputVoice, r.upload(wire.InputVoice))
	r.send(ann, "1", c)
	late := r.held[0].(UseMedia).Recall
	r.feed(Idle{})
	r.want(!r.stopped, "a request that waits for its upload was forgotten")
	r.feed(MediaUsed{Request: c.RequestID, RecallID: r.newID()}) // of an earlier try
	r.want(len(r.running) == 0, "admitted by the word for another")
	r.feed(MediaUsed{Request: c.RequestID, RecallID: late.ID, Err: wire.Unavailable()})
	r.feed(MediaUsed{Request: c.RequestID, RecallID: late.ID})
	r.want(len(r.running) == 0 && len(r.stored()) == 0, "runs although it was refused")
	r.noSlots()
}

// The words of a voice note become the text of its message with whatever end.
func TestHeardIsStoredWithEveryEnd(t *testing.T) {
	t.Parallel()
	for end, finish := range map[string]func(*rig, wire.ID){
		"recall.completed": func(r *rig, id wire.ID) { r.resolve(id, done(song(1, 0.9))) },
		"recall.cancelled": func(r *rig, id wire.ID) { r.send(ann, "c", &wire.CancelRecall{RecallID: id}) },
		"recall.expired":   func(r *rig, _ wire.ID) { r.now = r.now.Add(time.Minute); r.due() },
		"recall.failed":    func(r *rig, id wire.ID) { r.resolve(id, recall.Failed(wire.Unavailable(), nil).Terminal) },
	} {
		for _, kind := range []wire.InputKind{wire.InputVoice, wire.InputImage} {
			r := newRig(t, Config{})
			r.subscribe(ben)
			id := r.askWith(ann, r.with(kind, r.upload(kind)))
			r.progress(id, &recall.Heard{Text: "a slow song"})
			r.progress(id, &wire.RecallIntent{Intent: wire.IntentFindSong})
			r.progress(id, offer(1, 0.9))
			r.want(len(r.stored()) == 1 && r.stored()[0].Text == "", "stored before the end")
			finish(r, id)
			p := r.stored()[0]
			r.want(p.Text == "a slow song" && p.RawTranscript == "a slow song", "%s: %+v", end, p)
			r.want(len(r.stored()) == 2 && r.stored()[1].SongTitle == "Title 1", "%s: what was found is lost", end)
			events := r.events(ben)
			r.want(events[len(events)-1].Type == end && r.terminals(ben, id) == 1, "%s: %v", end, types(events))
			updated := first(events, "message.updated")
			r.want(updated.RecallID == id && updated.posting().ID == p.ID && updated.posting().Text == "a slow song", "%s: %+v", end, updated)
			r.dense(ben)
			page := r.list(ben, wire.MessagesList{})
			r.want(page.Cached && page.Messages[0].Text == "a slow song", "%s: the cache shows %+v", end, page.Messages[0])
			r.noSlots()
		}
	}
}

func first(fs []frame, kind string) frame {
	for _, f := range fs {
		if f.Type == kind {
			return f
		}
	}
	return frame{}
}

// Title and stash are of one commit, and both stay.
func TestThreadIsNamedByWhatWasHeard(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	r.progress(id, &recall.Heard{Text: "a slow [music] song"})
	r.resolve(id, done(song(1, 0.9)))
	for range 2 { // now, and after it has woken anew
		got := r.send(ann, "g", &wire.ThreadGet{})[0].Thread
		r.want(got.Title == "a slow song" && got.Summary == "Title 1 — Somebody", "%+v", got)
		r.want(r.stashed() != nil && r.stashed().TopSongTitle == "Title 1", "%+v", r.stashed())
		r.wake()
	}
	id = r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	r.progress(id, &recall.Heard{Text: "another"})
	r.resolve(id, done())
	r.want(r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title == "a slow song", "renamed")
}

func TestMusicIsNoTitle(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	r.progress(id, &recall.Heard{Text: "[Music]"})
	r.resolve(id, done())
	r.want(r.stored()[0].RawTranscript == "[Music]" && r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title == "", "named by music")
	r.want(first(r.events(ann), "thread.updated").Type == "", "a name was told that is none")
	r.runToEnd(ann, "with words")
	r.want(r.send(ann, "g", &wire.ThreadGet{})[0].Thread.Title == "with words", "not named")
}

// After a crash the recording is heard anew, and its words reach the message that
// was stored before.
func TestHeardAfterACrash(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	r.progress(id, &recall.Heard{Text: "lost"})
	r.shelf = pagesOf{}
	r.wake()
	r.subscribe(ben)
	r.want(r.running[id].Recall.Input.Kind == wire.InputVoice && len(r.running[id].History) == 0, "%+v", r.running[id])
	r.progress(id, &recall.Heard{Text: "a slow song"})
	r.resolve(id, done())
	r.want(r.stored()[0].Text == "a slow song", "%+v", r.stored()[0])
	r.want(first(r.events(ben), "message.updated").posting().RawTranscript == "a slow song", "%v", types(r.events(ben)))
}

// The next recall of the thread reads the words that were heard.
func TestHeardIsHistory(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	next := r.ask(ann, r.newID(), "and a woman") // asked before the words were known
	r.progress(id, &recall.Heard{Text: "a slow song"})
	r.resolve(id, done())
	r.want(r.running[next].History[0].Text == "a slow song", "%+v", r.running[next].History[0])
}

func TestHeardThatCannotBeStoredIsGivenUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, Config{})
	id := r.askWith(ann, r.with(wire.InputVoice, r.upload(wire.InputVoice)))
	r.progress(id, &recall.Heard{Text: "a slow song"})
	r.mem.FailNext("Commit", errors.New("constraint"))
	r.resolve(id, done())
	r.want(r.terminals(ann, id) == 1 && !r.stopped, "no end")
	r.want(first(r.events(ann), "message.updated").Type == "", "what is not stored was told")
	r.want(r.stored()[0].Text == "", "the bare end holds words")
}

func TestGrainWithoutMediaTakesTextOnly(t *testing.T) {
	t.Parallel()
	s := newStage(t, Config{}, completes)
	c := s.client()
	c.send("r", &wire.StartRecall{RequestID: wire.NewID(), Input: wire.Input{Kind: wire.InputVoice, MediaID: wire.NewID()}})
	if f := c.until("error"); f.Code != wire.CodeUnsupportedMedia {
		t.Fatalf("%+v", f)
	}
}

func TestGrainAsksForMedia(t *testing.T) {
	t.Parallel()
	id := wire.NewID()
	s := newStageWith(t, Config{}, &uploads{kinds: map[wire.ID]wire.InputKind{id: wire.InputVoice}}, func(_ context.Context, j recall.Job, emit func(wire.Event)) recall.Outcome {
		emit(&recall.Heard{Text: "by " + j.Owner.String()})
		return recall.Outcome{Terminal: done()}
	})
	c := s.client()
	c.send("r", &wire.StartRecall{RequestID: wire.NewID(), Input: wire.Input{Kind: wire.InputVoice, MediaID: wire.NewID()}})
	if f := c.until("error"); f.Code != wire.CodeNotFound {
		t.Fatalf("%+v", f)
	}
	c.send("r", &wire.StartRecall{RequestID: wire.NewID(), Input: wire.Input{Kind: wire.InputVoice, MediaID: id}})
	if f := c.until("message.updated"); f.posting().Text != "by "+s.owner.String() {
		t.Fatalf("%+v", f)
	}
	c.until("recall.completed")
}
