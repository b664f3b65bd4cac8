package persistence

import (
	"context"

	"github.com/jackc/puddle/v2"
)

// commit hands e in and returns what became of it.
func (w *groupWriter) commit(ctx context.Context, e *entry) error {
	if err := ctx.Err(); err != nil {
		return notSent("wait for a group", err)
	}
	if !w.enter(e) {
		return translate("commit after Close", puddle.ErrClosedPool)
	}
	return w.await(ctx, e)
}

// await returns what became of e.
func (w *groupWriter) await(ctx context.Context, e *entry) error {
	defer w.users.Done()
	select {
	case <-e.told:
	case <-ctx.Done():
		if known, err := w.giveUp(ctx, e); !known {
			return err
		}
	}
	if !e.alone {
		return e.err
	}
	defer w.free(e)
	return w.writeAlone(ctx, e)
}

// writeAlone is for what a group could not write: as it may have to wait for somebody
// who holds its rows, few at a time have a connection for that.
func (w *groupWriter) writeAlone(ctx context.Context, e *entry) error {
	select {
	case w.turns <- struct{}{}:
	case <-ctx.Done():
		return notSent("wait to be written alone", ctx.Err())
	}
	defer func() { <-w.turns }()
	return w.db.commitAlone(ctx, &e.commitDoc)
}

// giveUp is for a caller whose time is up. What was not sent is taken back: it is
// not written for sure. known means that the outcome has come in the last moment.
func (w *groupWriter) giveUp(ctx context.Context, e *entry) (known bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case <-e.told:
		return true, nil
	default:
	}
	if e.size > 0 {
		e.left = true
		return false, ctx.Err()
	}
	w.withdraw(e)
	return false, notSent("wait for a group", ctx.Err())
}
