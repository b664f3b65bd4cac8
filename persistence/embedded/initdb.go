package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// clusterMajor reads which version made the cluster; 0 means there is none yet.
// A folder with other contents is an error: it is not ours to fill or to empty.
func clusterMajor(cluster string) (int, error) {
	text, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		entries, _ := os.ReadDir(cluster) // absent reads as empty
		if len(entries) > 0 {
			return 0, fmt.Errorf("embedded postgres: %s holds files but no database cluster: move it away", cluster)
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("embedded postgres: %w", err)
	}
	major := versionIn(string(text))
	if major == 0 {
		return 0, fmt.Errorf("embedded postgres: %s/PG_VERSION says %q", cluster, text)
	}
	return major, nil
}

// initCluster makes a new cluster under a temporary name and renames it when
// complete: what bears the final name was never half made. Leftovers of an
// interrupted attempt are ours, since the caller holds the ownership.
func initCluster(ctx context.Context, inst installation, l layout, acc *account, fast bool) error {
	if err := os.RemoveAll(l.unborn()); err != nil {
		return fmt.Errorf("embedded postgres: initdb: %w", err)
	}
	if err := errors.Join(os.Mkdir(l.unborn(), 0o700), acc.give(l.unborn())); err != nil {
		return fmt.Errorf("embedded postgres: initdb: %w", err)
	}
	if err := runInitdb(ctx, inst, l.unborn(), acc, fast); err != nil {
		return err
	}
	if err := os.Rename(l.unborn(), l.cluster()); err != nil {
		return fmt.Errorf("embedded postgres: initdb: %w", err)
	}
	return syncDir(l.home())
}

func runInitdb(ctx context.Context, inst installation, dir string, acc *account, fast bool) error {
	var out bytes.Buffer
	cmd := exec.CommandContext(ctx, inst.initdb(), initdbArgs(dir, fast)...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = environment(), "/", &out, &out
	cmd.WaitDelay = time.Second // a grandchild may hold the pipe after a cancel
	p, err := spawn(cmd, acc, syscall.SIGKILL)
	if err != nil {
		return err
	}
	<-p.done
	if p.err != nil {
		return fmt.Errorf("embedded postgres: initdb: %w: %s", p.err, strings.TrimSpace(out.String()))
	}
	return nil
}

// initdbArgs: bytewise order, the same on every machine and after every system
// upgrade, so that no index goes stale; but character classes of Unicode, for
// with plain C neither lower() nor pg_trgm knows a letter beyond ASCII.
// Connections are trusted because only we can enter the socket's folder.
func initdbArgs(dir string, fast bool) []string {
	args := []string{
		"-D", dir, "-U", adminRole, "-E", "UTF8", "--no-locale", "--lc-ctype=" + unicodeCType(),
		"--auth-local=trust", "--auth-host=reject",
	}
	if fast {
		args = append(args, "--no-sync")
	}
	return args
}

func unicodeCType() string {
	if runtime.GOOS == "darwin" {
		return "UTF-8"
	}
	return "C.UTF-8"
}

// syncDir makes the rename survive a power cut.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("embedded postgres: %w", err)
	}
	return errors.Join(f.Sync(), f.Close())
}
