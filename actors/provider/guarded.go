package provider

import (
	"context"

	"recall/actors/recall"
	"recall/wire"
)

// The clients behind their services. Each implements the interface of its Next, which
// makes the outside call; the key says which requests are equal.
type (
	// Transcriber shares calls for the same recording.
	Transcriber struct {
		Service *Service
		Next    recall.Transcriber
	}
	// Understander shares calls for the same words.
	Understander struct {
		Service *Service
		Next    recall.Understander
	}
	// Recognizer shares calls for samples of the same recording.
	Recognizer struct {
		Service *Service
		Next    recall.Recognizer
	}
	// Viewer shares calls for the same picture.
	Viewer struct {
		Service *Service
		Next    recall.Viewer
	}
	// Writer shares calls for equal briefs without a conversation.
	Writer struct {
		Service *Service
		Next    recall.Writer
	}
	// Lyrics shares calls for the same song, however it is spelt.
	Lyrics struct {
		Service *Service
		Next    recall.Lyrics
	}
)

var (
	_ recall.Transcriber  = Transcriber{}
	_ recall.Understander = Understander{}
	_ recall.Recognizer   = Recognizer{}
	_ recall.Viewer       = Viewer{}
	_ recall.Writer       = Writer{}
	_ recall.Lyrics       = Lyrics{}
)

// Name implements [recall.Transcriber].
func (t Transcriber) Name() string { return t.Next.Name() }

// Transcribe implements [recall.Transcriber].
func (t Transcriber) Transcribe(ctx context.Context, c recall.Clip, partial func(string)) (string, error) {
	return Stream(ctx, t.Service, c.SHA256, orNothing(partial),
		func(ctx context.Context, tell func(string)) (string, error) { return t.Next.Transcribe(ctx, c, tell) })
}

// Name implements [recall.Understander].
func (u Understander) Name() string { return u.Next.Name() }

// Understand implements [recall.Understander].
func (u Understander) Understand(ctx context.Context, text string) (recall.Understanding, error) {
	return Do(ctx, u.Service, text,
		func(ctx context.Context) (recall.Understanding, error) { return u.Next.Understand(ctx, text) })
}

// Name implements [recall.Recognizer].
func (r Recognizer) Name() string { return r.Next.Name() }

// Recognize implements [recall.Recognizer].
func (r Recognizer) Recognize(ctx context.Context, s recall.Sample) ([]wire.Candidate, error) {
	found, err := Do(ctx, r.Service, s.SHA256,
		func(ctx context.Context) ([]wire.Candidate, error) { return r.Next.Recognize(ctx, s) })
	return copiedCandidates(found), err
}

// Name implements [recall.Viewer].
func (v Viewer) Name() string { return v.Next.Name() }

// View implements [recall.Viewer].
func (v Viewer) View(ctx context.Context, c recall.Clip) (string, error) {
	return Do(ctx, v.Service, c.SHA256, func(ctx context.Context) (string, error) { return v.Next.View(ctx, c) })
}

// Name implements [recall.Writer].
func (w Writer) Name() string { return w.Next.Name() }

// Write implements [recall.Writer].
func (w Writer) Write(ctx context.Context, b recall.Brief, tell func(recall.Piece)) (recall.Draft, error) {
	tell = orNothing(tell)
	draft, err := Stream(ctx, w.Service, briefKey(b), func(p recall.Piece) { tell(copiedPiece(p)) },
		func(ctx context.Context, tell func(recall.Piece)) (recall.Draft, error) {
			return w.Next.Write(ctx, b, func(p recall.Piece) { tell(copiedPiece(p)) })
		})
	return copiedDraft(draft), err
}

// Name implements [recall.Lyrics].
func (l Lyrics) Name() string { return l.Next.Name() }

// Lyrics implements [recall.Lyrics].
func (l Lyrics) Lyrics(ctx context.Context, artist, title string) (string, error) {
	return Do(ctx, l.Service, recall.TitleKey(title, artist),
		func(ctx context.Context) (string, error) { return l.Next.Lyrics(ctx, artist, title) })
}

func orNothing[P any](tell func(P)) func(P) {
	if tell == nil {
		return func(P) {}
	}
	return tell
}
