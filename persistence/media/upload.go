package media

import (
	"context"

	"recall/wire"
)

// Upload is one that is under way. It ends by Finish, by Abort, when no byte came
// for Options.Idle, when a Write fails, and with the Store; then its file and its
// place are given back.
type Upload struct{}

// ID is what the media will be known by once Finish has succeeded.
func (u *Upload) ID() wire.ID { panic("soon") }

// Write appends p. Its error is a *wire.Error: too_large beyond wire.MaxMedia, bad_request
// naming size beyond the declared size, unavailable when the disk does not take
// it. Each of these ends the upload, and Finish repeats it. After any other end:
// not_found.
func (u *Upload) Write(p []byte) (int, error) { panic("soon") }

// Ended tells whether the upload takes no more bytes, however that came.
func (u *Upload) Ended() bool { panic("soon") }

// Abort ends the upload without a trace. After the end, and during Finish, it does
// nothing.
func (u *Upload) Abort() { panic("soon") }

// Finish judges the bytes by their content and stores them. sha256, when not empty,
// is their hash in hex. It may be called once, and its failure ends the upload too:
//
//	bad_request        no bytes (size), fewer than declared (size), another hash (sha256)
//	unsupported_media  neither of the declared kind nor of a format that is taken
//	too_large          see Write
//	unavailable        bucket or database are away; the upload has to be made anew
//	not_found          the upload has ended before
func (u *Upload) Finish(ctx context.Context, sha256 string) (*wire.MediaStored, error) { panic("soon") }
