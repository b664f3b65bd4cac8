package device

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// Stored is what the server says of an upload that it has kept.
type Stored struct {
	ID     string `json:"media_id"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Upload is media on their way over the socket. It is used by one goroutine at a time.
type Upload struct {
	ID string

	d     *Device
	frame []byte // the channel, and room for a chunk
}

// OpenMedia begins an upload of kind "voice" or "image"; size below 0: not known yet.
func (d *Device) OpenMedia(ctx context.Context, kind, contentType string, size int64) (*Upload, error) {
	fields := Fields{"kind": kind, "content_type": contentType}
	if size >= 0 {
		fields["size"] = size
	}
	f, err := d.Do(ctx, "media.open", fields)
	if err != nil {
		return nil, err
	}
	var opened struct {
		MediaID    string `json:"media_id"`
		Channel    uint32 `json:"channel"`
		ChunkBytes int    `json:"chunk_bytes"`
	}
	if f.Type != "media.opened" {
		return nil, fmt.Errorf("device: media.open: %s", f.Raw)
	}
	if err := f.Into(&opened); err != nil || opened.ChunkBytes < 1 {
		return nil, fmt.Errorf("device: media.opened: %s, %w", f.Raw, err)
	}
	frame := binary.BigEndian.AppendUint32(make([]byte, 0, 4+opened.ChunkBytes), opened.Channel)
	return &Upload{ID: opened.MediaID, d: d, frame: frame}, nil
}

// Send sends bytes, in chunks of the length that the server has advised.
func (u *Upload) Send(ctx context.Context, content []byte) error {
	room := cap(u.frame) - len(u.frame)
	for len(content) > 0 {
		n := min(room, len(content))
		if err := u.d.SendBinary(ctx, append(u.frame, content[:n]...)); err != nil {
			return err
		}
		content = content[n:]
	}
	return nil
}

// Close ends the upload; an empty sha256 leaves it unchecked.
func (u *Upload) Close(ctx context.Context, sha256 string) (stored Stored, err error) {
	fields := Fields{"media_id": u.ID}
	if sha256 != "" {
		fields["sha256"] = sha256
	}
	f, err := u.d.Do(ctx, "media.close", fields)
	if err == nil && f.Type != "media.stored" {
		err = fmt.Errorf("device: media.close: %s", f.Raw)
	}
	if err != nil {
		return Stored{}, err
	}
	return stored, f.Into(&stored)
}

// Upload sends media that are there as a whole.
func (d *Device) Upload(ctx context.Context, kind, contentType string, content []byte) (Stored, error) {
	u, err := d.OpenMedia(ctx, kind, contentType, int64(len(content)))
	if err != nil {
		return Stored{}, err
	}
	if err := u.Send(ctx, content); err != nil {
		return Stored{}, err
	}
	return u.Close(ctx, "")
}

// Post uploads media over HTTP; size below 0: not known, sent in pieces.
func Post(ctx context.Context, httpBase, token, kind string, body io.Reader, size int64) (stored Stored, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, httpBase+"/v1/media?kind="+kind, body)
	if err != nil {
		return Stored{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.ContentLength = size
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return Stored{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusCreated {
		err = fmt.Errorf("device: upload: %s: %s", resp.Status, answer)
	}
	if err != nil {
		return Stored{}, err
	}
	return stored, json.Unmarshal(answer, &stored)
}
