package scenarios

import (
	"context"
	"syscall"
	"time"
)

// kill is a server that is gone from one moment to the next, and one in its place.
func kill(ctx context.Context, s *stage) error {
	s.limits.Killed = true
	s.judged(s.limits)
	first, err := s.serve(ctx)
	if err != nil {
		return err
	}
	l, err := s.underLoad(ctx)
	if err != nil {
		return err
	}
	defer l.stop()
	s.Progress("kill -9, %d recalls accepted and %d ended", s.seen.accepted.Load(), s.seen.ended.Load())
	if err := first.Kill(); err != nil {
		return err
	}
	if _, err := s.serve(ctx); err != nil {
		return err
	}
	if err := s.goesOn(ctx, l); err != nil {
		return err
	}
	gaps, back := s.seen.gaps.Load(), s.seen.connected.Load()-int64(s.Devices)
	s.check(back >= int64(s.Devices), "apps after the kill", "all come back", "%d of %d", back, s.Devices)
	s.check(gaps > 0, "interrupted numberings", "told by recovered: false", "%d", gaps)
	return nil
}

// handover is the way in which a new version is brought out: the new server is there
// before the old one is asked to go.
func handover(ctx context.Context, s *stage) error {
	first, err := s.serve(ctx, "RECALL_DRAIN_TIMEOUT=10s")
	if err != nil {
		return err
	}
	l, err := s.underLoad(ctx)
	if err != nil {
		return err
	}
	defer l.stop()
	if _, err := s.serve(ctx); err != nil {
		return err
	}
	s.Progress("SIGTERM to the first server, %d recalls accepted and %d ended", s.seen.accepted.Load(), s.seen.ended.Load())
	if err := first.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	asked, ended := time.Now(), make(chan error, 1)
	go func() { ended <- first.Wait() }()
	select {
	case err = <-ended:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	s.check(err == nil, "the first server", "ends with code 0", "%v after %v", err, time.Since(asked).Round(100*time.Millisecond))
	if err := s.goesOn(ctx, l); err != nil {
		return err
	}
	said, closed, back := s.seen.goodbyes.Load(), s.seen.closed(1012), s.seen.connected.Load()-int64(s.Devices)
	s.check(said == int64(s.Devices) && closed == s.Devices, "goodbye and close code 1012", "for each app", "%d goodbyes, %d closed with 1012", said, closed)
	s.check(back >= int64(s.Devices), "apps at the second server", "all", "%d of %d", back, s.Devices)
	return nil
}

func (s *stage) half() int64 { return int64(s.Devices+1) / 2 }

// underLoad brings the crowd and waits until about each of it has been answered once.
func (s *stage) underLoad(ctx context.Context) (*load, error) {
	apps, threads, err := s.crowd(ctx, s.Devices)
	if err != nil {
		return nil, err
	}
	l := s.begin(ctx, apps, threads)
	if err := until(ctx, "answers", func() bool { return s.seen.ended.Load() >= int64(s.Devices) }); err != nil {
		l.stop()
		return nil, err
	}
	return l, nil
}

// goesOn waits for about one more answer for each app, and then for all of them.
func (s *stage) goesOn(ctx context.Context, l *load) error {
	if err := s.answersFollow(ctx); err != nil {
		return err
	}
	return s.allAnswered(l)
}

func (s *stage) answersFollow(ctx context.Context) error {
	before := s.seen.ended.Load()
	return until(ctx, "answers after it", func() bool { return s.seen.ended.Load() >= before+int64(s.Devices) })
}

func (s *stage) allAnswered(l *load) error {
	if err := l.end(); err != nil {
		return err
	}
	accepted, ended, gaps := s.seen.accepted.Load(), s.seen.ended.Load(), s.seen.gaps.Load()
	s.check(ended <= accepted && ended+gaps >= accepted, "ends that were seen", "of each recall, but in a gap", "%d of %d, %d gaps", ended, accepted, gaps)
	return nil
}
