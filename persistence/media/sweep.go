package media

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"recall/wire"
)

// Swept counts what a sweep removed.
type Swept struct {
	Unused  int // uploads that no message refers to
	Orphans int // blobs without a row
}

// orphanAge is how old a blob must be to be judged by its having no row: a
// multiple of what Finish may take between the two, clocks that differ included.
const orphanAge = time.Hour

// Sweep removes uploads that no message refers to and that were not touched for
// Options.KeepUnused, and blobs older than an hour that have no row. One process
// should do it, every hour or so; several do no harm. What it could not remove is
// left to the next sweep.
func (s *Store) Sweep(ctx context.Context) (swept Swept, err error) {
	ids, err := s.options.Rows.DropUnusedMedia(ctx, s.options.KeepUnused)
	swept.Unused = len(ids)
	for _, id := range ids {
		s.known.forget(id)
		s.remove(ctx, key(id))
	}
	for shard := 0; shard < 256 && err == nil; shard++ {
		var n int
		n, err = s.sweepShard(ctx, fmt.Sprintf("%02x/", shard))
		swept.Orphans += n
	}
	return swept, err
}

// remove tells whether the blob was there and is gone. A failure is logged, and
// met again by the next sweep, as an orphan.
func (s *Store) remove(ctx context.Context, key string) bool {
	err := s.bucket.Delete(ctx, key)
	if err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		s.options.Logger.WarnContext(ctx, "a blob cannot be removed", slog.String("key", key), slog.Any("error", err))
	}
	return err == nil
}

// knownBatch blobs are looked up in one statement.
const knownBatch = 500

// sweepShard removes the orphans below one of the 256 prefixes.
func (s *Store) sweepShard(ctx context.Context, prefix string) (removed int, err error) {
	old := make(map[string]wire.ID, knownBatch)
	for blobs := s.bucket.List(&blob.ListOptions{Prefix: prefix}); ; {
		b, err := blobs.Next(ctx)
		if errors.Is(err, io.EOF) {
			n, err := s.removeOrphans(ctx, old)
			return removed + n, err
		}
		if err != nil {
			return removed, fmt.Errorf("list blobs below %s: %w", prefix, err)
		}
		if id, ours := idOf(b.Key); ours && s.options.Now().Sub(b.ModTime) > orphanAge {
			old[b.Key] = id
		}
		if len(old) == knownBatch {
			n, err := s.removeOrphans(ctx, old)
			removed += n
			if err != nil {
				return removed, err
			}
			clear(old)
		}
	}
}

// removeOrphans removes those of the blobs that have no row.
func (s *Store) removeOrphans(ctx context.Context, blobs map[string]wire.ID) (removed int, err error) {
	if len(blobs) == 0 {
		return 0, nil
	}
	ids := make([]wire.ID, 0, len(blobs))
	for _, id := range blobs {
		ids = append(ids, id)
	}
	known, err := s.options.Rows.KnownMedia(ctx, ids)
	if err != nil {
		return 0, err
	}
	for _, id := range known {
		delete(blobs, key(id))
	}
	for key := range blobs {
		if s.remove(ctx, key) {
			removed++
		}
	}
	return removed, nil
}

// idOf reads a key that is ours: that of a blob, or of one that the local bucket
// was writing when the process was killed, which bears the blob's and an ending
// and so is never the key of a row. Whatever else lies in the bucket is left alone.
func idOf(key string) (wire.ID, bool) {
	_, name, _ := strings.Cut(key, "/")
	if before, half := strings.CutSuffix(name, ".tmp"); half {
		name, _, _ = strings.Cut(before, ".")
	}
	id, err := wire.ParseID(name)
	return id, err == nil
}
