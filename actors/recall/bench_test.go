package recall

import (
	"context"
	"strings"
	"testing"

	"recall/actors/crew"
	"recall/wire"
)

// streamed is a writer that tells its songs and then its answer word by word.
type streamed struct {
	writer
	songs []wire.Candidate
	words []string
}

func (s streamed) Write(_ context.Context, _ Brief, tell func(Piece)) (Draft, error) {
	for i := range s.songs {
		tell(Piece{Candidate: &s.songs[i]})
	}
	for _, w := range s.words {
		tell(Piece{Text: w})
	}
	return says(wire.ResponseBoth, 0.8, strings.Join(s.words, ""), s.songs...), nil
}

// fiveSongs are as long as a model's are.
func fiveSongs(from string) []wire.Candidate {
	songs := make([]wire.Candidate, 0, mostCandidates)
	for i, title := range []string{"Driver's Seat", "Yellow Car (Remastered 2011)", "Rain on the Roof", "La maison où j'ai grandi", "Mr. Brightside"} {
		c := song(title, 0.8-float64(i)/10, from)
		c.Reason = "The words speak of rain on a yellow car, and a woman sings it slowly."
		c.SourceURLs = []string{"https://en.wikipedia.org/wiki/Rain"}
		songs = append(songs, c)
	}
	return songs
}

// inConversation is a thread's last messages, as a text recall finds them.
func inConversation() []*wire.Posting {
	history := []*wire.Posting{said("a slow song with a woman who sings of rain"), gave("Umbrella", 0.5, ""), gave("Set Fire to the Rain", 0.65, wire.Rejected)}
	return append(history, asked("Which decade is it from?"))
}

// BenchmarkResolve is a whole recall of typed words, with an answer of 250 tokens of
// which 130 are the text that is told.
func BenchmarkResolve(b *testing.B) {
	f := &phone{}
	e := f.engine()
	e.Tasks = crew.New(4)
	b.Cleanup(e.Tasks.Stop)
	e.Services.Writer = streamed{writer{f}, fiveSongs("gpt-4o"), strings.SplitAfter(strings.Repeat("a yellow car in the rain ", 21), " ")}
	e.Sources = []Source{finds("catalog", "Which year?", fiveSongs("catalog")...)}
	job := job("from the nineties, what is the name of that song about a yellow car", inConversation()...)
	b.ReportAllocs()
	for b.Loop() {
		out := e.Resolve(b.Context(), job, func(wire.Event) {})
		if _, ok := out.Terminal.(*wire.RecallCompleted); !ok {
			b.Fatal(out.Terminal)
		}
	}
}

// BenchmarkUnderstanding is what the rules and the conversation cost a recall.
func BenchmarkUnderstanding(b *testing.B) {
	job := job("from the nineties, what is the name of that song about a yellow car", inConversation()...)
	b.ReportAllocs()
	for b.Loop() {
		p := newPlan(job, team{writer: "gpt-4o", sources: []string{"catalog"}})
		if len(p.begin()) == 0 {
			b.Fatal("nothing is done")
		}
	}
}

// BenchmarkCandidates is what five songs of the model cost beside five of the
// catalogue, each told when it is whole.
func BenchmarkCandidates(b *testing.B) {
	job := job("a yellow car", inConversation()...)
	catalogue, model := fiveSongs("catalog"), fiveSongs("gpt-4o")
	b.ReportAllocs()
	for b.Loop() {
		p := newPlan(job, team{writer: "gpt-4o", sources: []string{"catalog"}})
		p.begin()
		p.step(found{0, Finding{Candidates: catalogue}, nil})
		for i := range model {
			p.step(piece{Piece{Candidate: &model[i]}})
		}
		p.step(wrote{Draft: says(wire.ResponseBoth, 0.8, "It is.", model...)})
	}
}
