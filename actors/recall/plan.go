package recall

import (
	"strings"

	"recall/actors/provider/fault"
	"recall/wire"
)

// plan is the course of one recall (RECALL.md, steps 2 to 9): what comes in
// leads to what is to be done, and nothing here waits. The stretches of the way are
// in files of their own: plan_hear.go, plan_see.go, plan_recognize.go,
// plan_search.go, plan_write.go and plan_meaning.go.
type plan struct {
	job  Job
	team team
	out  []any // effects of the step under way

	clip     *Clip
	text     string // what is to be resolved
	known    Known
	keys     keyring
	intent   wire.Intent
	degraded []wire.Degraded

	ears   ears
	guess  []wire.Candidate // of the recognizers, not sure enough
	asked  []Finding        // of the sources, in their order
	merged []wire.Candidate // the last result of all, its room reused
	failed []error          // of the sources, likewise
	await  int              // sources that have not answered
	song   *Song            // whose meaning is asked
	names  reference        // as the person named it
	draft  draft
	offers offers
}

// team is who there is to ask, by name; "" is nobody.
type team struct {
	transcriber, understander, viewer, writer, lyrics string
	recognizers, sources                              []string
	decoder                                           bool
}

// What is to be done. Everything but tell and finish waits and comes back with an
// input; a fault comes in as err.
type (
	tell   struct{ event wire.Event }
	finish struct{ outcome Outcome }

	open       struct{}              // opened
	transcribe struct{ clip Clip }   // partial, at last heard
	understand struct{ text string } // understood
	decode     struct{ clip Clip }   // decoded
	recognize  struct {              // recognized
		who    int
		sample Sample
	}
	deafen struct{}            // the recognizers still under way are to stop
	view   struct{ clip Clip } // viewed
	lookUp struct {            // found
		who   int
		query Query
	}
	fetch struct{ artist, title string } // fetched
	write struct{ brief Brief }          // piece, at last wrote
)

// What comes in.
type (
	opened struct {
		clip Clip
		err  error
	}
	partial struct{ text string }
	heard   struct {
		text string
		err  error
	}
	understood struct {
		Understanding
		err error
	}
	decoded struct {
		sample Sample
		err    error
	}
	recognized struct {
		who   int
		songs []wire.Candidate // best first
		err   error
	}
	viewed struct {
		text string
		err  error
	}
	found struct {
		who     int
		finding Finding
		err     error
	}
	fetched struct {
		text string
		err  error
	}
	piece struct{ Piece }
	wrote struct {
		Draft
		err error
	}
)

func newPlan(job Job, t team) *plan {
	return &plan{job: job, team: t, text: job.Input.Query(), keys: keyring{}, degraded: []wire.Degraded{}}
}

// begin reads the message, with whoever can.
func (p *plan) begin() []any {
	p.out = nil
	switch kind := p.job.Input.Kind; {
	case kind == wire.InputVoice && p.text != "": // the app has written it down itself
		p.say(&wire.RecallTranscript{Text: p.text, Final: true})
		p.understand()
	case kind == wire.InputVoice:
		p.status(wire.StageTranscribing, "Listening to what you said")
		p.do(open{})
	case kind == wire.InputImage && len(tellingWords(p.text)) == 0: // "what song is this"
		p.status(wire.StageReadingImage, "Looking at the picture")
		p.do(open{})
	default:
		p.understand()
	}
	return p.out
}

// step takes one input and returns what is to be done, in order.
func (p *plan) step(in any) []any {
	p.out = nil
	switch in := in.(type) {
	case opened:
		p.opened(in)
	case partial:
		p.say(&wire.RecallTranscript{Text: in.text})
	case heard:
		p.heard(in)
	case understood:
		p.understood(in)
	case decoded:
		p.decoded(in)
	case recognized:
		p.recognized(in)
	case viewed:
		p.viewed(in)
	case found:
		p.found(in)
	case fetched:
		p.fetched(in)
	case piece:
		p.piece(in.Piece)
	case wrote:
		p.wrote(in)
	}
	return p.out
}

// interrupted is the outcome when there is no time left.
func (p *plan) interrupted() Outcome {
	return Failed(wire.Errorf(wire.CodeUnavailable, "the recall was stopped"), p.degraded)
}

func (p *plan) do(effect any)    { p.out = append(p.out, effect) }
func (p *plan) say(e wire.Event) { p.do(tell{e}) }

func (p *plan) status(stage wire.Stage, text string) {
	p.say(&wire.RecallStatus{Stage: stage, Text: text})
}

// miss notes that a service could not take part. The first reason stands: one
// that fails twice is named once. Who was told to stop has not failed.
func (p *plan) miss(provider string, err error) {
	f := fault.Of(err)
	if f == nil || f.Class == fault.Canceled {
		return
	}
	p.lack(provider, f.Word())
}

// notConfigured is the reason of a service that nobody has set up, where it would
// have been the one to read what the person sent.
const notConfigured = "not_configured"

func (p *plan) lack(provider, reason string) {
	for _, d := range p.degraded {
		if d.Provider == provider {
			return
		}
	}
	p.degraded = append(p.degraded, wire.Degraded{Provider: provider, Reason: reason})
}

// opened goes on with the clip, as its kind demands.
func (p *plan) opened(in opened) {
	switch {
	case in.err != nil && p.intent != "": // the words are known
		p.miss("media", in.err)
		p.search()
	case in.err != nil:
		p.miss("media", in.err)
		p.do(finish{Failed(wire.Errorf(wire.CodeUnavailable, "what you sent cannot be read right now"), p.degraded)})
	case p.job.Input.Kind == wire.InputImage:
		p.clip = &in.clip
		p.view()
	case p.intent != "": // known already: only the recognizers need it
		p.clip = &in.clip
		p.listen()
	default:
		p.clip = &in.clip
		p.hear()
	}
}

// read takes what was heard or read for the words of the message.
func (p *plan) read(text string) {
	if p.text = excerpt(strings.TrimSpace(text), wire.MaxText); p.text != "" {
		p.say(&Heard{Text: p.text})
	}
}
