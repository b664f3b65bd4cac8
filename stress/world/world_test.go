package world

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"recall/stress/device"
	"recall/stress/report"
)

// patience is for a start on a machine that is busy with other tests.
const patience = 100 * time.Second

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// open makes a world as tests want it: in memory where there is such a folder, and
// without syncing.
func open(ctx context.Context, t *testing.T) *World {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "recall-world-")
	check(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	w, err := Open(ctx, Options{
		Dir: dir, Emulator: []string{"-latency=0s", "-tokens-per-second=-1"}, Postgres: map[string]string{"fsync": "off"},
	})
	check(t, err)
	t.Cleanup(func() { check(t, w.Close()) })
	return w
}

func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

// connect is a new user's device.
func connect(ctx context.Context, t *testing.T, w *World, s *Server) *device.Device {
	t.Helper()
	token, err := w.Token(device.NewUUID())
	check(t, err)
	d, err := device.Dial(ctx, s.WS(), device.Options{Token: token})
	check(t, err)
	t.Cleanup(d.Drop)
	return d
}

// ended asks in a new thread and waits for the end.
func ended(ctx context.Context, t *testing.T, d *device.Device, question string) device.Frame {
	t.Helper()
	thread, err := d.NewThread(ctx)
	check(t, err)
	id, err := d.Ask(ctx, thread, question)
	check(t, err)
	f, err := d.Ending(ctx, id)
	check(t, err)
	return f
}

// What a run does to its processes, one thing after the other: they are slow to start.
func TestProcessesAreServedMeasuredRestartedAndEnded(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the work is in other processes, which the race detector does not see")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := open(ctx, t)
	first, err := w.Serve(ctx)
	check(t, err)
	second, err := w.Serve(ctx, "RECALL_DRAIN_TIMEOUT=1s")
	check(t, err)

	sampler, err := w.NewSampler(ctx, first)
	check(t, err)
	d := connect(ctx, t, w, first)
	if f := ended(ctx, t, d, "Bohemian Rhapsody by Queen"); f.Type != "recall.completed" || strings.Contains(string(f.Raw), `"gpt-4o","reason"`) {
		t.Errorf("ended with %s", f.Raw)
	}
	sample, err := sampler.Sample(ctx)
	check(t, err)
	measured(t, sample)

	check(t, w.Outage(ctx, "gpt-4o"))
	if f := ended(ctx, t, d, "Africa by Toto"); !strings.Contains(string(f.Raw), `"provider":"gpt-4o"`) {
		t.Errorf("in an outage one ended with %s", f.Raw)
	}
	check(t, w.Recover(ctx))
	if calls, err := w.Calls(ctx); err != nil || calls["gpt-4o"] < 2 {
		t.Errorf("calls: %v, %v", calls, err)
	}

	before := w.PIDs()["postgres"]
	check(t, w.RestartPostgres(ctx))
	if now := w.PIDs()["postgres"]; now == before || !gone(before) {
		t.Errorf("Postgres was process %d and is %d", before, now)
	}

	check(t, w.KillPostgres())
	if pids := w.PIDs(); pids["postgres"] != 0 {
		t.Errorf("Postgres is killed and still process %d", pids["postgres"])
	}
	check(t, w.StartPostgres(ctx))

	check(t, first.Kill())
	check(t, second.Stop())
	if !gone(first.PID()) || !gone(second.PID()) || len(w.PIDs()) != 3 {
		t.Errorf("processes left: %v", w.PIDs())
	}
	if first.Wait() == nil || second.Wait() != nil {
		t.Errorf("killed: %v, stopped: %v", first.Wait(), second.Wait())
	}
}

func measured(t *testing.T, s report.Sample) {
	t.Helper()
	for _, name := range []string{"server", "server-2", "postgres", "emulator", "harness"} {
		if _, known := s.CPU[name]; !known || s.RSS[name] < 1<<20 {
			t.Errorf("%s: CPU %v, memory %d", name, s.CPU[name], s.RSS[name])
		}
	}
	if s.Connections != 1 || s.RoundTrips <= 0 || s.Queries < s.RoundTrips || s.HeapStack < 1<<20 {
		t.Errorf("sample: %+v", s)
	}
}

// A server that cannot start says why, and leaves no process.
func TestSettingsThatAreRefusedAreTold(t *testing.T) {
	t.Parallel()
	if raced {
		t.Skip("the work is in other processes, which the race detector does not see")
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w := open(ctx, t)
	if _, err := w.Serve(ctx, "RECALL_PING_INTERVAL=soon"); err == nil || !strings.Contains(err.Error(), "RECALL_PING_INTERVAL") {
		t.Errorf("it said %v", err)
	}
	if pids := w.PIDs(); len(pids) != 3 {
		t.Errorf("processes left: %v", pids)
	}
}
