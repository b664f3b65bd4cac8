package wire

// MediaOpen and MediaClose are known to the decoder, so that their senders are
// told `unsupported_media` and not `unknown_type`.
type MediaOpen struct {
	Kind        InputKind `json:"kind"`
	ContentType string    `json:"content_type"`
	Size        *int64    `json:"size"`
}

func (c *MediaOpen) check() *Error {
	if c.Kind != InputVoice && c.Kind != InputImage {
		return Errorf(CodeBadRequest, "kind: must be voice or image")
	}
	return nil
}

// MediaClose ends an upload.
type MediaClose struct {
	MediaID ID     `json:"media_id"`
	SHA256  string `json:"sha256"`
}

func (c *MediaClose) check() *Error { return required("media_id", c.MediaID) }
