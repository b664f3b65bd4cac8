package audio

import (
	"encoding/binary"

	"recall/actors/recall"
)

// bytesPerSecond of a [recall.Sample].
const bytesPerSecond = 2 * recall.SampleRate

// First is the beginning of pcm (mono, 44,100 Hz, s16le): at most so many
// seconds, and never half a sample.
func First(pcm []byte, seconds int) []byte {
	return pcm[:min(len(pcm), seconds*bytesPerSecond)&^1]
}

// WAV is pcm (mono, 44,100 Hz, s16le) as a file.
func WAV(pcm []byte) []byte {
	return append(append(make([]byte, 0, FileSize(pcm)), header(len(pcm))...), pcm...)
}

// FileSize is the length of the WAV of pcm, in bytes.
func FileSize(pcm []byte) int { return headerSize + len(pcm) }

// headerSize is the length of a WAV header without extensions, in bytes.
const headerSize = 44

// header is what stands before n bytes of PCM in a WAV file.
func header(n int) []byte {
	le := binary.LittleEndian
	h := make([]byte, 0, headerSize)
	h = append(h, "RIFF"...)
	h = le.AppendUint32(h, uint32(headerSize-8+n))
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, 16)
	h = le.AppendUint16(h, pcmInteger)
	h = le.AppendUint16(h, 1)
	h = le.AppendUint32(h, recall.SampleRate)
	h = le.AppendUint32(h, bytesPerSecond)
	h = le.AppendUint16(h, 2)
	h = le.AppendUint16(h, 16)
	h = append(h, "data"...)
	return le.AppendUint32(h, uint32(n))
}
