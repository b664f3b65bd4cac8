package thread

import "recall/wire"

// history is the end of the log, kept for those who come back after a dropped
// connection. It is dense: frames[0] has the number first.
type history struct {
	frames              []*wire.Frame
	first               int64 // number of frames[0], or of the next event when empty
	bytes               int
	maxEvents, maxBytes int
}

// reset begins after seq with nothing to look back on.
func (h *history) reset(seq int64) { h.frames, h.first, h.bytes = nil, seq+1, 0 }

func (h *history) add(f *wire.Frame) {
	h.frames = append(h.frames, f)
	h.bytes += len(f.Bytes)
	for len(h.frames) > h.maxEvents || h.bytes > h.maxBytes {
		h.bytes -= len(h.frames[0].Bytes)
		h.frames[0] = nil
		h.frames = h.frames[1:]
		h.first++
	}
}

// after returns every frame behind seq; ok is false when not all of them are
// here, or when seq was never given out.
func (h *history) after(seq int64) (frames []*wire.Frame, ok bool) {
	next := h.first + int64(len(h.frames))
	if seq+1 < h.first || seq >= next {
		return nil, false
	}
	return h.frames[seq+1-h.first:], true
}
