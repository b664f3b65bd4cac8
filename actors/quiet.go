package actors

import (
	"context"
	"log/slog"
)

// quiet lets protoactor's warnings and errors through, and its tales of every
// start and stop only when we debug. Dead letters are ours to handle: a message
// to a grain that has just passivated or to a client that has just left is an
// everyday thing.
func quiet(l *slog.Logger) *slog.Logger { return slog.New(quietHandler{l.Handler()}) }

type quietHandler struct{ slog.Handler }

// Enabled implements [slog.Handler].
func (h quietHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return (level >= slog.LevelWarn || h.Handler.Enabled(ctx, slog.LevelDebug)) && h.Handler.Enabled(ctx, level)
}

// WithAttrs implements [slog.Handler].
func (h quietHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return quietHandler{h.Handler.WithAttrs(attrs)}
}

// WithGroup implements [slog.Handler].
func (h quietHandler) WithGroup(name string) slog.Handler {
	return quietHandler{h.Handler.WithGroup(name)}
}
