package media

import (
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"recall/wire"
)

// format is what is stored and sent of a kind of content: one of ours, never what a
// client said, since a browser acts on it.
type format struct{ contentType, extension string }

// formats are what the outside services take (PROVIDERS.md), by the name that the
// content is recognized by. A container that may hold pictures too is sound here:
// nothing else of it is used. Matroska bears the name of WebM, its profile, as that
// is the one that transcribers know.
var formats = map[wire.InputKind]map[string]format{
	wire.InputVoice: {
		"audio/flac":     {"audio/flac", ".flac"},
		"audio/mpeg":     {"audio/mpeg", ".mp3"},
		"audio/x-m4a":    {"audio/mp4", ".m4a"},
		"audio/mp4":      {"audio/mp4", ".m4a"},
		"video/mp4":      {"audio/mp4", ".mp4"},
		"video/x-m4v":    {"audio/mp4", ".mp4"},
		"audio/ogg":      {"audio/ogg", ".ogg"},
		"audio/wav":      {"audio/wav", ".wav"},
		"video/webm":     {"audio/webm", ".webm"},
		"video/matroska": {"audio/webm", ".webm"},
	},
	wire.InputImage: {
		"image/jpeg": {"image/jpeg", ".jpg"},
		"image/png":  {"image/png", ".png"},
		"image/webp": {"image/webp", ".webp"},
		"image/gif":  {"image/gif", ".gif"},

		"image/apng": {"image/png", ".png"}, // shown as its first picture
	},
}

// taken are the formats as a person is told.
var taken = map[wire.InputKind]string{
	wire.InputVoice: "flac, mp3, mp4, m4a, ogg, wav or webm",
	wire.InputImage: "jpeg, png, webp or gif",
}

// sniff recognizes the content by its first bytes.
func sniff(kind wire.InputKind, content io.Reader) (format, error) {
	seen, err := mimetype.DetectReader(content)
	if err != nil {
		return format{}, tryAgain("the upload cannot be read back")
	}
	name, _, _ := strings.Cut(seen.String(), ";")
	f, ok := formats[kind][name]
	if !ok {
		return format{}, wire.Errorf(wire.CodeUnsupportedMedia, "this is %s; %s must be %s", name, kind, taken[kind])
	}
	return f, nil
}
