package crew

import (
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestEverythingIsRun: also far more at once than wait, and what comes after the end.
func TestEverythingIsRun(t *testing.T) {
	t.Parallel()
	const waiting = 4
	c := New(waiting)
	var done atomic.Int32
	gate := make(chan struct{})
	var begun sync.WaitGroup
	for range 10 * waiting { // none can end before all have begun
		begun.Add(1)
		c.Go(func() { begun.Done(); <-gate; done.Add(1) })
	}
	begun.Wait()
	close(gate)
	for range 1000 {
		c.Go(func() { done.Add(1) })
	}
	c.Wait()
	c.Stop()
	for range 1000 {
		c.Go(func() { done.Add(1) })
	}
	c.Wait()
	if n := done.Load(); n != 10*waiting+2000 {
		t.Errorf("%d were run", n)
	}
}

// TestWaitWaits until what was begun is done, also by a task itself.
func TestWaitWaits(t *testing.T) {
	t.Parallel()
	c := New(1)
	defer c.Stop()
	var last atomic.Bool
	gate := make(chan struct{})
	c.Go(func() {
		c.Go(func() { <-gate; last.Store(true) })
		close(gate)
	})
	c.Wait()
	if !last.Load() {
		t.Error("it did not wait")
	}
}

// deep needs more stack than a goroutine begins with.
//
//go:noinline
func deep(n int) byte {
	var frame [512]byte
	if n > 0 {
		frame[n] = deep(n - 1)
	}
	return frame[n] + 1
}

// BenchmarkGo is a task of 16 KB of stack, beside the same on goroutines of its own.
func BenchmarkGo(b *testing.B) {
	c := New(16)
	defer c.Stop()
	var fresh sync.WaitGroup
	for name, run := range map[string]func(func()){"crew": c.Go, "fresh": fresh.Go} {
		b.Run(name, func(b *testing.B) {
			done := make(chan struct{})
			task := func() { deep(30); done <- struct{}{} }
			b.ReportAllocs()
			for b.Loop() {
				run(task)
				<-done
			}
		})
	}
	fresh.Wait()
}
