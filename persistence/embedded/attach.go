package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sys/unix"
)

// ErrNotRunning is in the chain of the error that Attach returns when no living
// process owns the data directory.
var ErrNotRunning = errors.New("no server is running there")

// Attach returns the connection string of the server that another process runs
// in this data directory, waiting until it answers while ctx lasts. The server
// remains that process's: it ends when its owner wants, whoever is connected.
// Call it when Start has failed with ErrInUse. The caller must be the user that
// the server runs as, or root.
func Attach(ctx context.Context, dataDir string) (url string, err error) {
	l, err := existingLayout(dataDir)
	if err != nil {
		return "", err
	}
	url = socketURL(l.socketDir, roleName, databaseName)
	knock := func() error { return answers(ctx, l, url) }
	if err := backoff.Retry(knock, backoff.WithContext(pollPolicy(0), ctx)); err != nil {
		return "", fmt.Errorf("embedded postgres: connect to the running server of %s: %w", l.dataDir, err)
	}
	return url, nil
}

// answers looks at the owner only after a failure: a server that answers has one.
func answers(ctx context.Context, l layout, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	switch {
	case err == nil:
		return conn.Close(ctx)
	case errors.Is(err, fs.ErrPermission):
		return backoff.Permanent(fmt.Errorf("%w; run this as the user that runs the server, or as root", err))
	case !isOwned(l):
		return backoff.Permanent(ErrNotRunning)
	default: // it is starting
		return err
	}
}

// isOwned asks for the lock in a way that two who ask do not see each other, and
// gives it back at once; a new owner who comes just then asks again (see lock).
func isOwned(l layout) bool {
	f, err := os.Open(l.owner())
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB), unix.EWOULDBLOCK)
}
