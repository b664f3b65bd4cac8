package session

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"recall/wire"
)

// shelf is a store of uploads that keeps lengths only, each at most 10 bytes.
type shelf struct {
	full    bool
	gate    chan struct{} // Begin waits for it; nil: not
	opened  []*volume
	content map[uint32]func([]byte) // what the connection attached
}

type volume struct {
	id              wire.ID
	owner           wire.ID
	size            int64
	fault           error
	ended, aborted  bool
	writesAfterward int
}

// Begin implements [Media].
func (s *shelf) Begin(owner wire.ID, _ *wire.MediaOpen) (Upload, error) {
	if s.gate != nil {
		<-s.gate
	}
	if s.full {
		return nil, wire.Errorf(wire.CodeUnavailable, "no room")
	}
	v := &volume{id: wire.NewID(), owner: owner}
	s.opened = append(s.opened, v)
	return v, nil
}

func (v *volume) ID() wire.ID { return v.id }

func (v *volume) Write(p []byte) (int, error) {
	switch v.size += int64(len(p)); {
	case v.ended:
		v.writesAfterward++
	case v.fault == nil && v.size > 10:
		v.ended, v.fault = true, wire.Errorf(wire.CodeTooLarge, "at most 10")
	case v.fault != nil:
		v.ended = true
	}
	return len(p), v.fault
}

func (v *volume) Finish(_ context.Context, sum string) (*wire.MediaStored, error) {
	v.ended = true
	if v.fault != nil {
		return nil, v.fault
	}
	return &wire.MediaStored{MediaID: v.id, Size: v.size, SHA256: sum}, nil
}

func (v *volume) Abort() { v.aborted, v.ended = !v.ended || v.aborted, true }

// open opens an upload and returns its channel.
func (w *world) open(id string) (mediaID wire.ID, channel uint32) {
	w.t.Helper()
	w.send(id, &wire.MediaOpen{Kind: wire.InputVoice})
	seen := w.see("media.opened")[0]
	if seen["id"] != id || seen["chunk_bytes"] != 65536.0 {
		w.t.Errorf("%v", seen)
	}
	mediaID, _ = wire.ParseID(fmt.Sprint(seen["media_id"]))
	number, _ := seen["channel"].(float64)
	return mediaID, uint32(number)
}

func TestUpload(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		id, channel := w.open("o")
		other, second := w.open("o2")
		if channel != 1 || second != 2 || id == other || w.shelf.opened[0].owner != alice {
			t.Errorf("channels %d and %d of %s and %s", channel, second, id, other)
		}
		w.shelf.content[1]([]byte("abc"))
		w.shelf.content[2]([]byte("d"))
		w.shelf.content[1]([]byte("ef"))
		w.send("c", &wire.MediaClose{MediaID: id, SHA256: "5"})
		if seen := w.see("media.stored")[0]; seen["size"] != 5.0 || seen["id"] != "c" || seen["sha256"] != "5" {
			t.Errorf("%v", seen)
		}
		if _, still := w.shelf.content[1]; still || len(w.shelf.content) != 1 {
			t.Error("the channel is still there")
		}
		w.send("again", &wire.MediaClose{MediaID: id})
		w.send("nobody's", &wire.MediaClose{MediaID: room})
		w.see("not_found", "not_found")
		w.stop()
		if one, two := w.shelf.opened[0], w.shelf.opened[1]; one.aborted || !two.aborted {
			t.Error("the open upload is to be aborted with its connection, the stored one is not")
		}
	})
}

// Too much is told at once and again by media.close; other faults by media.close only.
func TestUploadThatFails(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		large, _ := w.open("1")
		broken, _ := w.open("2")
		w.shelf.opened[1].fault = wire.Errorf(wire.CodeUnavailable, "the disk is full")
		for range 5 {
			w.shelf.content[1](make([]byte, 9))
			w.shelf.content[2](make([]byte, 9))
		}
		seen := w.see("too_large")[0]
		if _, has := seen["id"]; has || seen["media_id"] != large.String() {
			t.Errorf("%v", seen)
		}
		for _, v := range w.shelf.opened {
			if v.writesAfterward > 0 {
				t.Error("written to after its end")
			}
		}
		w.send("1", &wire.MediaClose{MediaID: large})
		w.see("too_large")
		w.send("2", &wire.MediaClose{MediaID: broken})
		w.see("unavailable")
		w.send("2", &wire.MediaClose{MediaID: broken})
		w.see("not_found")
		w.mu.Lock()
		w.placed["1"], w.placed["2"] = 1, 1 // their names were used several times
		w.mu.Unlock()
	})
}

func TestUploadsAtOnce(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.shelf.full = true
		for i := range 2 * wire.MaxUploads { // what was not begun takes no place
			w.send(fmt.Sprint("x", i), &wire.MediaOpen{})
			w.see("unavailable")
		}
		w.shelf.full = false
		first, _ := w.open("0")
		for i := range wire.MaxUploads - 1 {
			w.open(fmt.Sprint(i + 1))
		}
		w.send("one too many", &wire.MediaOpen{})
		if seen := w.see("busy")[0]; seen["retryable"] != true {
			t.Errorf("%v", seen)
		}
		w.send("c", &wire.MediaClose{MediaID: first})
		w.see("media.stored")
		w.draining = true
		w.send("late", &wire.MediaOpen{})
		w.see("unavailable")
		w.draining = false
		if _, channel := w.open("again"); channel != wire.MaxUploads+1 {
			t.Errorf("channel %d was used before", channel)
		}
	})
}

// An upload that is begun while the connection ends is aborted.
func TestUploadOfNobody(t *testing.T) {
	inWorld(t, upgraded, func(w *world) {
		w.see("welcome", "limits")
		w.shelf.gate = make(chan struct{})
		w.send("o", &wire.MediaOpen{})
		synctest.Wait()
		w.root.Send(w.pid, &Gone{})
		synctest.Wait()
		close(w.shelf.gate)
		w.stop()
		if len(w.shelf.opened) != 1 || !w.shelf.opened[0].aborted {
			t.Error("it was left open")
		}
	})
}

func TestMediaBeforeWelcome(t *testing.T) {
	inWorld(t, anonymous, func(w *world) {
		w.send("1", &wire.MediaOpen{Kind: wire.InputVoice})
		w.send("2", &wire.MediaClose{MediaID: room})
		w.see("unauthorized", "unauthorized")
	})
}
