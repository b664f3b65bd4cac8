package recall

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"recall/wire"
)

// dice makes recalls of all sorts.
type dice struct{ *rand.Rand }

func (d dice) half() bool { return d.IntN(2) == 0 }

// maybe is nothing, a fault, or the answer.
func (d dice) maybe(answer any) any {
	switch d.IntN(6) {
	case 0:
		return nil
	case 1:
		return []error{errDown, errLate, errStopped, errPassword}[d.IntN(4)]
	default:
		return answer
	}
}

var spoken = []string{
	"", "[Music]", "la la la", "what is this song", "a woman sings about rain", "who wrote it", "what is this song about?", "what is Song 3 about",
	"thanks!", "yes", "no", "none of these", "what else did they make", "???", "older, and [inaudible] slower", "歌",
}

func (d dice) text() string { return spoken[d.IntN(len(spoken))] }

func (d dice) song() wire.Candidate {
	c := song(fmt.Sprint("Song ", d.IntN(8)), []float64{0.1, 0.5, 0.6, 0.65, 0.7, 0.8, 0.95, 1, 0, -1, 7, math.NaN()}[d.IntN(12)])
	c.Key = []string{c.Key, "", "odd"}[d.IntN(3)]
	c.ISRC = []string{"", "", "GBAYE690053" + c.Title[5:]}[d.IntN(3)]
	c.Sources = [][]string{nil, {"a"}, {"b"}}[d.IntN(3)]
	if d.IntN(10) == 0 {
		c.Title = " "
	}
	if d.half() {
		c.SourceURLs = nil
	}
	return c
}

func (d dice) songs() []wire.Candidate {
	all := make([]wire.Candidate, d.IntN(8))
	for i := range all {
		all[i] = d.song()
	}
	return all
}

func (d dice) question() string {
	return []string{"", "Which decade?", "Who sings?"}[d.IntN(3)]
}

func (d dice) draft() Draft {
	w := Draft{
		Type: []wire.ResponseType{"", wire.ResponseSearch, wire.ResponseAnswer, wire.ResponseBoth}[d.IntN(4)], Confidence: d.Float64()*3 - 1,
		Candidates: d.songs(), FollowUp: d.question(), AskCrowd: d.half(),
	}
	if d.half() {
		w.Answer = &wire.Answer{Text: []string{"", " ", "An answer of some words, at last."}[d.IntN(3)]}
	}
	return w
}

func (d dice) outside() outside {
	o := outside{
		heard: d.maybe(d.text()), wants: d.maybe(Understanding{Intent: []wire.Intent{
			wire.IntentConversation, wire.IntentInformation, wire.IntentFindSong, wire.IntentGenerateSong, wire.IntentHumming, wire.IntentBackground, wire.IntentUnclear,
		}[d.IntN(7)], Confidence: d.Float64()*3 - 1}),
		seconds: d.Float64() * 12, mute: d.IntN(8) == 0, seen: d.maybe(d.text()), lyrics: d.maybe(d.text()), draft: d.maybe(d.draft()),
	}
	if d.IntN(8) == 0 {
		o.clip = errDown
	}
	if d.IntN(8) == 0 {
		o.decoded = errLate
	}
	if d.IntN(8) == 0 {
		o.broken = errLate
	}
	for _, name := range []string{"shazam", "acrcloud", "audd"}[d.IntN(4):] {
		songs := d.maybe(d.songs())
		if songs == nil {
			songs = some()
		}
		o.ears = append(o.ears, ear{name, songs})
	}
	for range d.IntN(3) {
		o.sources = append(o.sources, Finding{Candidates: d.songs(), FollowUp: d.question()})
	}
	for range d.IntN(5) {
		p := Piece{Text: []string{"", "word ", "more"}[d.IntN(3)]}
		if s := d.song(); d.half() {
			p.Candidate = &s
		}
		o.told = append(o.told, p)
	}
	return o
}

func (d dice) job() Job {
	j := Job{Input: wire.Input{Kind: []wire.InputKind{wire.InputVoice, wire.InputVoice, wire.InputImage, wire.InputText}[d.IntN(4)]}}
	if j.Input.Kind == wire.InputText || d.half() {
		j.Input.Text = d.text()
	}
	for range d.IntN(7) {
		switch d.IntN(3) {
		case 0:
			j.History = append(j.History, said(d.text()))
		case 1:
			j.History = append(j.History, asked(d.question()))
		default:
			verdict := []wire.Verdict{"", wire.Confirmed, wire.Rejected}[d.IntN(3)]
			j.History = append(j.History, gave(fmt.Sprint("Song ", d.IntN(8)), d.Float64(), verdict))
		}
	}
	return j
}

// Whatever the services do, in whatever order they answer: a recall never waits
// for nobody, it ends once, and what it says is what was promised (judge).
func TestEveryCourseKeepsThePromises(t *testing.T) {
	t.Parallel()
	first := rand.Uint64()
	for seed := first; seed < first+3_000; seed++ {
		d := dice{rand.New(rand.NewPCG(seed, 1))}
		run := &seeded{T: t, seed: seed}
		o, job := d.outside(), d.job()
		run.what = func() string { return fmt.Sprintf("%+v\n%+v", o, job.Input) }
		o.play(run, job, d.IntN)
	}
}

// seeded names the seed of a run that failed.
type seeded struct {
	*testing.T
	seed uint64
	what func() string
}

func (s *seeded) Fatalf(format string, args ...any) {
	s.Helper()
	s.T.Fatalf("seed %d: %s\n%s", s.seed, strings.TrimSpace(fmt.Sprintf(format, args...)), s.what())
}
