package load

import (
	"context"
	"os"
	"testing"
	"time"

	"go.uber.org/goleak"

	"recall/actors/provider/catalog/catalogtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is for a machine that is busy with other tests.
const patience = 7 * time.Minute

// folder is in memory where there is such a place, and open to Postgres' user.
func folder(t *testing.T) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "recall-load-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// tiny is everyday life of 50 users in a hurry. Nothing of it is judged by the clock, and
// the server refuses nobody for a machine that is busy with other tests.
func tiny() Profile {
	return Profile{
		Name: "tiny", Rate: 6, Storm: 0.3, Server: []string{"RECALL_SHED_AFTER=10m"}, Emulator: []string{"-latency=20ms", "-tokens-per-second=2000", "-quiet"},
		Mix:    Mix{Ask: 20, FollowUp: 15, Voice: 5, Cancel: 10, Hammer: 4, Page: 15, List: 10, Resume: 15},
		Stages: Stages{{Name: "up", Ramp: time.Second, Conns: 50}, {Name: "life", Hold: 8 * time.Second, Conns: 50}, {Name: "down", Ramp: time.Second, Conns: 20}},
	}
}

// A server keeps every promise under a small load of everything that users do, and the
// run sees each kind of it. It runs under the race detector for the harness' own sake.
func TestPromisesHoldUnderASmallLoad(t *testing.T) {
	t.Parallel()
	songs, err := catalogtest.Starter("../../persistence/starter")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	seconds := 0
	r, err := Run(ctx, Options{
		Profile: tiny(), Seed: 7, Questions: catalogtest.Queries(songs, 1000, 1), Dir: folder(t),
		Postgres: map[string]string{"fsync": "off"}, Progress: func(Progress) { seconds++ },
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Checks {
		if !c.OK {
			t.Errorf("%s: want %s, got %s", c.Name, c.Want, c.Got)
		}
	}
	n := r.Counts
	if n.Accepted == 0 || n.Completed == 0 || n.Cancelled == 0 || n.Refused["recall_minute"] == 0 || n.Errors > 0 {
		t.Errorf("not everything has happened, or too much: %+v\n%q", n, r.Notes)
	}
	if len(r.Samples) == 0 || seconds == 0 || len(r.Latencies) < 9 {
		t.Errorf("%d samples, %d times progress, %d latencies", len(r.Samples), seconds, len(r.Latencies))
	}
}
