package scenarios

import "context"

// storms is how often everybody loses the connection: a flaky network, not one cut.
const storms = 3

// reconnectStorm is a network that goes away for all at once, and comes back for all at
// once, while recalls are under way.
func reconnectStorm(ctx context.Context, s *stage) error {
	if _, err := s.serve(ctx); err != nil {
		return err
	}
	apps, threads, err := s.crowd(ctx, s.Devices)
	if err != nil {
		return err
	}
	l := s.begin(ctx, apps, threads)
	defer l.stop()
	n := int64(s.Devices)
	for storm := range int64(storms) {
		if err := until(ctx, "recalls", func() bool { return s.seen.accepted.Load() >= (storm+1)*n }); err != nil {
			return err
		}
		s.Progress("storm %d, %d recalls accepted and %d ended", storm+1, s.seen.accepted.Load(), s.seen.ended.Load())
		gate := make(chan struct{})
		for _, a := range apps {
			a.cut(gate)
		}
		if err := until(ctx, "the cut", func() bool { return int64(s.seen.closed(-1)) >= (storm+1)*n }); err != nil {
			return err
		}
		close(gate)
		if err := until(ctx, "everybody's return", func() bool { return s.seen.connected.Load() >= (storm+2)*n }); err != nil {
			return err
		}
	}
	if err := l.end(); err != nil {
		return err
	}
	recovered, gaps := s.seen.recovered.Load(), s.seen.gaps.Load()
	s.check(gaps == 0 && recovered >= storms*n, "threads resumed", "all, recovered: true", "%d recovered, %d not", recovered, gaps)
	accepted, ended := s.seen.accepted.Load(), s.seen.ended.Load()
	s.check(accepted == ended, "ends that were seen", "of each recall", "%d of %d", ended, accepted)
	return nil
}
