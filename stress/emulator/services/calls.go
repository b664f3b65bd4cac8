package services

import (
	"context"
	"time"
)

// Calls counts the calls of a service that have begun.
func (s *Services) Calls(service string) int {
	return s.count(func(a account) bool { return a.service == service })
}

// CallsOf counts the calls of a service with this key.
func (s *Services) CallsOf(service, key string) int {
	return s.count(func(a account) bool { return a == account{service, key} })
}

func (s *Services) count(counts func(account) bool) (sum int) {
	s.log.mu.Lock()
	defer s.log.mu.Unlock()
	for a, n := range s.log.counts {
		if counts(a) {
			sum += n
		}
	}
	return sum
}

// Log is every call in the order of their beginning, of the last 10,000 at least.
func (s *Services) Log() []Call { return s.log.snapshot() }

// Wait returns when the log is as the caller wants it, or with the error of ctx.
func (s *Services) Wait(ctx context.Context, ready func([]Call) bool) error {
	for {
		changed := s.log.watch() // before the look, so that no change is missed
		if ready(s.log.snapshot()) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// WaitStarted waits until n calls of a service have begun.
func (s *Services) WaitStarted(ctx context.Context, service string, n int) error {
	return s.Wait(ctx, func([]Call) bool { return s.Calls(service) >= n })
}

// WaitEnded waits until n calls of a service have ended.
func (s *Services) WaitEnded(ctx context.Context, service string, n int) error {
	return s.waitFor(ctx, n, func(c Call) bool { return c.Service == service && !c.End.IsZero() })
}

// WaitCancelled waits until the client has left n calls of a service.
func (s *Services) WaitCancelled(ctx context.Context, service string, n int) error {
	return s.waitFor(ctx, n, func(c Call) bool { return c.Service == service && c.Cancelled })
}

func (s *Services) waitFor(ctx context.Context, n int, counts func(Call) bool) error {
	return s.Wait(ctx, func(calls []Call) bool {
		found := 0
		for _, c := range calls {
			if counts(c) {
				found++
			}
		}
		return found >= n
	})
}

// ProviderTime is how long at least one call of a recall was under way: what the
// recall took beyond it is the server's own. Calls side by side count once, calls
// that have not ended not at all.
func (s *Services) ProviderTime(requestID string) (sum time.Duration) {
	var covered time.Time
	for _, c := range s.Log() { // in the order of Start
		if c.RequestID != requestID || !c.End.After(covered) {
			continue
		}
		from := c.Start
		if covered.After(from) {
			from = covered
		}
		sum, covered = sum+c.End.Sub(from), c.End
	}
	return sum
}
