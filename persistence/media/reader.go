package media

import (
	"context"
	"io"

	"recall/wire"
)

// Reader gives the bytes of m, from any place: it is what http.ServeContent wants
// for Range requests. Nothing is asked of the bucket before the first Read, so a
// 304 costs nothing. The bytes come for as long as ctx lasts. A Read fails with
// not_found when they are gone, with unavailable when the bucket cannot be asked.
func (s *Store) Reader(ctx context.Context, m wire.Media) (io.ReadSeekCloser, error) { panic("soon") }
