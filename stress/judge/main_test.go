package judge_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"recall/persistence"
	"recall/persistence/pgtest"
	"recall/stress/judge"
	"recall/stress/report"
)

func TestMain(m *testing.M) {
	os.Exit(pgtest.Main(m, migrate, func() error { return goleak.Find() }))
}

func migrate(ctx context.Context, url string) error {
	return persistence.Migrate(ctx, url, slog.New(slog.DiscardHandler))
}

var limits = judge.Limits{PerMinute: 10, PerHour: 100, AtOnce: 5}

var errNumbers = errors.New("number 3 after 1")

// scene tells a judge a history in short words: users, requests, recalls and
// threads are numbers, times are seconds.
type scene struct{ *judge.Judge }

func newScene(l judge.Limits) scene { return scene{judge.New(l)} }

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time {
	return begin.Add(time.Duration(seconds * float64(time.Second)))
}

func id(family, n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", family, n) }

func user(n int) string    { return id(1, n) }
func request(n int) string { return id(2, n) }
func recallID(n int) string {
	return id(3, n)
}
func thread(n int) string  { return id(4, n) }
func message(n int) string { return id(5, n) }

func (s scene) ask(u, n int, sec float64) { s.Asked(user(u), request(n), at(sec)) }

func (s scene) accept(u, n int, sec float64) {
	s.Accepted(user(u), request(n), recallID(n), thread(u), message(n), at(sec))
}

func (s scene) refuse(u, n int, policy string, sec float64) {
	s.Refused(user(u), request(n), "rate_limited", policy, at(sec))
}

func (s scene) end(n int, sec float64) { s.Ended("phone", recallID(n), "recall.completed", at(sec)) }

// whole is a recall from its question to its end, each a tenth of a second apart.
func (s scene) whole(u, n int, sec float64) {
	s.ask(u, n, sec)
	s.accept(u, n, sec+0.1)
	s.end(n, sec+0.2)
}

// wholes are several recalls, at equal distances.
func (s scene) wholes(count int, from, apart float64) {
	for n := range count {
		s.whole(1, n, from+float64(n)*apart)
	}
}

func broken(checks []report.Check) (names []string) {
	for _, c := range checks {
		if !c.OK {
			names = append(names, c.Name)
		}
	}
	return names
}
