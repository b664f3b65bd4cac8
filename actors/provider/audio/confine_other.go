//go:build !linux

package audio

// confine has no counterpart outside Linux: there nothing but -max_alloc and the time of
// a conversion bound an ffmpeg.
func confine(int) {}
