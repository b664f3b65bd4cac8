package media

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"recall/wire"
)

// The variables that make a copy of the test program a child: what it does, and where.
const (
	childVariable  = "RECALL_MEDIA_CHILD"
	folderVariable = "RECALL_MEDIA_FOLDER"
)

// children are what a process of its own may do. Each says "ready" or what it measured.
var children = map[string]func(o Options) error{
	"receiving": childReceives,
	"finishing": childFinishes,
}

func runChild(name string) int {
	folder := os.Getenv(folderVariable)
	o := Options{Dir: filepath.Join(folder, "bucket"), SpoolDir: filepath.Join(folder, "spool"), Rows: newRows(), Logger: slog.Default()}
	if err := children[name](o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// startChild runs a child and returns the first line that it says. It is killed
// with the test.
func startChild(t *testing.T, name, folder string) (line string, cmd *exec.Cmd) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this very program
	cmd.Env = append(os.Environ(), childVariable+"="+name, folderVariable+"="+folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the child said nothing: %v, %v", err, cmd.Wait())
	}
	return line, cmd
}

// sayReady tells that the moment has come, and waits to be killed.
func sayReady() {
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	select {}
}

func childReceives(o Options) error {
	s, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	for range 5 {
		u, err := s.Begin(wire.NewID(), &wire.MediaOpen{Kind: wire.InputVoice})
		if err != nil {
			return err
		}
		if _, err := u.Write(make([]byte, 1<<20)); err != nil {
			return err
		}
	}
	sayReady()
	return nil
}

// childFinishes comes to the point between blob and row.
func childFinishes(o Options) error {
	o.Rows.(*rows).fail = func(context.Context, string) error { sayReady(); return nil }
	s, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	u, err := s.Begin(wire.NewID(), &wire.MediaOpen{Kind: wire.InputImage})
	if err != nil {
		return err
	}
	_, _ = u.Write([]byte("GIF89a"))
	_, err = u.Finish(context.Background(), "")
	return err
}

// A process that is killed in the middle of uploads leaves no file; between blob
// and row it leaves the blob, which the sweep of another process takes.
func TestKilledProcessLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, orphans := range map[string]int{"receiving": 0, "finishing": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			_, cmd := startChild(t, name, folder)
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // "killed"
			later := time.Now().Add(2 * time.Hour)
			s := openStore(t, Options{Dir: filepath.Join(folder, "bucket"), SpoolDir: filepath.Join(folder, "spool"),
				Now: func() time.Time { return later }})
			if left := files(t, folder); len(left) != orphans {
				t.Errorf("%v is left, want %d files", left, orphans)
			}
			if swept, err := s.Sweep(t.Context()); err != nil || swept.Orphans != orphans {
				t.Errorf("swept %+v, error %v, want %d orphans", swept, err, orphans)
			}
			wantEmpty(t, s)
		})
	}
}

// A file that was made and not yet nameless when the process was killed is cleared
// by the next start.
func TestOpenClearsTheSpool(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	spool := filepath.Join(folder, "spool")
	if err := os.Mkdir(spool, privateDir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"recall-upload-123", "somebody elses"} {
		if err := os.WriteFile(filepath.Join(spool, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	openStore(t, Options{Dir: filepath.Join(folder, "bucket"), SpoolDir: spool})
	if left := files(t, folder); len(left) != 1 || filepath.Base(left[0]) != "somebody elses" {
		t.Errorf("left: %v", left)
	}
}
