package recall

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"recall/actors/crew"
	"recall/wire"
)

// Engine resolves recalls with the services and sources it is given. What is to be
// done when, is the plan's (plan.go); the engine carries it out.
type Engine struct {
	Services Services
	Sources  []Source
	Logger   *slog.Logger // of faults and crashes; nil: slog's default
	Tasks    *crew.Crew   // makes the calls; nil: a goroutine of its own for each
}

// Services are the outside services that there are; see their types. Nil is absent.
type Services struct {
	Library      Library
	Transcriber  Transcriber
	Understander Understander
	Decoder      Decoder
	Recognizers  []Recognizer
	Viewer       Viewer
	Writer       Writer
	Lyrics       Lyrics
}

const (
	// localTime bounds what is done without an outside service: opening a clip,
	// decoding it, searching the catalogue. The services have their own bounds.
	localTime = 10 * time.Second
	// reserve is what is kept of the budget to tell what was found until then.
	reserve = time.Second
)

// Resolve does the work of one recall. It returns soon after ctx ends, or when the
// recall has its outcome; nothing of it runs on after that.
func (e *Engine) Resolve(ctx context.Context, job Job, emit func(wire.Event)) Outcome {
	w := &work{engine: e, job: job, inputs: make(chan any), over: make(chan struct{}), outside: newStopwatch(time.Now)}
	var cancel context.CancelFunc
	w.calls, cancel = callContext(ctx)
	defer w.all.Wait()
	defer cancel()
	defer close(w.over)
	p := newPlan(job, e.team())
	for effects := p.begin(); ; {
		for _, effect := range effects {
			switch effect := effect.(type) {
			case tell:
				emit(effect.event)
			case finish:
				return w.measured(effect.outcome)
			default:
				w.start(effect)
			}
		}
		select {
		case in := <-w.inputs:
			effects = p.step(in)
		case <-ctx.Done():
		}
		if ctx.Err() != nil { // also when a last input came at the same moment
			return w.measured(p.interrupted())
		}
	}
}

// callContext ends a little before the budget does, so that a recall whose
// services are too slow is concluded with what is there.
func callContext(ctx context.Context) (context.Context, context.CancelFunc) {
	end, bounded := ctx.Deadline()
	if !bounded || time.Until(end) < 2*reserve {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(ctx, end.Add(-reserve))
}

// team is who there is to ask.
func (e *Engine) team() team {
	s := e.Services
	t := team{decoder: s.Decoder != nil}
	if s.Transcriber != nil {
		t.transcriber = s.Transcriber.Name()
	}
	if s.Understander != nil {
		t.understander = s.Understander.Name()
	}
	if s.Viewer != nil {
		t.viewer = s.Viewer.Name()
	}
	if s.Writer != nil {
		t.writer = s.Writer.Name()
	}
	if s.Lyrics != nil {
		t.lyrics = s.Lyrics.Name()
	}
	for _, r := range s.Recognizers {
		t.recognizers = append(t.recognizers, r.Name())
	}
	for _, source := range e.Sources {
		t.sources = append(t.sources, source.Name())
	}
	return t
}

// work is the carrying out of one plan.
type work struct {
	engine  *Engine
	job     Job
	calls   context.Context // of every call
	inputs  chan any        // to the plan
	over    chan struct{}   // closed when nobody reads inputs any more
	all     sync.WaitGroup
	outside *stopwatch

	ears   context.Context // of the recognizers, which can be told to stop
	deafen context.CancelFunc
}

func (w *work) measured(o Outcome) Outcome {
	o.Outside = w.outside.total()
	return o
}

// start carries out an effect that waits, beside the plan.
func (w *work) start(effect any) {
	switch effect := effect.(type) {
	case recognize:
		if w.ears == nil {
			w.ears, w.deafen = context.WithCancel(w.calls)
		}
		w.run(func() any { return w.recognize(effect) })
	case deafen:
		w.deafen()
	default:
		w.run(func() any { return w.call(effect) })
	}
}

// call does what an effect asks for and makes its input.
func (w *work) call(effect any) any {
	s := w.engine.Services
	switch effect := effect.(type) {
	case open:
		// The clip is read again later: it lasts as long as the recall.
		clip, err := local(w, "media", func(context.Context) (Clip, error) { return s.Library.Clip(w.calls, w.job.Owner, w.job.Input.MediaID) })
		return opened{clip, err}
	case transcribe:
		text, err := ask(w, w.calls, s.Transcriber.Name(), func(ctx context.Context) (string, error) {
			return s.Transcriber.Transcribe(ctx, effect.clip, func(text string) { w.put(partial{text}) })
		})
		return heard{text, err}
	case understand:
		u, err := ask(w, w.calls, s.Understander.Name(), func(ctx context.Context) (Understanding, error) {
			return s.Understander.Understand(ctx, effect.text)
		})
		return understood{u, err}
	case decode:
		sample, err := local(w, "decoder", func(ctx context.Context) (Sample, error) { return s.Decoder.Decode(ctx, effect.clip) })
		return decoded{sample, err}
	case view:
		text, err := ask(w, w.calls, s.Viewer.Name(), func(ctx context.Context) (string, error) { return s.Viewer.View(ctx, effect.clip) })
		return viewed{text, err}
	case lookUp:
		source := w.engine.Sources[effect.who]
		finding, err := local(w, source.Name(), func(ctx context.Context) (Finding, error) { return source.Find(ctx, effect.query) })
		return found{effect.who, finding, err}
	case fetch:
		text, err := ask(w, w.calls, s.Lyrics.Name(), func(ctx context.Context) (string, error) {
			return s.Lyrics.Lyrics(ctx, effect.artist, effect.title)
		})
		return fetched{text, err}
	case write:
		draft, err := ask(w, w.calls, s.Writer.Name(), func(ctx context.Context) (Draft, error) {
			return s.Writer.Write(ctx, effect.brief, func(p Piece) { w.put(piece{p}) })
		})
		return wrote{draft, err}
	default:
		panic(fmt.Sprintf("recall: no such effect: %T", effect))
	}
}

func (w *work) recognize(effect recognize) any {
	r := w.engine.Services.Recognizers[effect.who]
	songs, err := ask(w, w.ears, r.Name(), func(ctx context.Context) ([]wire.Candidate, error) { return r.Recognize(ctx, effect.sample) })
	return recognized{effect.who, songs, err}
}

// run does something that waits and puts its result in.
func (w *work) run(do func() any) {
	task := func() { w.put(do()) }
	if w.engine.Tasks == nil {
		w.all.Go(task)
		return
	}
	w.all.Add(1)
	w.engine.Tasks.Go(func() {
		defer w.all.Done()
		task()
	})
}

// put hands an input to the plan, or drops it when the recall is over.
func (w *work) put(in any) {
	select {
	case w.inputs <- in:
	case <-w.over:
	}
}
