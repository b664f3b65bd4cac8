package media

import (
	"context"
	"encoding/hex"
	"io"
	"os"
	"strings"
	"time"

	"recall/wire"
)

const (
	// keepWithin bounds the storing of one upload, the wait for a place included.
	// The sweep relies on it: a blob that is much older and has no row gets none.
	keepWithin = 2 * time.Minute
	// undoWithin bounds the removal of what a failure left.
	undoWithin = 10 * time.Second
)

// Finish judges the bytes by their content and stores them. sum, when not empty,
// is their SHA-256 in hex. It may be called once, and its failure ends the upload too:
//
//	bad_request        no bytes (size), fewer than declared (size), another hash (sha256)
//	unsupported_media  neither of the declared kind nor of a format that is taken
//	too_large          see Write
//	unavailable        bucket or database are away; the upload has to be made anew
//	not_found          the upload has ended before
func (u *Upload) Finish(ctx context.Context, sum string) (*wire.MediaStored, error) {
	if err := u.complete(); err != nil {
		return nil, err
	}
	defer u.store.finishing.Done()
	defer u.giveBack()
	m, err := u.judge(sum)
	if err != nil {
		return nil, err
	}
	if err := u.store.keep(ctx, m, u.file); err != nil {
		return nil, err
	}
	return &wire.MediaStored{MediaID: m.ID, Size: m.Size, SHA256: m.SHA256}, nil
}

// complete ends the writing. From then on the file is Finish's alone.
func (u *Upload) complete() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.end != nil {
		return u.end
	}
	if err := u.store.enterFinish(); err != nil {
		return err
	}
	u.end = wire.NotFound("upload")
	u.idle.Stop()
	return nil
}

// enterFinish lets Close wait, as long as it has not begun to.
func (s *Store) enterFinish() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return tryAgain("the server is ending")
	}
	s.finishing.Add(1)
	return nil
}

func (u *Upload) giveBack() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.release()
}

// judge makes the row, or says what is wrong with the bytes.
func (u *Upload) judge(sum string) (wire.Media, error) {
	m := wire.Media{ID: u.id, Owner: u.owner, Kind: u.kind, Size: u.size, SHA256: hex.EncodeToString(u.hash.Sum(nil)),
		CreatedAt: wire.At(u.store.options.Now()).Time}
	switch {
	case u.declared != nil && u.size != *u.declared:
		return m, otherSize(*u.declared)
	case u.size == 0:
		return m, wire.Errorf(wire.CodeBadRequest, "size: must be at least 1 byte")
	case sum != "" && !strings.EqualFold(sum, m.SHA256):
		return m, wire.Errorf(wire.CodeBadRequest, "sha256: the bytes that came have another: %s", m.SHA256)
	}
	f, err := sniff(u.kind, io.NewSectionReader(u.file, 0, u.size))
	m.ContentType, m.Extension = f.contentType, f.extension
	return m, err
}

// keep stores the blob, then the row, or neither.
func (s *Store) keep(ctx context.Context, m wire.Media, file *os.File) error {
	ctx, cancel := context.WithTimeout(ctx, keepWithin)
	defer cancel()
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return s.failed(ctx, m.ID, "no place to write a blob", ctx.Err())
	}
	if err := s.put(ctx, m, file); err != nil {
		s.undo(ctx, m.ID)
		return s.failed(ctx, m.ID, "a blob cannot be written", err)
	}
	if err := s.options.Rows.StoreMedia(ctx, m); err != nil {
		s.undo(ctx, m.ID)
		return err
	}
	s.known.keep(m)
	return nil
}

// undo removes what a failure may have left. The row goes first: it may have been
// written though its answer was lost, and while that cannot be told the blob stays
// with it, for the sweep.
func (s *Store) undo(ctx context.Context, id wire.ID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoWithin)
	defer cancel()
	if err := s.options.Rows.DropMedia(ctx, id); err != nil {
		return
	}
	_ = s.bucket.Delete(ctx, key(id)) // most often it is not there
}
