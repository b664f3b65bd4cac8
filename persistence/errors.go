package persistence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/puddle/v2"

	"recall/wire"
)

// SQLSTATEs that our own functions raise (migrations, recall_commit), and what
// recall_commit_batch says of a commit that it has not tried.
const (
	stateStale     = "RC001"
	stateNotOpen   = "RC002"
	stateNoMessage = "RC003"
	stateNoMedia   = "RC004"
	stateLocked    = "locked"
)

// stateNoLock is Postgres's own: the time to wait for a lock has passed.
const stateNoLock = "55P03"

// outage is a fault of the database that passes: to the client `unavailable`,
// to the log and to errors.Is what it was.
type outage struct {
	shown *wire.Error
	op    string
	cause error
}

// retryAfterMS is a guess: a restart of Postgres takes about as long.
const retryAfterMS = 1000

func tryAgain(message string) *wire.Error {
	e := wire.Errorf(wire.CodeUnavailable, "%s", message)
	e.RetryAfterMS = retryAfterMS
	return e
}

// Error is for the log.
func (o *outage) Error() string { return o.op + ": database unavailable: " + o.cause.Error() }

// Unwrap lets all be found: what the client may see, the cause, and of a write
// that its outcome is not known.
func (o *outage) Unwrap() []error {
	if unsure(o.op, o.cause) {
		return []error{o.shown, o.cause, wire.ErrUnsure}
	}
	return []error{o.shown, o.cause}
}

// unsent is a fault from before a statement was sent.
type unsent struct{ error }

func (u unsent) Unwrap() error { return u.error }

// notSent translates the fault of a commit that was not sent: of it there is no doubt.
func notSent(op string, err error) error { return translate(op, unsent{err}) }

// unsure tells whether a commit may have been written although its answer did not
// come or cannot be read. A connection that never was, a statement that never left,
// and a refusal by the server are clear; a server that is being shut down may have
// written before.
func unsure(op string, cause error) bool {
	var connect *pgconn.ConnectError
	var fault *pgconn.PgError
	switch {
	case op != opCommit, errors.As(cause, new(unsent)), errors.As(cause, &connect), pgconn.SafeToRetry(cause), errors.Is(cause, puddle.ErrClosedPool):
		return false
	case errors.As(cause, &fault):
		return fault.Code == "57P01" || fault.Code == "57P02"
	default:
		return true
	}
}

// translate turns a fault of pgx into one that the callers understand. It may
// be applied to its own results.
func translate(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *wire.Error
	if errors.As(err, &known) || errors.Is(err, wire.ErrStale) || errors.Is(err, wire.ErrDuplicate) || errors.Is(err, wire.ErrUnsure) {
		return err
	}
	var fault *pgconn.PgError
	if errors.As(err, &fault) {
		return translateSQL(op, fault, err)
	}
	if lost(err) {
		return &outage{tryAgain("the database cannot be reached just now"), op, err}
	}
	if unsure(op, err) {
		return fmt.Errorf("%s: %w (%w)", op, wire.ErrUnsure, err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

func translateSQL(op string, fault *pgconn.PgError, err error) error {
	switch {
	case fault.Code == stateStale, fault.ConstraintName == "recall_messages_thread_seq":
		return fmt.Errorf("%s: %w (%w)", op, wire.ErrStale, err)
	case fault.ConstraintName == "recalls_user_request":
		return fmt.Errorf("%s: %w (%w)", op, wire.ErrDuplicate, err)
	case fault.Code == stateNoMessage:
		return wire.NotFound("message")
	case fault.Code == stateNoMedia:
		return wire.NotFound("media")
	case passing(fault.Code):
		return &outage{tryAgain("the database cannot serve this just now"), op, err}
	default: // stateNotOpen among them: a caller's mistake that no client can cause
		return fmt.Errorf("%s: %w", op, err)
	}
}

// passing tells whether a SQLSTATE (Postgres manual, appendix A) is one that
// trying again later can mend.
func passing(state string) bool {
	switch state {
	case "57014", // statement timeout
		stateNoLock,      // lock timeout
		"57P01", "57P02", // shutdown, crash of another backend
		"57P03",          // starting up
		"25006",          // read-only: a standby, in mid-failover
		"25P03",          // idle in transaction for too long
		"40001", "40P01": // serialization failure, deadlock
		return true
	}
	return strings.HasPrefix(state, "08") || // connection
		strings.HasPrefix(state, "53") // out of connections, memory, disk
}

// lost tells whether no answer came: no connection, a broken one, or no time
// left to wait. A caller that gave up by itself is not meant.
func lost(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, puddle.ErrClosedPool) || pgconn.SafeToRetry(err)
}
