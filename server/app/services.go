package app

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/provider"
	"recall/actors/provider/acrcloud"
	"recall/actors/provider/audd"
	"recall/actors/provider/audio"
	"recall/actors/provider/gpt"
	"recall/actors/provider/lyrics"
	"recall/actors/provider/openai"
	"recall/actors/provider/rest"
	"recall/actors/provider/shazam"
	"recall/actors/recall"
	"recall/server/config"
	"recall/server/metrics"
	"recall/wire"
)

// services are the outside services that are configured, each behind its supervisor.
type services struct {
	cfg    config.Config
	http   *http.Client
	idle   func() // closes connections that nobody uses
	system *actor.ActorSystem
	deps   provider.Deps
	all    []*provider.Service // in the order of their start
	team   recall.Services
}

// startServices starts a supervisor for each service that cfg has a key or an
// address for.
func startServices(cfg config.Config, traced func(http.RoundTripper) http.RoundTripper, system *actor.ActorSystem, deps provider.Deps, library recall.Library) *services {
	s := &services{cfg: cfg, http: rest.NewHTTP(cfg.ServiceAtOnce), system: system, deps: deps}
	plain := *s.http // the traced transport does not pass the wish on
	s.idle = plain.CloseIdleConnections
	s.http.Transport = traced(s.http.Transport)
	s.team.Library = library
	s.team.Decoder = audio.New(audio.Config{FFmpeg: ffmpeg(cfg.FFmpeg), Timeout: cfg.RecognizeTimeout}) // it is a part of recognizing
	s.models()
	s.recognizers()
	if cfg.LyricsURL != "" {
		client := lyrics.New(lyrics.Config{BaseURL: cfg.LyricsURL}, s.http)
		s.team.Lyrics = provider.Lyrics{Service: s.supervise(client.Name(), cfg.LyricsTimeout), Next: client}
	}
	return s
}

// models are the services that speak OpenAI's language.
func (s *services) models() {
	if s.cfg.HasWhisper() {
		speech := gpt.Speech{Model: s.cfg.WhisperModel, Path: s.cfg.WhisperPath}
		speech.Detailed = strings.HasPrefix(speech.Model, "whisper") // tells silence from speech; the newer models stream instead
		speech.Stream = !speech.Detailed
		client := gpt.NewTranscriber(s.speechServer(), speech)
		s.team.Transcriber = provider.Transcriber{Service: s.supervise(client.Name(), s.cfg.TranscribeTimeout), Next: client}
	}
	if !s.cfg.HasOpenAI() {
		return
	}
	server := openai.New(s.modelServer())
	if s.cfg.IntentModel != config.None {
		client := gpt.NewUnderstander(server, s.cfg.IntentModel)
		s.team.Understander = provider.Understander{Service: s.supervise(client.Name(), s.cfg.IntentTimeout), Next: client}
	}
	if s.cfg.AnswerModel != config.None {
		viewer, writer := gpt.NewViewer(server, s.cfg.AnswerModel, "auto"), gpt.NewWriter(server, s.cfg.AnswerModel)
		large := s.supervise(writer.Name(), s.cfg.AnswerTimeout) // one API, one supervisor
		s.team.Viewer = provider.Viewer{Service: large, Next: viewer}
		s.team.Writer = provider.Writer{Service: large, Next: writer}
	}
}

func (s *services) modelServer() openai.Config {
	return openai.Config{
		HTTP: s.http, BaseURL: s.cfg.OpenAIURL, Key: s.cfg.OpenAIKey, Organization: s.cfg.OpenAIOrganization, Project: s.cfg.OpenAIProject,
		Headers: s.cfg.StreamIdle, Idle: s.cfg.StreamIdle, OldMaxTokens: s.cfg.ModelOldTokens, Format: openai.Format(s.cfg.ModelFormat),
		Log: s.deps.Logger,
	}
}

func (s *services) speechServer() *openai.Client {
	c := s.modelServer()
	if s.cfg.WhisperURL != "" {
		c.BaseURL, c.Key, c.Organization, c.Project = s.cfg.WhisperURL, s.cfg.WhisperKey, "", ""
	}
	return openai.New(c)
}

func (s *services) recognizers() {
	if s.cfg.HasACRCloud() {
		s.recognizer(acrcloud.New(acrcloud.Config{BaseURL: s.cfg.ACRCloudURL, AccessKey: s.cfg.ACRCloudKey, AccessSecret: s.cfg.ACRCloudSecret}, s.http))
	}
	if s.cfg.ShazamKey != "" {
		s.recognizer(shazam.New(shazam.Config{BaseURL: s.cfg.ShazamURL, Key: s.cfg.ShazamKey}, s.http))
	}
	if s.cfg.AudDToken != "" {
		s.recognizer(audd.New(audd.Config{BaseURL: s.cfg.AudDURL, Token: s.cfg.AudDToken}, s.http))
	}
}

func (s *services) recognizer(client recall.Recognizer) {
	s.team.Recognizers = append(s.team.Recognizers, provider.Recognizer{Service: s.supervise(client.Name(), s.cfg.RecognizeTimeout), Next: client})
}

// supervise starts the supervisor of one API.
func (s *services) supervise(name string, timeout time.Duration) *provider.Service {
	service := provider.Start(s.system, name, provider.Config{
		Timeout: timeout, Failures: s.cfg.ServiceFailures, Open: s.cfg.ServiceOpen,
		AtOnce: s.cfg.ServiceAtOnce, MaxWait: s.cfg.ServiceWait, Probe: s.cfg.ServiceProbe,
		NoCoalescing: !s.cfg.Coalescing, Answers: s.answers(),
	}, s.deps)
	s.all = append(s.all, service)
	return service
}

// answers is how much of what a service says is kept.
func (s *services) answers() provider.Answers {
	if !s.cfg.AnswerCache {
		return provider.Answers{}
	}
	return provider.Answers{Bytes: int64(s.cfg.AnswerCacheBytes), TTL: s.cfg.AnswerCacheTTL}
}

func (s *services) stop() {
	for _, service := range s.all {
		service.Stop()
	}
	s.idle()
}

// breakers is how the services stand, for `GET /v1/stats`.
func (s *services) breakers() map[string]metrics.Breaker {
	all := make(map[string]metrics.Breaker, len(s.all))
	for _, service := range s.all {
		st := service.Status()
		b := metrics.Breaker{State: string(st.State), Reason: st.Reason, Failures: st.Failures, Running: st.Running, Waiting: st.Waiting}
		if !st.OpenedAt.IsZero() {
			b.OpenedAt = wire.At(st.OpenedAt)
		}
		if !st.NotBefore.IsZero() {
			b.NotBefore = wire.At(st.NotBefore)
		}
		all[service.Name()] = b
	}
	return all
}

// states are the breakers' states by the service's name.
func (s *services) states() map[string]string {
	all := make(map[string]string, len(s.all))
	for _, service := range s.all {
		all[service.Name()] = string(service.Status().State)
	}
	return all
}

// kept is how much the kept answers of all services take together.
func (s *services) kept() map[string]metrics.Cache {
	var all metrics.Cache
	for _, service := range s.all {
		entries, bytes := service.Kept()
		all.Size, all.Bytes = all.Size+entries, all.Bytes+bytes
	}
	return map[string]metrics.Cache{provider.AnswersCache: all}
}

// ffmpeg is the setting in the converter's words.
func ffmpeg(setting string) string {
	if setting == config.None {
		return audio.NoFFmpeg
	}
	return cmp.Or(setting, "ffmpeg")
}
