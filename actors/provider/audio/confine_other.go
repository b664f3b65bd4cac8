//go:build !linux

package audio

import "time"

// confine has no counterpart outside Linux: there ffmpeg's memory has no bound but
// that of one allocation.
func confine(int, time.Duration) {}
