package app

import (
	"context"
	"sync"

	"recall/actors/provider/catalog"
	"recall/persistence"
	"recall/wire"
)

// songs keeps the index of the catalogue as the database has it.
type songs struct {
	index  *catalog.Index
	loaded chan struct{} // closed when the index was filled for the first time
	once   sync.Once
}

func newSongs() *songs { return &songs{index: catalog.New(), loaded: make(chan struct{})} }

// watch follows the catalogue until ctx ends.
func (s *songs) watch(ctx context.Context, db *persistence.DB) {
	_ = db.WatchSongs(ctx, persistence.SongEvents{ // its only error is ctx's
		Reset:  s.reset,
		Upsert: s.index.Upsert,
		Remove: s.index.Remove,
	})
}

func (s *songs) reset(load func(func([]wire.Song) error) error) error {
	var all []wire.Song
	err := load(func(some []wire.Song) error {
		all = append(all, some...)
		return nil
	})
	if err != nil {
		return err
	}
	s.index.Reset(all...)
	s.once.Do(func() { close(s.loaded) })
	return nil
}

// wait returns when the index can be asked.
func (s *songs) wait(ctx context.Context) error {
	select {
	case <-s.loaded:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
