package audio

import (
	"time"

	"golang.org/x/sys/unix"
)

// mostMemory is what one ffmpeg may have of its own, in bytes. A phone's video in 4K
// takes 260 MB, a recording a tenth of that.
const mostMemory = 512 << 20

// confine bounds memory and time of a program that has just begun. -max_alloc bounds
// one allocation, not how many there are: a few hundred bytes of an MP4 declare a track
// with an index of 240 MB, and there may be any number of tracks. The time is for when
// we are killed and cannot end it ourselves; until then the context does.
//
// Where the system refuses, the recording is converted all the same.
func confine(pid int, within time.Duration) {
	limit := func(resource int, most uint64) {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	limit(unix.RLIMIT_DATA, mostMemory)
	limit(unix.RLIMIT_CPU, uint64(within/time.Second)+1)
}
