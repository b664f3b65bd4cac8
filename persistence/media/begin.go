package media

import (
	"context"
	"crypto/sha256"
	"time"

	"recall/wire"
)

// Begin opens an upload. It fails with bad_request naming the field, with too_large,
// and with unavailable and retry_after_ms while too many are open. The caller has
// to call Finish or Abort.
func (s *Store) Begin(owner wire.ID, c *wire.MediaOpen) (*Upload, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	u := &Upload{store: s, id: wire.NewID(), owner: owner, kind: c.Kind, declared: c.Size, hash: sha256.New()}
	u.mu.Lock() // until it can be aborted
	defer u.mu.Unlock()
	if err := s.take(u); err != nil {
		return nil, err
	}
	if err := u.start(); err != nil {
		return nil, err
	}
	return u, nil
}

// start lets bytes come, under the lock.
func (u *Upload) start() (err error) {
	if u.file, err = newSpool(u.store.options.SpoolDir); err != nil {
		u.end = u.store.failed(context.Background(), u.id, "an upload cannot be spooled", err)
		u.store.give(u)
		return u.end
	}
	u.last = time.Now()
	u.idle = time.AfterFunc(u.store.options.Idle, u.standstill)
	return nil
}

// check repeats what the decoder of frames has checked, for those who make a
// MediaOpen by themselves.
func check(c *wire.MediaOpen) error {
	switch {
	case formats[c.Kind] == nil:
		return wire.Errorf(wire.CodeBadRequest, "kind: must be voice or image")
	case c.Size != nil && *c.Size < 1:
		return wire.Errorf(wire.CodeBadRequest, "size: must be at least 1 byte")
	case c.Size != nil && *c.Size > wire.MaxMedia:
		return tooLarge()
	}
	return nil
}

func tooLarge() *wire.Error {
	return wire.Errorf(wire.CodeTooLarge, "size: must be at most %d bytes", wire.MaxMedia)
}

// smallShare is what every user may have open as long as there is a place at all.
const smallShare = 8

// share is how many uploads a user may have open: less as places get scarce, so that
// a few users who are slow cannot hold them all.
func (s *Store) share() int {
	free := s.options.MaxOpen - len(s.open)
	if 2*free >= s.options.MaxOpen {
		return s.options.MaxOpenPerUser
	}
	return min(s.options.MaxOpenPerUser, max(smallShare, free/4))
}

// take gives u one of the places.
func (s *Store) take(u *Upload) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return tryAgain("the server is ending")
	case len(s.open) >= s.options.MaxOpen:
		return tryAgain("too many uploads are open")
	case s.ofUser[u.owner] >= s.share():
		return tryAgain("%d uploads of yours are open", s.ofUser[u.owner])
	}
	s.open[u] = struct{}{}
	s.ofUser[u.owner]++
	return nil
}

// give takes the place of u back.
func (s *Store) give(u *Upload) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, u)
	if s.ofUser[u.owner]--; s.ofUser[u.owner] == 0 {
		delete(s.ofUser, u.owner)
	}
}
