package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/lmittmann/tint"
	"github.com/mattn/go-isatty"

	"recall/server/config"
)

// logger writes to stderr: coloured text for a person, JSON for a program.
func (p *program) logger() *slog.Logger { return slog.New(p.logHandler(p.cfg.LogLevel)) }

// toolLogger is for commands that speak by their output: of the usual level only
// warnings are left. A level that somebody chose is kept.
func (p *program) toolLogger() *slog.Logger {
	level := p.cfg.LogLevel
	if level == slog.LevelInfo {
		level = slog.LevelWarn
	}
	return slog.New(p.logHandler(level))
}

func (p *program) logHandler(level slog.Level) slog.Handler {
	terminal := isTerminal(p.stderr)
	if p.cfg.LogFormat == config.LogJSON || p.cfg.LogFormat == config.LogAuto && !terminal {
		return slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: level})
	}
	return tint.NewTextHandler(p.stderr, &tint.Options{Level: level, NoColor: !terminal || p.env("NO_COLOR") != ""})
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
