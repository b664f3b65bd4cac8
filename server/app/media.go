package app

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"recall/actors/recall"
	"recall/actors/session"
	"recall/actors/thread"
	"recall/persistence/media"
	"recall/server/gateway"
	"recall/wire"
)

// openMedia opens the store of uploads.
func (a *App) openMedia(ctx context.Context) (err error) {
	a.media, err = media.Open(ctx, media.Options{
		URL: a.cfg.MediaURL, Dir: filepath.Join(a.cfg.DataDir, "media"), SpoolDir: filepath.Join(a.cfg.DataDir, "spool"), Rows: a.db,
		MaxOpen: a.cfg.UploadsAtOnce, MaxOpenPerUser: a.cfg.UploadsPerUser, Idle: a.cfg.UploadIdle, KeepUnused: a.cfg.MediaKeep, Logger: a.log,
	})
	return err
}

// sweepEvery is how often uploads are looked for that nobody has asked with.
const sweepEvery = time.Hour

// sweep removes them, again and again. Only the leading process does so.
func (a *App) sweep(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		swept, err := a.media.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.Warn("sweeping uploads", slog.Any("error", err))
		} else if swept != (media.Swept{}) {
			a.log.Info("uploads swept", slog.Any("removed", swept))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// uploads is the store of media as the others see it.
type uploads struct{ *media.Store }

var (
	_ gateway.Media  = uploads{}
	_ thread.Media   = uploads{}
	_ recall.Library = uploads{}
)

// Begin implements [session.Media].
func (u uploads) Begin(owner wire.ID, c *wire.MediaOpen) (session.Upload, error) {
	up, err := u.Store.Begin(owner, c)
	if err != nil {
		return nil, err // not a nil *media.Upload in an interface
	}
	return up, nil
}

// Use implements [thread.Media].
func (u uploads) Use(ctx context.Context, owner, id wire.ID, kind wire.InputKind) error {
	_, err := u.Store.Use(ctx, owner, id, kind)
	return err
}

// Clip implements [recall.Library].
func (u uploads) Clip(ctx context.Context, owner, id wire.ID) (recall.Clip, error) {
	m, err := u.Get(ctx, owner, id)
	if err != nil {
		return recall.Clip{}, err
	}
	return recall.Clip{
		ContentType: m.ContentType, Extension: m.Extension, Size: m.Size, SHA256: m.SHA256, Owner: m.Owner,
		Open: func(ctx context.Context) (io.ReadCloser, error) { return u.Reader(ctx, m) },
	}, nil
}
