package media

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"time"

	"recall/wire"
)

// Rows is the table of what is stored: the part of persistence.DB that this
// package calls. Errors are *wire.Error where a client may be told.
type Rows interface {
	// StoreMedia adds a row, touched now.
	StoreMedia(ctx context.Context, m wire.Media) error
	// Media finds the owner's; else not_found.
	Media(ctx context.Context, owner, id wire.ID) (wire.Media, error)
	// DropMedia removes a row, whether or not it is there.
	DropMedia(ctx context.Context, id wire.ID) error
	// DropUnusedMedia removes rows that no message refers to and that were not
	// touched for so long, and returns their ids, also those from before an error.
	DropUnusedMedia(ctx context.Context, untouched time.Duration) ([]wire.ID, error)
	// KnownMedia are those of the ids that have a row, in any order.
	KnownMedia(ctx context.Context, ids []wire.ID) ([]wire.ID, error)
}

// Options say where media lie and how many uploads there may be. What is zero
// takes the value in brackets.
type Options struct {
	// URL is a bucket such as
	// s3://name?endpoint=https://s3.example.org&region=eu-1&use_path_style=true; keys
	// come from the environment, as for every S3 client. prefix=media/ shares a bucket
	// with others. Empty: the directory Dir.
	URL string
	// Dir is made when it is not there. Read only where URL is empty.
	Dir string
	// SpoolDir is where uploads wait until they are complete [the system's place for
	// temporary files]. It is made when it is not there. It should be on a disk, not
	// in memory.
	SpoolDir string
	Rows     Rows

	MaxOpen        int              // uploads at a time [512]
	MaxOpenPerUser int              // of one user [256]
	Idle           time.Duration    // an upload without a byte for so long is aborted [60 s]
	KeepUnused     time.Duration    // what no message refers to stays for so long [24 h]
	Now            func() time.Time // for CreatedAt and the age of blobs [time.Now]
	Logger         *slog.Logger     // [slog.Default]
}

func (o *Options) fill() {
	o.SpoolDir = cmp.Or(o.SpoolDir, os.TempDir())
	o.MaxOpen = cmp.Or(o.MaxOpen, 512)
	o.MaxOpenPerUser = cmp.Or(o.MaxOpenPerUser, 256)
	o.Idle = cmp.Or(o.Idle, time.Minute)
	o.KeepUnused = cmp.Or(o.KeepUnused, 24*time.Hour)
	if o.Now == nil {
		o.Now = time.Now
	}
	o.Logger = cmp.Or(o.Logger, slog.Default())
}
