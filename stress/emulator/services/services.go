package services

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// Services plays all services. Use [New] or [Start].
type Services struct {
	options Options
	mux     *http.ServeMux
	plan    *plan
	pace    *pace
	log     *callLog
	ears    *ears
	scripts *scripts

	closing   chan struct{} // ends every stall
	closeOnce sync.Once
	// running is held for reading by every call, so that whoever gets it for writing
	// knows that none is left.
	running sync.RWMutex
}

// New makes a double that waits for calls. [Services.Close] it in the end.
func New(o Options) *Services {
	o = o.filled()
	s := &Services{
		options: o,
		mux:     http.NewServeMux(),
		plan:    newPlan(o.Seed),
		pace:    newPace(o),
		log:     newCallLog(),
		scripts: newScripts(),
		closing: make(chan struct{}),
	}
	if s.ears = o.ears; s.ears == nil {
		s.ears = newEars(s.scripts)
	}
	s.route("POST /openai/v1/audio/transcriptions", ofModel, (*call).transcription)
	s.route("POST /openai/v1/chat/completions", ofModel, (*call).chat)
	s.route("POST /acrcloud/v1/identify", ofACRCloud, (*call).identify)
	s.route("POST /shazam/songs/v2/detect", ofShazam, (*call).detect)
	s.route("POST /shazam/songs/detect", ofShazam, (*call).detect)
	s.route("POST /audd/{$}", ofAudD, (*call).audd)
	s.route("POST /audd/recognizeWithOffset/", ofAudD, (*call).audd)
	s.route("GET /lyrics/v1/{artist}/{title}", ofLyrics, (*call).lyrics)
	s.routeControl()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Services) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Close ends every answer that stalls, and returns when no call is left.
func (s *Services) Close() {
	s.endStalls()
	s.awaitCalls()
}

func (s *Services) endStalls() { s.closeOnce.Do(func() { close(s.closing) }) }

func (s *Services) awaitCalls() {
	s.running.Lock()
	defer s.running.Unlock()
}

// SetPace changes the tokens a second of streams (less than 0: no pauses) and the
// median of the pause before answers, for calls that begin from now on.
func (s *Services) SetPace(tokensPerSecond float64, latency time.Duration) {
	s.pace.set(tokensPerSecond, latency)
}

// route serves a path of a service; of tells whose call it is and with which key.
func (s *Services) route(pattern string, of func(*call) (service, key string), answer func(*call) reply) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		s.running.RLock()
		defer s.running.RUnlock()
		c := s.receive(w, r)
		c.service, c.key = of(c)
		c.play(answer)
	})
}

// play is one call from its first line in the log to its last.
func (c *call) play(answer func(*call) reply) {
	s := c.s
	fault, faulty := s.plan.next(c.service)
	id := s.log.begin(Call{
		Service: c.service, Key: c.key, Fault: fault.Name,
		RequestID: c.r.Header.Get("X-Client-Request-Id"), Start: time.Now(),
	})
	d := &delivery{w: c.w, ctx: c.r.Context(), closing: s.closing, interval: s.pace.interval(), burst: s.options.Burst}
	d.chunked = c.r.ProtoAtLeast(1, 1)
	err := d.pause(time.Until(inStep(time.Now().Add(s.pace.latency()), d.burst)))
	if err == nil {
		d.reply = fault.replyTo(c, func() reply { return answer(c) })
		err = fault.send(d)
	}
	if faulty && fault.Expect != OK {
		d.outcome = fault.Expect
	}
	gone := err != nil && !s.isClosing()
	ended := s.log.end(id, d.reply, gone)
	d.recycle()
	if logger, ctx := s.options.Logger, context.WithoutCancel(c.r.Context()); logger.Enabled(ctx, levelOf(ended)) {
		logger.LogAttrs(ctx, levelOf(ended), "call", ended.attrs()...)
	}
}

func (s *Services) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
