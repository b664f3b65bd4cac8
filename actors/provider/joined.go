package provider

import (
	"context"
	"time"
)

// textPause is the shortest time between two pieces of text that a caller is told: 25 a
// second is as smooth as anybody reads. A model says up to a hundred tokens a second, and
// each costs all that lies behind a piece: an event, a write to each socket.
const textPause = 40 * time.Millisecond

// text is a piece that one behind it can be joined to: its Join gives both as one, or
// false. What is told next to a text waits for textPause, or for the end of the answer.
type text interface {
	Join(next any) (both any, ok bool)
}

// joined is the pieces with texts that follow one another made one.
func joined(pieces []any) []any {
	if len(pieces) < 2 {
		return pieces
	}
	out := make([]any, 0, len(pieces))
	for _, piece := range pieces {
		if n := len(out); n > 0 {
			if both, ok := join(out[n-1], piece); ok {
				out[n-1] = both
				continue
			}
		}
		out = append(out, piece)
	}
	return out
}

func join(a, b any) (both any, ok bool) {
	if t, isText := a.(text); isText {
		return t.Join(b)
	}
	return nil, false
}

// endsInText tells whether the last of the pieces is one that more may be joined to.
func endsInText(pieces []any) bool {
	if len(pieces) == 0 {
		return false
	}
	last := pieces[len(pieces)-1]
	_, ok := join(last, last)
	return ok
}

// rest waits for textPause, but not beyond the end of the answer or of ctx.
func rest(ctx context.Context, over <-chan struct{}) {
	pause := time.NewTimer(textPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-over:
	case <-ctx.Done():
	}
}
