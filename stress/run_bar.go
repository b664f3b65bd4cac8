package main

import (
	"fmt"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"recall/stress/load"
)

// bar shows on standard error how a run stands: a bar for a person, a line now and then
// for a log.
type bar struct {
	shown *progressbar.ProgressBar
	last  time.Time
	lines bool
}

// between is how often a log gets a line.
const between = 10 * time.Second

func newBar() *bar { return &bar{lines: !isatty.IsTerminal(os.Stderr.Fd())} }

// show is called each second by one goroutine.
func (b *bar) show(p load.Progress) {
	text := fmt.Sprintf("%s: %d connections, %d recalls ended, %d errors, p95 %.0f ms", p.Stage, p.Connections, p.Ended, p.Errors, p.P95)
	if b.lines {
		if time.Since(b.last) >= between {
			b.last = time.Now()
			fmt.Fprintf(os.Stderr, "%s of %s  %s\n", p.Elapsed.Round(time.Second), p.Length, text)
		}
		return
	}
	if b.shown == nil {
		b.shown = progressbar.NewOptions64(int64(p.Length.Seconds()),
			progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetPredictTime(false), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
	}
	b.shown.Describe(text)
	_ = b.shown.Set64(min(int64(p.Elapsed.Seconds()), int64(p.Length.Seconds())))
}

func (b *bar) end() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}
