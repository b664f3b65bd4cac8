// Package browser_test proves that the console works where people meet it: in a
// browser, against the whole program, on a real Postgres. Every test has a program
// and a database of its own, and a browser context, which is as separate as
// another person's browser; the browser's process is shared.
//
// Whatever a page complains about in its console, what its content security
// policy forbids it, and what it asks of any other host fails the test that it
// happens in (watch_test.go).
package browser_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"go.uber.org/goleak"

	"recall/persistence"
	"recall/persistence/pgtest"
)

func TestMain(m *testing.M) {
	if settings := os.Getenv(processVariable); settings != "" {
		os.Exit(serve(settings))
	}
	os.Exit(pgtest.Main(m, migrate, finish))
}

// migrate makes the template of the databases, with the starter catalogue in it.
func migrate(ctx context.Context, url string) error {
	if err := persistence.Migrate(ctx, url, slog.New(slog.DiscardHandler)); err != nil {
		return err
	}
	db, err := persistence.Open(ctx, persistence.Options{URL: url})
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.SeedSongs(ctx)
	return err
}

// finish closes the browser and looks for goroutines that are left.
func finish() error {
	if running != nil {
		running.close()
	}
	http.DefaultClient.CloseIdleConnections()
	return goleak.Find()
}

// chrome is the one process that all tests share.
type chrome struct {
	ctx   context.Context
	close func()
}

// running is the browser once it was started; finish reads it after the last test.
var running *chrome

// browser starts Chromium once. It is nil if there is none on this machine.
var browser = sync.OnceValues(func() (*chrome, error) {
	path, err := exec.LookPath("chromium")
	if err != nil {
		return nil, nil
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], // a new user data directory is among them
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), // a microphone that beeps
		chromedp.WindowSize(1280, 800))
	allocator, free := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(allocator)
	b := &chrome{ctx: ctx, close: func() {
		ending, done := context.WithTimeout(ctx, 10*time.Second)
		_ = chromedp.Cancel(ending) // asks it to quit; free does the rest if it does not
		done()
		cancel()
		free()
	}}
	if err := chromedp.Do(ctx); err != nil {
		b.close()
		return nil, fmt.Errorf("chromium at %s does not start: %w", path, err)
	}
	running = b
	return b, nil
})

// needBrowser is the browser, or skips the test where there is none. A build
// server that has none is not to be green for that.
func needBrowser(t *testing.T) *chrome {
	t.Helper()
	b, err := browser()
	check(t, err)
	if b != nil {
		return b
	}
	const reason = "no chromium on this machine; apt-get install chromium"
	if os.Getenv("CI") == "true" {
		t.Fatal(reason)
	}
	t.Skip(reason)
	return nil
}
