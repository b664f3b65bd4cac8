package thread

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"recall/actors/provider/catalog"
	"recall/actors/recall"
	"recall/wire"
)

// talk is a conversation of a person with a thread, a real engine and the catalogue
// that ships with the program. The outside services say what the test wrote for
// the turn; the transcript shows what they were asked.
type talk struct {
	*rig
	script strings.Builder
	cast   cast

	mu    sync.Mutex
	asked []string // services of this turn, with what they were asked
}

// cast is what the outside services answer in one turn. A service without an answer
// fails if it is asked; an error is its fault.
type cast struct {
	hears   any                         // Whisper: string
	wants   any                         // GPT-4o-mini: wire.Intent
	sounds  map[string][]wire.Candidate // by recognizer
	sees    any                         // GPT-4o on a picture: string
	lyrics  any                         // string
	writes  any                         // GPT-4o: recall.Draft
	seconds float64                     // of the recording
}

var starter = sync.OnceValue(func() catalog.Provider {
	var songs []wire.Song
	files, _ := filepath.Glob("../../persistence/starter/*.jsonl")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		for line := range strings.Lines(string(text)) {
			s := wire.Song{ID: int64(len(songs) + 1)}
			if err := json.Unmarshal([]byte(line), &s); err != nil {
				panic(err)
			}
			s.ID = int64(len(songs) + 1)
			songs = append(songs, s)
		}
	}
	index := catalog.New()
	index.Upsert(songs...)
	return catalog.Provider{Index: index}
})

func newTalk(t tb) *talk { return &talk{rig: newRig(t, Config{})} }

func (t *talk) line(format string, args ...any) { fmt.Fprintf(&t.script, format+"\n", args...) }

func (t *talk) note(service, format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = append(t.asked, service+": "+fmt.Sprintf(format, args...))
}

// types, speaks and shows are a turn of the person.
func (t *talk) types(text string, c cast) {
	t.line("## You: %s", text)
	t.turn(wire.Input{Kind: wire.InputText, Text: text}, c)
}

func (t *talk) speaks(c cast) {
	t.line("## You send a voice note (%v s)", c.seconds)
	t.turn(wire.Input{Kind: wire.InputVoice, MediaID: t.upload(wire.InputVoice)}, c)
}

func (t *talk) shows(c cast) {
	t.line("## You send a picture")
	t.turn(wire.Input{Kind: wire.InputImage, MediaID: t.upload(wire.InputImage)}, c)
}

// rejects gives a verdict on a song that was offered.
func (t *talk) rejects(title string) {
	for _, p := range t.stored() {
		if p.SongTitle == title && p.Verdict == "" {
			t.line("## You reject “%s”\n", title)
			t.send(ann, "no", &wire.Judge{MessageID: p.ID, Verdict: wire.Rejected})
			return
		}
	}
	t.Fatalf("%s was never offered:\n%s", title, t.script.String())
}

// turn takes one recall through the thread and the engine.
func (t *talk) turn(in wire.Input, c cast) {
	t.cast, t.asked = c, nil
	before := len(t.stored())
	id := t.askWith(ann, &wire.StartRecall{RequestID: t.newID(), Input: in})
	work := t.running[id]
	job := recall.Job{RecallID: id, Owner: t.owner, Input: in, History: work.History}
	out := t.engine().Resolve(context.Background(), job, func(e wire.Event) {
		if words := eventWords(e); words != "" {
			t.line("   %s", words)
		}
		t.progress(id, e)
	})
	t.resolve(id, out.Terminal)
	t.line("   %s", endWords(out.Terminal))
	slices.Sort(t.asked)
	for _, asked := range t.asked {
		t.line("   asked %s", asked)
	}
	for _, p := range t.stored()[before:] {
		t.line("   stored %s %s: %s", p.Role, p.Type, p.Text)
	}
	t.line("")
}

func (t *talk) engine() *recall.Engine {
	return &recall.Engine{
		Logger: slog.New(slog.DiscardHandler), Sources: []recall.Source{starter()},
		Services: recall.Services{
			Library: played{t, ""}, Transcriber: played{t, "whisper"}, Understander: played{t, "gpt-4o-mini"}, Decoder: played{t, ""},
			Recognizers: []recall.Recognizer{played{t, "acrcloud"}, played{t, "shazam"}}, Viewer: played{t, "gpt-4o"}, Writer: played{t, "gpt-4o"}, Lyrics: played{t, "lyrics"},
		},
	}
}

// played plays every outside service.
type played struct {
	*talk
	name string
}

func (a played) Name() string { return a.name }

func say[A any](a played, line any, asked string, args ...any) (says A, err error) {
	a.note(a.name, asked, args...)
	switch line := line.(type) {
	case error:
		return says, line
	case A:
		return line, nil
	default:
		a.note(a.name, "UNEXPECTED")
		return says, wire.Errorf(wire.CodeInternal, "nothing to say")
	}
}

func (a played) Clip(context.Context, wire.ID, wire.ID) (recall.Clip, error) {
	return recall.Clip{Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }}, nil
}

func (a played) Decode(context.Context, recall.Clip) (recall.Sample, error) {
	return recall.Sample{PCM: make([]byte, int(2*recall.SampleRate*min(a.cast.seconds, 12)))}, nil
}

func (a played) Transcribe(context.Context, recall.Clip, func(string)) (string, error) {
	return say[string](a, a.cast.hears, "the recording")
}

func (a played) Understand(_ context.Context, text string) (recall.Understanding, error) {
	intent, err := say[wire.Intent](a, a.cast.wants, "what is wanted by %q", text)
	return recall.Understanding{Intent: intent, Confidence: 0.9}, err
}

func (a played) Recognize(_ context.Context, s recall.Sample) ([]wire.Candidate, error) {
	if a.cast.sounds == nil {
		return say[[]wire.Candidate](a, errAway, "the sound, %v s", s.Seconds())
	}
	return say[[]wire.Candidate](a, a.cast.sounds[a.name], "the sound, %v s", s.Seconds())
}

func (a played) View(context.Context, recall.Clip) (string, error) {
	return say[string](a, a.cast.sees, "the picture")
}

func (a played) Lyrics(_ context.Context, artist, title string) (string, error) {
	return say[string](a, a.cast.lyrics, "the words of %s by %s", title, artist)
}

func (a played) Write(_ context.Context, b recall.Brief, tell func(recall.Piece)) (recall.Draft, error) {
	d, err := say[recall.Draft](a, a.cast.writes, "%s", briefWords(b))
	for _, c := range d.Candidates {
		tell(recall.Piece{Candidate: &c})
	}
	if d.Answer != nil {
		tell(recall.Piece{Text: d.Answer.Text})
	}
	return d, err
}

var errAway = wire.Errorf(wire.CodeUnavailable, "away")

func briefWords(b recall.Brief) string {
	lines := []string{fmt.Sprintf("%s %q, %d messages before", b.Intent, b.Query.Text, len(b.History))}
	list := func(name string, items []string) {
		if len(items) > 0 {
			lines = append(lines, fmt.Sprintf("        %s: %s", name, strings.Join(items, " | ")))
		}
	}
	list("earlier", b.Query.Known.Earlier)
	list("asked already", b.Query.Known.Asked)
	list("avoid", offerWords(b.Query.Known.Avoid))
	list("given", offerWords(b.Query.Known.Given))
	var found []string
	for _, c := range b.Found {
		found = append(found, songWords(c))
	}
	list("evidence", found)
	if b.Song != nil {
		lines = append(lines, fmt.Sprintf("        the meaning of %s by %s, words: %q", b.Song.Title, b.Song.Artist, b.Song.Lyrics))
	}
	return strings.Join(lines, "\n")
}

func offerWords(offers []recall.Offer) (all []string) {
	for _, o := range offers {
		all = append(all, strings.TrimSpace(o.Title+" "+string(o.Verdict)))
	}
	return all
}

func songWords(c wire.Candidate) string {
	return fmt.Sprintf("%s — %s %.2f (%s)", c.Title, c.Artist, c.Confidence, strings.Join(c.Sources, "+"))
}

func eventWords(e wire.Event) string {
	switch e := e.(type) {
	case *wire.RecallStatus:
		return "… " + e.Text
	case *wire.RecallTranscript:
		return fmt.Sprintf("transcript %q", e.Text)
	case *wire.RecallIntent:
		return "intent " + string(e.Intent)
	case *wire.RecallCandidate:
		return fmt.Sprintf("#%d.%d %s", e.Rank, e.Revision, songWords(e.Candidate))
	case *wire.Answer:
		return "answer: " + e.Text
	case *wire.FollowUp:
		return "question: " + e.Text
	case *recall.Heard:
		return fmt.Sprintf("(read %q)", e.Text)
	default: // pieces of the answer say what the answer says
		return ""
	}
}

func endWords(e wire.Event) string {
	done, ok := e.(*wire.RecallCompleted)
	if !ok {
		return fmt.Sprintf("END %s", e.MessageType())
	}
	var lack []string
	for _, d := range done.Degraded {
		lack = append(lack, d.Provider+" "+d.Reason)
	}
	line := fmt.Sprintf("END %s, %s, %.2f sure, %d songs", done.Status, done.ResponseType, done.OverallConfidence, len(done.Candidates))
	if done.ShouldAskCrowd {
		line += ", ask others: " + done.CrowdPrompt
	}
	return line + cmp.Or(map[bool]string{true: ", without " + strings.Join(lack, ", ")}[len(lack) > 0], "")
}

// offersNothingTwice: what was offered, and all the more what was rejected, does not
// come again as something new.
func (t *talk) offersNothingTwice() {
	seen := map[string]bool{}
	for _, p := range t.stored() {
		if p.Type == wire.TypeCandidate && seen[p.SongTitle] {
			t.Fatalf("“%s” is offered twice", p.SongTitle)
		}
		seen[p.SongTitle] = true
	}
}

// golden plays a conversation and compares its transcript.
func golden(name string, play func(*talk)) func(*testing.T) {
	return func(t *testing.T) {
		t.Parallel()
		talk := newTalk(t)
		play(talk)
		compare(t, filepath.Join("testdata", "conversations", name+".txt"), talk.script.String())
		if strings.Contains(talk.script.String(), "UNEXPECTED") {
			t.Error("a service was asked that had nothing to do")
		}
		talk.noSlots()
		talk.offersNothingTwice()
	}
}
