package media

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"gocloud.dev/blob"

	"recall/wire"
)

// Rows is the table of what is stored: the part of persistence.DB that this
// package calls. Errors are *wire.Error where a client may be told.
type Rows interface {
	// StoreMedia adds a row; CreatedAt is also when it was last touched.
	StoreMedia(ctx context.Context, m wire.Media) error
	// Media finds the owner's; else not_found.
	Media(ctx context.Context, owner, id wire.ID) (wire.Media, error)
	// UseMedia is Media that also marks the row as touched now, if it is of this kind.
	UseMedia(ctx context.Context, owner, id wire.ID, kind wire.InputKind) (wire.Media, error)
	// DropMedia removes a row, whether or not it is there.
	DropMedia(ctx context.Context, id wire.ID) error
	// DropUnusedMedia removes rows that no message refers to and that were not
	// touched for so long, and returns their ids.
	DropUnusedMedia(ctx context.Context, untouched time.Duration) ([]wire.ID, error)
	// KnownMedia are those of the ids that have a row.
	KnownMedia(ctx context.Context, ids []wire.ID) ([]wire.ID, error)
}

// Options say where media lie and how many uploads there may be. What is zero
// takes the value in brackets.
type Options struct {
	// URL is a bucket such as
	// s3://name?endpoint=https://s3.example.org&region=eu-1&use_path_style=true; keys
	// come from the environment, as for every S3 client. Empty: the directory Dir.
	URL string
	// Dir is made when it is not there. Read only where URL is empty.
	Dir string
	// SpoolDir is where uploads wait until they are complete [the system's place for
	// temporary files]. It is made when it is not there. It should be on a disk, not
	// in memory.
	SpoolDir string
	Rows     Rows

	MaxOpen        int           // uploads at a time [512]
	MaxOpenPerUser int           // of one user [256]
	Idle           time.Duration // an upload without a byte for so long is aborted [60 s]
	KeepUnused     time.Duration // what no message refers to stays for so long [24 h]
	Now            func() time.Time
	Logger         *slog.Logger
}

// Store is a bucket and the uploads that are under way.
type Store struct {
	options Options
	bucket  *blob.Bucket
	writing chan struct{} // places of blobs being written

	mu     sync.Mutex
	open   map[*Upload]struct{}
	ofUser map[wire.ID]int
	closed bool
}

// Open connects to the bucket. That somebody answers there is not asked: an S3
// service that is away shows with the first upload, as unavailable.
func Open(ctx context.Context, o Options) (*Store, error) { panic("soon") }

// Close aborts the uploads under way; one that is in Finish comes to its end.
func (s *Store) Close() error { panic("soon") }

// Begin opens an upload. It fails with bad_request naming the field, with too_large,
// and with unavailable and retry_after_ms while too many are open. The caller has
// to call Finish or Abort.
func (s *Store) Begin(owner wire.ID, c *wire.MediaOpen) (*Upload, error) { panic("soon") }

// Get finds what owner uploaded; somebody else's is not_found.
func (s *Store) Get(ctx context.Context, owner, id wire.ID) (wire.Media, error) { panic("soon") }

// Use is Get for a message that is about to refer to it: from now on it stays for
// at least Options.KeepUnused. Another kind than the upload's is bad_request naming
// input.media_id.
func (s *Store) Use(ctx context.Context, owner, id wire.ID, kind wire.InputKind) (wire.Media, error) {
	panic("soon")
}
