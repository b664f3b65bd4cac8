package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"

	"recall/persistence"
)

// importBars shows an import on a terminal: one bar while the file is read, then
// one while its rows are stored. Elsewhere it shows nothing.
type importBars struct {
	out  io.Writer // nil: show nothing
	size int64     // of the file in bytes, -1 when unknown
	bar  *progressbar.ProgressBar

	storing bool // the second bar is up
}

func newImportBars(out io.Writer, size int64) *importBars {
	if !isTerminal(out) {
		return &importBars{}
	}
	return &importBars{out: out, size: size}
}

// show is called from the importing goroutine.
func (b *importBars) show(p persistence.ImportProgress) {
	switch {
	case b.out == nil:
		return
	case p.Stored > 0 && !b.storing:
		b.finish()
		b.storing = true
		b.bar = b.newBar(int64(p.Rows), "storing")
	case b.bar == nil:
		b.bar = b.newBar(b.size, "reading", progressbar.OptionShowBytes(true))
	}
	if b.storing {
		_ = b.bar.Set(p.Stored)
	} else {
		_ = b.bar.Set64(p.Bytes)
	}
}

func (b *importBars) newBar(most int64, what string, more ...progressbar.Option) *progressbar.ProgressBar {
	return progressbar.NewOptions64(most, append(more,
		progressbar.OptionSetWriter(b.out), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())...)
}

// clear makes room for a line of text; the bar comes back with the next show.
func (b *importBars) clear() {
	if b.bar != nil {
		_ = b.bar.Clear()
	}
}

// finish takes the bar away.
func (b *importBars) finish() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}
