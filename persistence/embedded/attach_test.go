package embedded

import (
	"context"
	"errors"
	"testing"

	"github.com/cenkalti/backoff/v4"
)

func TestAttachSharesTheServerOfAnotherProcess(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	owner := startOwner(t, dir)
	url, err := Attach(context.Background(), dir)
	check(t, err)
	if url != owner.url || query(t, url, `select current_user`) != roleName {
		t.Errorf("attached to %s, the owner's is %s", url, owner.url)
	}
}

// While there is an owner a silent server is one that starts: Attach keeps on.
func TestAttachWaitsOnlyWhileThereIsAnOwner(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	l, err := makeLayout(scratch(t))
	check(t, err)
	own, err := claim(ctx, l) // an owner whose server does not answer yet
	check(t, err)
	url := socketURL(l.socketDir, roleName, databaseName)
	var final *backoff.PermanentError
	if err := answers(ctx, l, url); err == nil || errors.As(err, &final) {
		t.Errorf("while it starts: %v", err)
	}
	own.release()
	if err := answers(ctx, l, url); !errors.As(err, &final) || !errors.Is(err, ErrNotRunning) {
		t.Errorf("the owner is gone: %v", err)
	}
}

func TestAttachFindsNothing(t *testing.T) {
	t.Parallel()
	dir := scratch(t)
	s := start(t, dir)
	stop(t, s)
	if _, err := Attach(context.Background(), dir); !errors.Is(err, ErrNotRunning) {
		t.Errorf("after Stop: %v", err)
	}
	if _, err := Attach(context.Background(), dir+"/none"); err == nil {
		t.Error("attached to a directory that does not exist")
	}
}
