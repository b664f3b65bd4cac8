package wire

import (
	"errors"
	"fmt"
	"time"
)

// Code says what went wrong, for a program to branch on (PROTOCOL.md, section 5).
type Code string

// The codes of `error` and `recall.failed`, and what a client does next.
const (
	CodeBadRequest       Code = "bad_request"       // mend the command; the message names the field
	CodeUnknownType      Code = "unknown_type"      // this server does not know the command
	CodeUnauthorized     Code = "unauthorized"      // sign in
	CodeTokenExpired     Code = "token_expired"     // refresh the token, then sign in
	CodeNotFound         Code = "not_found"         // no such thing, or somebody else's: never told apart
	CodeRateLimited      Code = "rate_limited"      // wait retry_after_ms; policy names the limit
	CodeBusy             Code = "busy"              // the thread's queue is full, or too many uploads are open; try again after one has ended
	CodeTooLarge         Code = "too_large"         // media over the limit
	CodeUnsupportedMedia Code = "unsupported_media" // by its content, neither a recording nor a picture that this server takes
	CodeUnavailable      Code = "unavailable"       // try again later
	CodeInternal         Code = "internal"          // a fault of ours
)

// retryable tells whether the same command may succeed later without a change.
var retryable = map[Code]bool{CodeRateLimited: true, CodeBusy: true, CodeUnavailable: true, CodeInternal: true}

// Error is the `error` reply. It is also the error value that the layers hand
// each other: foreign errors become one at the border where they arise.
type Error struct {
	Code         Code   `json:"code"`
	Message      string `json:"message"`
	Retryable    bool   `json:"retryable"`
	RetryAfterMS int64  `json:"retry_after_ms,omitempty"`
	Policy       Policy `json:"policy,omitempty"`
	// MediaID is the upload that has failed, when no command asked for it.
	MediaID ID `json:"media_id,omitzero"`
}

// MessageType implements [Message].
func (*Error) MessageType() string { return "error" }

// Error implements error.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an Error of the given code; whether it is retryable follows from the code.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Retryable: retryable[code]}
}

// RateLimited is the refusal by one policy until wait has passed (rounded up to
// a whole millisecond, at least 1, so that obeying it always suffices).
func RateLimited(policy Policy, wait time.Duration) *Error {
	e := Errorf(CodeRateLimited, "limit %s reached", policy)
	e.Policy = policy
	e.RetryAfterMS = CeilMS(wait)
	return e
}

// CeilMS is d in whole milliseconds, rounded up, at least 1.
func CeilMS(d time.Duration) int64 {
	return max(1, int64((d+time.Millisecond-1)/time.Millisecond))
}

// NotFound is the one answer for what does not exist and what is not the asker's.
func NotFound(what string) *Error { return Errorf(CodeNotFound, "no such %s", what) }

// Unavailable is the one answer for what cannot be served at the moment and may be the
// next: it asks to come again after a second.
func Unavailable() *Error {
	e := Errorf(CodeUnavailable, "this cannot be served right now")
	e.RetryAfterMS = 1000
	return e
}

// AsError turns any error into one that may be shown to a client: an *Error
// stays, everything else becomes `internal` without its text, which belongs in the log.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Errorf(CodeInternal, "something went wrong on our side")
}

// Faults of the store that its callers answer rather than show.
var (
	// ErrStale says that another activation of the thread has taken over: the
	// writer must stop, and nothing of its write was kept.
	ErrStale = errors.New("a newer activation owns this thread")
	// ErrUnsure says that the store was lost in the middle of a write: it may have
	// been kept or not. The same write can be repeated until the answer is clear.
	ErrUnsure = errors.New("the outcome of the write is not known")
	// ErrDuplicate says that the user's request_id belongs to another recall.
	ErrDuplicate = errors.New("request_id is taken")
)
