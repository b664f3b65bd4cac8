package wire

import (
	"encoding/hex"
	"strings"
	"time"
)

// The sizes of an upload, in bytes (PROTOCOL.md, section 6).
const (
	MaxMedia   = 26_214_400 // of the whole, 25 MiB
	ChunkBytes = 64 << 10   // of a chunk, as the server advises; any up to [MaxBinaryFrame] is taken
)

// MaxUploads is how many uploads one connection may have open. (A server may allow a
// user fewer, all connections together.)
const MaxUploads = 256

// maxContentType is the most characters of a content type.
const maxContentType = 255

// MediaOpen begins an upload. ContentType says what the client takes it for; what
// it is is judged by its content. Size, when given, is exact.
type MediaOpen struct {
	Kind        InputKind `json:"kind"`
	ContentType string    `json:"content_type"`
	Size        *int64    `json:"size"`
}

func (c *MediaOpen) check() *Error {
	switch {
	case c.Kind != InputVoice && c.Kind != InputImage:
		return Errorf(CodeBadRequest, "kind: must be voice or image")
	case c.Size != nil && *c.Size < 0:
		return Errorf(CodeBadRequest, "size: must be 0 or more")
	case c.Size != nil && *c.Size > MaxMedia:
		return Errorf(CodeTooLarge, "size: must be at most %d bytes", MaxMedia)
	case c.ContentType == "":
		return Errorf(CodeBadRequest, "content_type: is required")
	}
	return atMost("content_type", c.ContentType, maxContentType)
}

// MediaOpened answers MediaOpen. The bytes follow in binary frames: Channel as 4
// bytes big-endian, then bytes. A connection never uses a channel twice.
type MediaOpened struct {
	MediaID    ID     `json:"media_id"`
	Channel    uint32 `json:"channel"`
	ChunkBytes int    `json:"chunk_bytes"`
}

// MessageType implements [Message].
func (*MediaOpened) MessageType() string { return "media.opened" }

// MediaClose ends an upload. SHA256, when given, is checked.
type MediaClose struct {
	MediaID ID     `json:"media_id"`
	SHA256  string `json:"sha256"`
}

func (c *MediaClose) check() *Error {
	c.SHA256 = strings.ToLower(c.SHA256)
	if raw, err := hex.DecodeString(c.SHA256); err != nil || len(raw) != 0 && len(raw) != 32 {
		return Errorf(CodeBadRequest, "sha256: must be 64 hexadecimal digits")
	}
	return required("media_id", c.MediaID)
}

// MediaStored answers MediaClose, and an upload over HTTP.
type MediaStored struct {
	MediaID ID     `json:"media_id"`
	Size    int64  `json:"size"`
	SHA256  string `json:"sha256"` // hex, lower case
}

// MessageType implements [Message].
func (*MediaStored) MessageType() string { return "media.stored" }

// Media is the row of a stored upload. It is never sent as it stands.
type Media struct {
	ID          ID
	Owner       ID
	Kind        InputKind
	ContentType string // by content
	Extension   string // that fits the content, with the dot
	Size        int64
	SHA256      string // hex, lower case
	CreatedAt   time.Time
}
