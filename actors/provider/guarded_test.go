package provider

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"recall/actors/provider/fault"
	"recall/actors/recall"
	"recall/wire"
)

// client is every service at once, and counts how often it is called.
type client struct{ calls int }

func (*client) Name() string { return "client" }

func (c *client) Transcribe(_ context.Context, _ recall.Clip, partial func(string)) (string, error) {
	c.calls++
	partial("la")
	return "la la", nil
}

func (c *client) Understand(context.Context, string) (recall.Understanding, error) {
	c.calls++
	return recall.Understanding{Intent: wire.IntentFindSong, Confidence: 0.9}, nil
}

func (c *client) Recognize(context.Context, recall.Sample) ([]wire.Candidate, error) {
	c.calls++
	return []wire.Candidate{{Title: "Take On Me", Sources: []string{"client"}}}, nil
}

func (c *client) View(context.Context, recall.Clip) (string, error) {
	c.calls++
	return "a boat", nil
}

func (c *client) Write(_ context.Context, _ recall.Brief, tell func(recall.Piece)) (recall.Draft, error) {
	c.calls++
	tell(recall.Piece{Candidate: &wire.Candidate{Title: "Take On Me", Sources: []string{"client"}}})
	tell(recall.Piece{Text: "That"})
	return recall.Draft{
		Answer:     &wire.Answer{Text: "That", Sources: []string{"client"}},
		Candidates: []wire.Candidate{{Title: "Take On Me", Sources: []string{"client"}}},
	}, nil
}

func (c *client) Lyrics(context.Context, string, string) (string, error) {
	c.calls++
	return "words", nil
}

func TestTheWrappersKnowEqualRequests(t *testing.T) {
	world(t, Config{Answers: Answers{1 << 20, time.Hour}}, func(t *testing.T, w *testWorld) {
		ctx, s := t.Context(), w.Service
		brief := func(change func(*recall.Brief)) recall.Brief {
			b := recall.Brief{Query: recall.Query{Text: "80s", Limit: 5}, Intent: wire.IntentFindSong}
			change(&b)
			return b
		}
		write := func(change func(*recall.Brief)) func(*client) error {
			return func(c *client) error {
				_, err := Writer{s, c}.Write(ctx, brief(change), nil)
				return err
			}
		}
		lyrics := func(artist, title string) func(*client) error {
			return func(c *client) error {
				_, err := Lyrics{s, c}.Lyrics(ctx, artist, title)
				return err
			}
		}
		transcribe := func(sum string) func(*client) error {
			return func(c *client) error {
				_, err := Transcriber{s, c}.Transcribe(ctx, recall.Clip{SHA256: sum}, nil)
				return err
			}
		}
		view := func(sum string) func(*client) error {
			return func(c *client) error {
				_, err := Viewer{s, c}.View(ctx, recall.Clip{SHA256: sum})
				return err
			}
		}
		recognize := func(sum string) func(*client) error {
			return func(c *client) error {
				_, err := Recognizer{s, c}.Recognize(ctx, recall.Sample{SHA256: sum})
				return err
			}
		}
		understand := func(text string) func(*client) error {
			return func(c *client) error {
				_, err := Understander{s, c}.Understand(ctx, text)
				return err
			}
		}
		none := func(*recall.Brief) {}
		for name, test := range map[string]struct {
			first, second func(*client) error
			calls         int
		}{
			"same recording":       {transcribe("t"), transcribe("t"), 1},
			"other recording":      {transcribe("u"), transcribe("v"), 2},
			"unknown recording":    {transcribe(""), transcribe(""), 2},
			"same picture":         {view("t"), view("t"), 1},
			"other picture":        {view("u"), view("v"), 2},
			"same sample":          {recognize("t"), recognize("t"), 1},
			"other sample":         {recognize("u"), recognize("v"), 2},
			"same words":           {understand("t"), understand("t"), 1},
			"other words":          {understand("u"), understand("v"), 2},
			"same song":            {lyrics("a-ha", "Take On Me"), lyrics("A-Ha", "TAKE ON ME (Remastered)"), 1},
			"other song":           {lyrics("a-ha", "One"), lyrics("a-ha", "Two"), 2},
			"no song":              {lyrics("", ""), lyrics("", ""), 2},
			"same brief":           {write(none), write(none), 1},
			"other text":           {write(none), write(func(b *recall.Brief) { b.Query.Text = "90s" }), 2},
			"other intent":         {write(none), write(func(b *recall.Brief) { b.Intent = wire.IntentInformation }), 2},
			"other evidence":       {write(none), write(func(b *recall.Brief) { b.Found = []wire.Candidate{{Title: "x"}} }), 2},
			"meaning of one song":  {write(none), write(func(b *recall.Brief) { b.Song = &recall.Song{Title: "x"} }), 2},
			"within a talk":        same(write(func(b *recall.Brief) { b.History = []recall.Turn{{Text: "x"}} })),
			"with earlier words":   same(write(func(b *recall.Brief) { b.Query.Known.Earlier = []string{"x"} })),
			"with asked questions": same(write(func(b *recall.Brief) { b.Query.Known.Asked = []string{"x"} })),
			"with rejected songs":  same(write(func(b *recall.Brief) { b.Query.Known.Avoid = []recall.Offer{{}} })),
			"with offered songs":   same(write(func(b *recall.Brief) { b.Query.Known.Given = []recall.Offer{{}} })),
		} {
			s.kept.cache.InvalidateAll()
			c := &client{}
			want(t, test.first(c), "")
			want(t, test.second(c), "")
			if c.calls != test.calls {
				t.Errorf("%s: %d calls, want %d", name, c.calls, test.calls)
			}
		}
	})
}

// same asks twice for what is shared with nobody.
func same(ask func(*client) error) struct {
	first, second func(*client) error
	calls         int
} {
	return struct {
		first, second func(*client) error
		calls         int
	}{ask, ask, 2}
}

func TestTheWrappersPassEverythingOn(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		c, ctx := &client{}, t.Context()
		var partials []string
		text, err := Transcriber{w.Service, c}.Transcribe(ctx, recall.Clip{}, func(p string) { partials = append(partials, p) })
		if text != "la la" || err != nil || len(partials) != 1 || partials[0] != "la" {
			t.Error(text, err, partials)
		}
		if u, err := (Understander{w.Service, c}).Understand(ctx, "x"); u.Confidence != 0.9 || err != nil {
			t.Error(u, err)
		}
		if seen, err := (Viewer{w.Service, c}).View(ctx, recall.Clip{}); seen != "a boat" || err != nil {
			t.Error(seen, err)
		}
		if words, err := (Lyrics{w.Service, c}).Lyrics(ctx, "a", "b"); words != "words" || err != nil {
			t.Error(words, err)
		}
		if name := (Recognizer{w.Service, c}).Name(); name != "client" {
			t.Error(name)
		}
	})
}

func TestWhatCallersChangeIsTheirOwn(t *testing.T) {
	world(t, Config{Answers: Answers{1 << 20, time.Hour}}, func(t *testing.T, w *testWorld) {
		c := &client{}
		for range 2 {
			found, err := Recognizer{w.Service, c}.Recognize(t.Context(), recall.Sample{SHA256: "x"})
			if err != nil || found[0].Title != "Take On Me" || found[0].Sources[0] != "client" {
				t.Fatal(found, err)
			}
			found[0].Title, found[0].Sources[0] = "changed", "changed"

			var told []recall.Piece
			draft, err := Writer{w.Service, c}.Write(t.Context(), recall.Brief{}, func(p recall.Piece) { told = append(told, p) })
			if err != nil || len(told) != 2 || told[0].Candidate.Sources[0] != "client" || told[1].Text != "That" {
				t.Fatal(told, err)
			}
			if draft.Answer.Sources[0] != "client" || draft.Candidates[0].Sources[0] != "client" {
				t.Fatal(draft)
			}
			told[0].Candidate.Sources[0], draft.Answer.Sources[0], draft.Candidates[0].Sources[0] = "changed", "changed", "changed"
		}
		if c.calls != 2 {
			t.Fatalf("%d calls", c.calls)
		}
	})
}

// nobody recognizes nothing.
type nobody struct{ client }

func (*nobody) Recognize(context.Context, recall.Sample) ([]wire.Candidate, error) { return nil, nil }

func TestNoMatchIsASuccess(t *testing.T) {
	world(t, Config{}, func(t *testing.T, w *testWorld) {
		for range 4 {
			_, err := Do(t.Context(), w.Service, "", fails(fault.Timeout))
			want(t, err, "timeout")
		}
		found, err := Recognizer{w.Service, &nobody{}}.Recognize(t.Context(), recall.Sample{SHA256: "x"})
		synctest.Wait()
		if len(found) != 0 || err != nil || w.Status().Failures != 0 {
			t.Fatal(found, err, w.Status())
		}
	})
}
