package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"
	"math/rand/v2"

	"recall/stress/device"
)

// recording is a WAV file of noise. Uploads differ in their last bytes, so that the
// store cannot take them for one, and share the rest, so that this process stays small.
type recording struct {
	common []byte
	hashed hash.Cloner // SHA-256 of common
}

const ownBytes = 8 // of each upload

func newRecording() *recording {
	r := &recording{common: make([]byte, uploadBytes-ownBytes)}
	noise := rand.NewChaCha8([32]byte{seedSongs})
	_, _ = noise.Read(r.common) // never fails
	le := binary.LittleEndian
	head := append([]byte("RIFF"), le.AppendUint32(nil, uploadBytes-8)...)
	head = append(head, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"...) // PCM, one channel
	head = le.AppendUint32(le.AppendUint32(head, 44_100), 2*44_100)
	head = append(head, "\x02\x00\x10\x00data"...)
	copy(r.common, le.AppendUint32(head, uploadBytes-44))
	h := sha256.New()
	_, _ = h.Write(r.common)   // never fails
	r.hashed = h.(hash.Cloner) //nolint:errcheck // every hash of the standard library is one
	return r
}

func (r *recording) own(number int) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(number)) //nolint:gosec // a count
}

// sum is the SHA-256 of an upload, without reading it all again.
func (r *recording) sum(number int) string {
	h, err := r.hashed.Clone()
	if err != nil {
		return err.Error()
	}
	_, _ = h.Write(r.own(number))
	return hex.EncodeToString(h.Sum(nil))
}

func bySocket(ctx context.Context, _ *process, r *recording, u *uploader) (device.Stored, error) {
	up, err := u.device.OpenMedia(ctx, "voice", "audio/wav", uploadBytes)
	if err != nil {
		return device.Stored{}, err
	}
	for _, part := range [][]byte{r.common, r.own(u.number)} {
		if err := up.Send(ctx, part); err != nil {
			return device.Stored{}, err
		}
	}
	return up.Close(ctx, "")
}

func byHTTP(ctx context.Context, p *process, r *recording, u *uploader) (device.Stored, error) {
	body := io.MultiReader(bytes.NewReader(r.common), bytes.NewReader(r.own(u.number)))
	return device.Post(ctx, p.http(), u.token, "voice", body, uploadBytes)
}
