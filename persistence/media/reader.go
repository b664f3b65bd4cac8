package media

import (
	"context"
	"errors"
	"io"

	"gocloud.dev/gcerrors"

	"recall/wire"
)

// Reader gives the bytes of m, from any place: it is what http.ServeContent wants
// for Range requests. Nothing is asked of the bucket before the first Read, so a
// 304 costs nothing. The bytes come for as long as ctx lasts. A Read fails with
// not_found when they are gone, with unavailable when the bucket cannot be asked.
func (s *Store) Reader(ctx context.Context, m wire.Media) (io.ReadSeekCloser, error) {
	return &reader{ctx: ctx, store: s, media: m}, nil
}

type reader struct {
	ctx   context.Context //nolint:containedctx // io.Reader has no place for it
	store *Store
	media wire.Media
	at    int64
	body  io.ReadCloser // from at on; nil before the first Read and after a Seek
}

// Read implements io.Reader.
func (r *reader) Read(p []byte) (int, error) {
	if r.at >= r.media.Size {
		return 0, io.EOF
	}
	if r.body == nil {
		body, err := r.store.bucket.NewRangeReader(r.ctx, key(r.media.ID), r.at, -1, nil)
		if err != nil {
			return 0, r.failed(err)
		}
		r.body = body
	}
	n, err := r.body.Read(p)
	r.at += int64(n)
	switch {
	case err == nil || errors.Is(err, io.EOF) && r.at >= r.media.Size:
		return n, err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF // the blob is shorter than its row says
	}
	return n, r.failed(err)
}

func (r *reader) failed(err error) error {
	shown := r.store.failed(r.ctx, r.media.ID, "a blob cannot be read", err)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return wire.NotFound("media")
	}
	return shown
}

// Seek implements io.Seeker. It may go beyond the end, where there is nothing.
func (r *reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.media.Size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	if offset == r.at {
		return offset, nil
	}
	r.at = offset
	return offset, r.Close()
}

// Close implements io.Closer.
func (r *reader) Close() error {
	if r.body == nil {
		return nil
	}
	err := r.body.Close()
	r.body = nil
	return err
}
