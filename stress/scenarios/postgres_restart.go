package scenarios

import (
	"context"
	"time"
)

// postgresRestart is a database that goes away for some seconds under load: in order, as
// for an update, and then by a crash.
func postgresRestart(ctx context.Context, s *stage) error {
	s.noErrors = false // that the database is away is worth an error
	if _, err := s.serve(ctx); err != nil {
		return err
	}
	l, err := s.underLoad(ctx)
	if err != nil {
		return err
	}
	defer l.stop()
	for _, way := range []struct {
		name string
		end  func() error
	}{{"shut down", s.world.StopPostgres}, {"killed", s.world.KillPostgres}} {
		if err := s.withoutPostgres(ctx, way.name, way.end); err != nil {
			return err
		}
		if err := s.answersFollow(ctx); err != nil {
			return err
		}
	}
	return s.allAnswered(l)
}

// withoutPostgres takes the database away until most people have been refused, and brings it back.
func (s *stage) withoutPostgres(ctx context.Context, how string, end func() error) error {
	s.Progress("Postgres is %s, %d recalls accepted and %d ended", how, s.seen.accepted.Load(), s.seen.ended.Load())
	before := s.seen.unavailable.Load()
	if err := end(); err != nil {
		return err
	}
	if err := until(ctx, "refusals", func() bool { return s.seen.unavailable.Load() >= before+s.half() }); err != nil {
		return err
	}
	atRest := s.seen.accepted.Load()
	if err := pause(ctx, 2*time.Second); err != nil {
		return err
	}
	accepted, refused := s.seen.accepted.Load()-atRest, s.seen.unavailable.Load()-before
	s.check(accepted == 0, "recalls while Postgres is "+how, "refused: unavailable", "%d refused, %d accepted", refused, accepted)
	return s.world.StartPostgres(ctx)
}
