package media

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"gocloud.dev/blob"

	"recall/wire"
)

// blobsAtOnce are written at a time: enough for any disk or network, few enough
// that what each of them buffers is nothing.
const blobsAtOnce = 8

// Store is a bucket and the uploads that are under way.
type Store struct {
	options Options
	bucket  *blob.Bucket
	known   known
	writing chan struct{} // a place for each blob being written

	mu        sync.Mutex
	open      map[*Upload]struct{}
	ofUser    map[wire.ID]int
	closed    bool
	finishing sync.WaitGroup
}

// Open connects to the bucket. That somebody answers there is not asked: an S3
// service that is away shows with the first upload, as unavailable.
func Open(ctx context.Context, o Options) (*Store, error) {
	o.fill()
	if err := prepareSpool(o.SpoolDir); err != nil {
		return nil, fmt.Errorf("spool of uploads: %w", err)
	}
	bucket, err := openBucket(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("bucket of media: %w", err)
	}
	return &Store{
		options: o, bucket: bucket, known: newKnown(), writing: make(chan struct{}, blobsAtOnce),
		open: make(map[*Upload]struct{}), ofUser: make(map[wire.ID]int),
	}, nil
}

// Close aborts the uploads under way and waits for those in Finish. A second Close
// does nothing.
func (s *Store) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return nil
	}
	s.closed = true
	open := make([]*Upload, 0, len(s.open))
	for u := range s.open {
		open = append(open, u)
	}
	s.mu.Unlock()
	for _, u := range open {
		u.Abort()
	}
	s.finishing.Wait()
	s.known.close()
	return s.bucket.Close()
}

// Get finds what owner uploaded; somebody else's is not_found. Shortly after the
// upload, or another Get, it asks nobody.
func (s *Store) Get(ctx context.Context, owner, id wire.ID) (wire.Media, error) {
	if m, ok := s.known.get(id); ok {
		if m.Owner != owner {
			return wire.Media{}, wire.NotFound("media")
		}
		return m, nil
	}
	m, err := s.options.Rows.Media(ctx, owner, id)
	if err == nil {
		s.known.keep(m)
	}
	return m, err
}

// Use is Get for a message that is about to refer to it, of this kind: another than
// the upload's is bad_request naming input.media_id. That it stays from now on is for
// the commit of that message to see to, which may still find it gone: not_found.
func (s *Store) Use(ctx context.Context, owner, id wire.ID, kind wire.InputKind) (wire.Media, error) {
	m, err := s.Get(ctx, owner, id)
	if err == nil && m.Kind != kind {
		return wire.Media{}, wire.Errorf(wire.CodeBadRequest, "input.media_id: is of kind %s, not %s", m.Kind, kind)
	}
	return m, err
}

// key is where the blob lies. The last byte of an id is random, so the blobs fall
// into 256 folders of about the same size, each small enough to be listed at once.
func key(id wire.ID) string { return fmt.Sprintf("%02x/%s", id[len(id)-1], id) }

// retryAfterMS is a guess at how long it takes until a place is free, or a bucket
// that is away is back.
const retryAfterMS = 1000

func tryAgain(format string, args ...any) *wire.Error {
	e := wire.Errorf(wire.CodeUnavailable, format, args...)
	e.RetryAfterMS = retryAfterMS
	return e
}

// failed logs a fault of disk or bucket and returns what a client is told.
func (s *Store) failed(ctx context.Context, id wire.ID, what string, cause error) *wire.Error {
	if !errors.Is(ctx.Err(), context.Canceled) { // else the caller gave up: nobody's fault
		s.options.Logger.ErrorContext(ctx, what, slog.String("media_id", id.String()), slog.Any("error", cause))
	}
	return tryAgain("media cannot be kept or read just now")
}
