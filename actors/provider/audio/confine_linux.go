package audio

import "golang.org/x/sys/unix"

const (
	// mostMemory is what one ffmpeg may have of its own, in bytes. A phone's video in
	// 4K takes 260 MB, a recording a tenth of that.
	mostMemory = 512 << 20
	// mostTime is the processor's time that one ffmpeg may take, in seconds: ten times of
	// what a sample costs. The conversion's own time is longer since it may have to wait;
	// the few recordings that one person may send at once must not fill it for all.
	mostTime = 3
	niceness = 10
)

// confine bounds what a program that has just begun may take. -max_alloc bounds one
// allocation, not how many there are: a few hundred bytes of an MP4 declare a track
// with an index of 240 MB, and there may be any number of tracks. These bounds hold also
// when we are killed and cannot end it ourselves.
//
// It also gives way to everybody else: a recording may wait, a socket may not.
//
// Where the system refuses, the recording is converted all the same.
func confine(pid int) {
	for resource, most := range map[int]uint64{unix.RLIMIT_DATA: mostMemory, unix.RLIMIT_CPU: mostTime} {
		_ = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: most, Max: most}, nil)
	}
	_ = unix.Setpriority(unix.PRIO_PROCESS, pid, niceness)
}
