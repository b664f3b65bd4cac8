package media

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"recall/wire"
)

const (
	manyUploads = 200
	// fewerUploads show it as well where only 8 of them are being sent at a time.
	fewerUploads = 32
	// growth is what a process may grow by for all of them together.
	growth = 64 << 10 // KiB
)

// 200 uploads of 25 MiB at a time grow the process by less than 64 MiB: in a process
// of its own, by what the kernel says was its largest size.
func TestManyUploadsNeedLittleMemory(t *testing.T) {
	for _, name := range []string{"many", "many s3"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() || underRace {
				t.Skip("writes 10 GiB, and the race detector has a memory of its own")
			}
			line, cmd := startChild(t, name, roomyFolder(t))
			if err := cmd.Wait(); err != nil {
				t.Fatal(err)
			}
			var base, peak int
			if _, err := fmt.Sscan(line, &base, &peak); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			t.Logf("base %d KiB, largest %d KiB", base, peak)
			if peak-base > growth {
				t.Errorf("the process grew from %d by %d KiB, want at most %d", base, peak-base, growth)
			}
		})
	}
}

// roomyFolder is in memory where there is plenty, which spares the disk 10 GiB of
// writing. The kernel does not count it as the process's.
func roomyFolder(t *testing.T) string {
	t.Helper()
	const shm, plenty = "/dev/shm", 12 << 30
	var fs unix.Statfs_t
	var host unix.Sysinfo_t
	if unix.Statfs(shm, &fs) != nil || unix.Sysinfo(&host) != nil ||
		fs.Bavail*uint64(fs.Bsize) < plenty || host.Freeram*uint64(host.Unit) < plenty {
		return t.TempDir()
	}
	folder, err := os.MkdirTemp(shm, "recall-media-test-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func init() {
	children["many"], children["many s3"] = childTakesMany, childSendsMany
}

func childTakesMany(o Options) error { return measureMany(o, manyUploads) }

func childSendsMany(o Options) error {
	fake := &fakeS3{discard: true}
	server := httptest.NewServer(fake)
	defer server.Close()
	o.URL = fake.url(server)
	return measureMany(o, fewerUploads)
}

// measureMany says the size of the process before, and the largest.
func measureMany(o Options, n int) error {
	s, err := Open(context.Background(), o)
	if err != nil {
		return err
	}
	// What it takes once and for all belongs to the base.
	if err := uploadMany(s, 1, o); err != nil {
		return err
	}
	debug.FreeOSMemory()
	base := statusKiB("VmRSS")
	if err := uploadMany(s, n, o); err != nil {
		return err
	}
	fmt.Println(base, statusKiB("VmHWM"))
	return s.Close()
}

// uploadMany has all of n open until each has all its bytes; then they finish.
func uploadMany(s *Store, n int, o Options) error {
	chunk := make([]byte, 200<<10) // 128 of them are 25 MiB
	copy(chunk, samples["gif"].content)
	errs := make([]error, n)
	var all, written sync.WaitGroup
	written.Add(n)
	for i := range n {
		all.Go(func() {
			u, err := s.Begin(wire.NewID(), &wire.MediaOpen{Kind: wire.InputImage})
			for range wire.MaxMedia / len(chunk) {
				if err == nil {
					_, err = u.Write(chunk)
				}
			}
			written.Done()
			written.Wait()
			if err == nil {
				_, err = u.Finish(context.Background(), "")
			}
			if err == nil && o.URL == "" { // so that the disk need not hold all of them
				err = os.Remove(filepath.Join(o.Dir, filepath.FromSlash(key(u.ID()))))
			}
			errs[i] = err
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// statusKiB reads a size of this process from the kernel.
func statusKiB(name string) (n int) {
	text, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(text), name+":")
	_, _ = fmt.Sscan(rest, &n)
	return n
}
