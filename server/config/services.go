package config

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Services are the settings of the outside services. A service without its key is
// not asked; the recall goes on without it.
type Services struct {
	// OpenAIURL is where chat completions and transcriptions are asked for: OpenAI, or
	// a server that speaks like it (Ollama, vLLM, llama.cpp, speaches), with its /v1.
	OpenAIURL string `name:"openai-url" env:"RECALL_OPENAI_URL" default:"https://api.openai.com/v1" group:"Outside services" help:"Base address of OpenAI or a compatible server."`
	// OpenAIKey is the bearer token. Another address than OpenAI's own may do without.
	OpenAIKey string `name:"openai-key" env:"RECALL_OPENAI_KEY" secret:"" placeholder:"TEXT" group:"Outside services" help:"Key of OpenAI; a local server may need none."`
	// OpenAIOrganization and OpenAIProject are sent when set; OpenAI bills by them.
	OpenAIOrganization string `name:"openai-organization" env:"RECALL_OPENAI_ORGANIZATION" placeholder:"NAME" group:"Outside services" help:"Organization that OpenAI bills."`
	OpenAIProject      string `name:"openai-project" env:"RECALL_OPENAI_PROJECT" placeholder:"NAME" group:"Outside services" help:"Project that OpenAI bills."`
	// AnswerModel writes the answers and looks at pictures.
	AnswerModel string `name:"answer-model" env:"RECALL_ANSWER_MODEL" default:"gpt-4o" group:"Outside services" help:"Model of answers and pictures; - for none."`
	// IntentModel tells what a spoken message wants; small and quick will do.
	IntentModel string `name:"intent-model" env:"RECALL_INTENT_MODEL" default:"gpt-4o-mini" group:"Outside services" help:"Model that understands what is wanted; - for none."`
	// ModelFormat is how the model is told to answer in JSON. Servers that cannot
	// enforce a schema find it in the prompt.
	ModelFormat string `name:"model-format" env:"RECALL_MODEL_FORMAT" default:"json_schema" enum:"json_schema,json_object,text" group:"Outside services" help:"json_schema, json_object or text: what the model's server can enforce."`
	// ModelOldTokens bounds answers by max_tokens, the only form that Ollama knows.
	ModelOldTokens bool `name:"model-max-tokens" env:"RECALL_MODEL_MAX_TOKENS" negatable:"" group:"Outside services" help:"Say max_tokens rather than max_completion_tokens (Ollama)."`
	// WhisperURL is for a transcriber of its own, such as whisper.cpp's server.
	WhisperURL string `name:"whisper-url" env:"RECALL_WHISPER_URL" placeholder:"URL" group:"Outside services" help:"Base address of transcriptions; empty: that of OpenAI."`
	// WhisperKey is used with WhisperURL; without that, OpenAI's key is.
	WhisperKey string `name:"whisper-key" env:"RECALL_WHISPER_KEY" secret:"" placeholder:"TEXT" group:"Outside services" help:"Key of the server of transcriptions."`
	// WhisperPath is the path below the base; whisper.cpp's own is /inference.
	WhisperPath string `name:"whisper-path" env:"RECALL_WHISPER_PATH" default:"/audio/transcriptions" group:"Outside services" help:"Path of transcriptions below the base address."`
	// WhisperModel writes down what is said; - for none.
	WhisperModel string `name:"whisper-model" env:"RECALL_WHISPER_MODEL" default:"whisper-1" group:"Outside services" help:"Model of transcriptions; - for none."`

	// ACRCloudURL is the host of the project's region, such as
	// https://identify-eu-west-1.acrcloud.com. A key works in its region only.
	ACRCloudURL    string `name:"acrcloud-url" env:"RECALL_ACRCLOUD_URL" placeholder:"URL" group:"Outside services" help:"Address of the ACRCloud project's region."`
	ACRCloudKey    string `name:"acrcloud-key" env:"RECALL_ACRCLOUD_KEY" secret:"" placeholder:"TEXT" group:"Outside services" help:"Access key of ACRCloud."`
	ACRCloudSecret string `name:"acrcloud-secret" env:"RECALL_ACRCLOUD_SECRET" secret:"" placeholder:"TEXT" group:"Outside services" help:"Access secret of ACRCloud."`
	// ShazamURL is the RapidAPI listing by apidojo; ask about its standing before
	// production use.
	ShazamURL string `name:"shazam-url" env:"RECALL_SHAZAM_URL" default:"https://shazam.p.rapidapi.com" group:"Outside services" help:"Address of Shazam on RapidAPI."`
	ShazamKey string `name:"shazam-key" env:"RECALL_SHAZAM_KEY" secret:"" placeholder:"TEXT" group:"Outside services" help:"RapidAPI key for Shazam."`
	// AudDURL and AudDToken are of a second recognizer that knows humming.
	AudDURL   string `name:"audd-url" env:"RECALL_AUDD_URL" default:"https://api.audd.io" group:"Outside services" help:"Address of AudD."`
	AudDToken string `name:"audd-token" env:"RECALL_AUDD_TOKEN" secret:"" placeholder:"TEXT" group:"Outside services" help:"Token of AudD."`
	// LyricsURL answers GET {base}/v1/{artist}/{title}. Lyrics are never sent out in full.
	LyricsURL string `name:"lyrics-url" env:"RECALL_LYRICS_URL" placeholder:"URL" group:"Outside services" help:"Address of the lyrics service; empty: none."`

	// TranscribeTimeout, IntentTimeout, RecognizeTimeout, AnswerTimeout and
	// LyricsTimeout end one call, its retry included (RECALL.md, "Budgets"). What is
	// left of the recall's budget ends it as well.
	TranscribeTimeout time.Duration `name:"transcribe-timeout" env:"RECALL_TRANSCRIBE_TIMEOUT" default:"10s" bounds:"100ms..55s" group:"Outside services" help:"Longest time of a transcription."`
	IntentTimeout     time.Duration `name:"intent-timeout" env:"RECALL_INTENT_TIMEOUT" default:"10s" bounds:"100ms..55s" group:"Outside services" help:"Longest time to understand what is wanted."`
	RecognizeTimeout  time.Duration `name:"recognize-timeout" env:"RECALL_RECOGNIZE_TIMEOUT" default:"10s" bounds:"100ms..55s" group:"Outside services" help:"Longest time of a recognizer."`
	AnswerTimeout     time.Duration `name:"answer-timeout" env:"RECALL_ANSWER_TIMEOUT" default:"30s" bounds:"100ms..55s" group:"Outside services" help:"Longest time of an answer or of looking at a picture."`
	LyricsTimeout     time.Duration `name:"lyrics-timeout" env:"RECALL_LYRICS_TIMEOUT" default:"5s" bounds:"100ms..55s" group:"Outside services" help:"Longest time to fetch lyrics."`
	// StreamIdle is the longest silence in a streamed answer; then it counts as failed.
	StreamIdle time.Duration `name:"stream-idle" env:"RECALL_STREAM_IDLE" default:"10s" bounds:"50ms..55s" group:"Outside services" help:"Longest silence within a streamed answer."`
	// ServiceFailures in a row open a service's breaker: its calls then fail at once.
	ServiceFailures int `name:"service-failures" env:"RECALL_SERVICE_FAILURES" default:"5" bounds:"1..1000" group:"Outside services" help:"Failures in a row that open a service's breaker."`
	// ServiceOpen is how long the breaker stays open before one call may try.
	ServiceOpen time.Duration `name:"service-open" env:"RECALL_SERVICE_OPEN" default:"60s" bounds:"10ms..1h" group:"Outside services" help:"Time that a breaker stays open."`
	// ServiceAtOnce is how many calls of one service are under way; as many wait for at
	// most ServiceWait, and further ones are not made.
	ServiceAtOnce int           `name:"service-at-once" env:"RECALL_SERVICE_AT_ONCE" default:"64" bounds:"1..10000" group:"Outside services" help:"Calls of one service at once."`
	ServiceWait   time.Duration `name:"service-wait" env:"RECALL_SERVICE_WAIT" default:"500ms" bounds:"1ms..10s" group:"Outside services" help:"Longest wait for one of these places."`
	// ServiceProbe is how often a service whose key or plan was refused is tried again.
	ServiceProbe time.Duration `name:"service-probe" env:"RECALL_SERVICE_PROBE" default:"10m" bounds:"10ms..24h" group:"Outside services" help:"Time between trials of a service that refuses our key or plan."`
	// AnswerCacheTTL is how long an answer is kept that depends on no conversation:
	// transcripts, recognitions, lyrics, first questions. 0s keeps none.
	AnswerCacheTTL time.Duration `name:"answer-cache-ttl" env:"RECALL_ANSWER_CACHE_TTL" default:"10m" bounds:"0s..24h" group:"Memory" help:"Time that answers of outside services are kept; 0s: not at all."`
	// AnswerCacheBytes bounds them for each service, least recently used out first. A
	// written answer takes about 15 KB, the others much less.
	AnswerCacheBytes Bytes `name:"answer-cache-bytes" env:"RECALL_ANSWER_CACHE_BYTES" default:"16MiB" bounds:"64KiB..1TiB" group:"Memory" help:"Memory of the kept answers of each outside service."`

	// FFmpeg converts recordings for the recognizers. Without it WAV, MP3, FLAC and Ogg
	// are decoded by the server itself, and other forms are not recognized by sound.
	FFmpeg string `name:"ffmpeg" env:"RECALL_FFMPEG" default:"ffmpeg" group:"Media" help:"The ffmpeg program; - for none."`
	// MediaURL is a bucket of an S3-compatible store, such as
	// s3://name?region=eu-1&endpoint=https://s3.example.org&use_path_style=true; keys come
	// from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Empty: the data directory.
	MediaURL string `name:"media-url" env:"RECALL_MEDIA_URL" placeholder:"URL" group:"Media" help:"Bucket of uploads; empty: below the data directory."`
	// MediaKeep is how long an upload stays that no message refers to.
	MediaKeep time.Duration `name:"media-keep" env:"RECALL_MEDIA_KEEP" default:"24h" bounds:"1m..8760h" group:"Media" help:"Time that an upload stays that is never asked with."`
	// UploadsAtOnce and UploadsPerUser bound what is being uploaded; each holds a file
	// descriptor and at most 25 MiB of disk.
	UploadsAtOnce  int `name:"uploads-at-once" env:"RECALL_UPLOADS_AT_ONCE" default:"512" bounds:"1..100000" group:"Media" help:"Uploads under way at once."`
	UploadsPerUser int `name:"uploads-per-user" env:"RECALL_UPLOADS_PER_USER" default:"256" bounds:"1..100000" group:"Media" help:"Uploads of one user under way at once."`
	// UploadIdle ends an upload that gets no byte for so long.
	UploadIdle time.Duration `name:"upload-idle" env:"RECALL_UPLOAD_IDLE" default:"60s" bounds:"100ms..1h" group:"Media" help:"Longest silence of an upload."`
}

// None is how a setting says that something is not to be used.
const None = "-"

// openAIItself needs a key; an address that somebody has set may do without.
const openAIItself = "https://api.openai.com/v1"

// HasOpenAI tells whether models can be asked.
func (s *Services) HasOpenAI() bool { return s.OpenAIKey != "" || s.OpenAIURL != openAIItself }

// HasWhisper tells whether recordings can be written down.
func (s *Services) HasWhisper() bool {
	return s.WhisperModel != None && (s.WhisperURL != "" || s.HasOpenAI())
}

// HasACRCloud tells whether ACRCloud can be asked.
func (s *Services) HasACRCloud() bool { return s.ACRCloudKey != "" }

func (s *Services) checkACRCloud() error {
	if s.HasACRCloud() && (s.ACRCloudURL == "" || s.ACRCloudSecret == "") {
		return errors.New("RECALL_ACRCLOUD_URL and RECALL_ACRCLOUD_SECRET must be set as well")
	}
	return nil
}

// checkService accepts an empty address, and one of the web.
func checkService(address string) error {
	if address == "" {
		return nil
	}
	u, err := url.Parse(address)
	if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" {
		return errors.New("it is not an http or https address")
	}
	return nil
}

func (s *Services) checkMedia() error {
	if s.MediaURL == "" || strings.HasPrefix(s.MediaURL, "s3://") {
		return nil
	}
	return errors.New("it is not a bucket such as s3://name?region=eu-1")
}

// checkFFmpeg is about one that somebody asks for by its path: the default may
// be missing.
func (s *Services) checkFFmpeg() error {
	if s.FFmpeg == None || s.FFmpeg == "ffmpeg" {
		return nil
	}
	if _, err := exec.LookPath(s.FFmpeg); err != nil {
		return fmt.Errorf("%q cannot be run", s.FFmpeg)
	}
	return nil
}
