package embedded

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/sys/unix"
)

// A child that is between fork and exec holds a copy of every open file. The
// duplicate plays that copy here: a released lock is free in spite of it.
func TestReleaseFreesTheLockWhateverCopiesExist(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l, err := makeLayout(t.TempDir())
	check(t, err)
	first, err := claim(ctx, l)
	check(t, err)
	dup, err := unix.FcntlInt(first.file.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	check(t, err)
	defer unix.Close(dup)
	if _, err := claim(ctx, l); !errors.Is(err, ErrInUse) {
		t.Fatalf("second claim: %v", err)
	}
	first.release()
	second, err := claim(ctx, l)
	check(t, err)
	second.release()
}
