package load

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"recall/stress/device"
)

// voice uploads a clip over the socket and asks with it. A connection that is cut on the
// way takes the upload with it; then it begins anew on the next one.
func (u *user) voice(ctx context.Context, a *ask, clip []byte) {
	for {
		before := u.losses()
		media, err := u.upload(ctx, clip)
		if err == nil {
			a.input = `{"kind":"voice","media_id":"` + media + `"}`
			u.send(a)
			return
		}
		cut := errors.Is(err, device.ErrClosed) && u.losses() == before // by us
		if !cut || !u.returns(ctx) {
			u.load.tally.fail("upload: %v", err)
			a.step.fail()
			u.mu.Lock()
			a.room.open--
			u.mu.Unlock()
			return
		}
		u.create(a.room) // may have been lost as well
	}
}

// losses is how many connections the user has lost that were not cut by us.
func (u *user) losses() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.lost
}

// returns waits until a user whom we have cut is there again.
func (u *user) returns(ctx context.Context) bool {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 1200 {
		u.mu.Lock()
		up := u.up
		u.mu.Unlock()
		if up {
			return true
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return false
		}
	}
	return false
}

// upload sends a whole clip and returns its media_id.
func (u *user) upload(ctx context.Context, clip []byte) (string, error) {
	var opened struct {
		MediaID string `json:"media_id"`
		Channel uint32 `json:"channel"`
		Chunk   int    `json:"chunk_bytes"`
	}
	u.mu.Lock()
	conn := u.conn
	u.mu.Unlock()
	if conn == nil {
		return "", device.ErrClosed
	}
	err := u.call(ctx, "media.open", `"kind":"voice","content_type":"audio/wav","size":`+strconv.Itoa(len(clip)), "media.opened", &opened)
	if err != nil {
		return "", err
	}
	head := binary.BigEndian.AppendUint32(nil, opened.Channel)
	for chunk := range slices.Chunk(clip, max(1, opened.Chunk)) {
		if err := conn.SendBinary(append(head[:4:4], chunk...)); err != nil {
			return "", device.ErrClosed
		}
	}
	return opened.MediaID, u.call(ctx, "media.close", `"media_id":"`+opened.MediaID+`"`, "media.stored", &opened)
}

// call sends a command, waits for its reply and reads it.
func (u *user) call(ctx context.Context, kind, fields, want string, into any) error {
	done := make(chan error, 1)
	u.fire(kind, fields, func(h *device.Head, _ time.Time) {
		switch {
		case h == nil:
			done <- device.ErrClosed
		case string(h.Type) != want:
			done <- fmt.Errorf("%s: %s %s %s", kind, h.Type, h.Code, h.Policy)
		default:
			done <- h.Into(into)
		}
	})
	select {
	case err := <-done:
		return err
	case <-time.After(slowest):
		return fmt.Errorf("%s: no reply in %s", kind, slowest)
	case <-ctx.Done():
		return ctx.Err()
	}
}
