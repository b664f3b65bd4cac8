package media

import (
	"context"
	"hash"
	"os"
	"sync"
	"time"

	"recall/wire"
)

// Upload is one that is under way. It ends by Finish, by Abort, when no byte came
// for Options.Idle, when a Write fails, and with the Store; then its file and its
// place are given back.
type Upload struct {
	store    *Store
	id       wire.ID
	owner    wire.ID
	kind     wire.InputKind
	declared *int64 // size

	mu   sync.Mutex
	file *os.File // has no name; nil when given back
	hash hash.Hash
	size int64
	last time.Time   // when the newest byte came
	idle *time.Timer // ends an upload that stands still
	end  *wire.Error // what further calls are told; nil while bytes are taken
}

// ID is what the media will be known by once Finish has succeeded.
func (u *Upload) ID() wire.ID { return u.id }

// Write appends p. Its error is a *wire.Error: too_large beyond wire.MaxMedia, bad_request
// naming size beyond the declared size, unavailable when the disk does not take
// it. Each of these ends the upload, and Finish repeats it. After any other end:
// not_found.
func (u *Upload) Write(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.end != nil {
		return 0, u.end
	}
	if end := u.room(int64(len(p))); end != nil {
		return 0, u.stop(end)
	}
	n, err := u.file.Write(p)
	u.hash.Write(p[:n])
	u.size += int64(n)
	if err != nil {
		return n, u.stop(u.store.failed(context.Background(), u.id, "an upload cannot be spooled", err))
	}
	u.last = time.Now()
	return n, nil
}

// room tells why so many more bytes are too many.
func (u *Upload) room(more int64) *wire.Error {
	switch {
	case u.size+more > wire.MaxMedia:
		return tooLarge()
	case u.declared != nil && u.size+more > *u.declared:
		return otherSize(*u.declared)
	}
	return nil
}

func otherSize(declared int64) *wire.Error {
	return wire.Errorf(wire.CodeBadRequest, "size: %d bytes were declared, another number came", declared)
}

// Ended tells whether the upload takes no more bytes, however that came.
func (u *Upload) Ended() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.end != nil
}

// Abort ends the upload without a trace. After the end, and during Finish, it does
// nothing.
func (u *Upload) Abort() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.end == nil {
		_ = u.stop(wire.NotFound("upload"))
	}
}

// standstill is called when the timer fires. A byte may have come since it was set.
func (u *Upload) standstill() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.end != nil {
		return
	}
	if left := u.store.options.Idle - time.Since(u.last); left > 0 {
		u.idle.Reset(left)
		return
	}
	_ = u.stop(wire.NotFound("upload"))
}

// stop ends the upload before its time, under the lock.
func (u *Upload) stop(end *wire.Error) *wire.Error {
	u.end = end
	u.release()
	return end
}

// release gives file and place back, under the lock.
func (u *Upload) release() {
	u.idle.Stop()
	_ = u.file.Close() // what it held is of no interest any more
	u.file = nil
	u.store.give(u)
}
