package metrics

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// mostNames bounds the values of a label. All of ours are fixed sets, far smaller;
	// the bound is for the day when somebody passes on what a client has sent.
	mostNames = 40
	// otherName is what stands for all names beyond the bound.
	otherName = "other"
)

// named holds one T for each name, at most mostNames and one for all others. It is
// safe for concurrent use.
type named[T any] struct {
	mu    sync.RWMutex
	all   map[string]T
	fresh func(name string) T
}

// newNamed has the known names from the start, so that a reader need not wonder
// whether nothing has happened or a name has changed.
func newNamed[T any](fresh func(name string) T, known ...string) *named[T] {
	n := &named[T]{all: map[string]T{}, fresh: fresh}
	for _, name := range known {
		n.of(name)
	}
	return n
}

// of finds or makes what belongs to a name.
func (n *named[T]) of(name string) T {
	n.mu.RLock()
	found, ok := n.all[name]
	n.mu.RUnlock()
	if ok {
		return found
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.all[name]; !ok && len(n.all) >= mostNames {
		name = otherName
	}
	if _, ok := n.all[name]; !ok {
		n.all[name] = n.fresh(name)
	}
	return n.all[name]
}

// each is what there is by now.
func (n *named[T]) each() map[string]T {
	n.mu.RLock()
	defer n.mu.RUnlock()
	return maps.Clone(n.all)
}

// show is what each one has to show.
func show[T, S any](n *named[T], of func(T) S) map[string]S {
	shown := map[string]S{}
	for name, one := range n.each() {
		shown[name] = of(one)
	}
	return shown
}

// count is one number for both readers.
type count struct {
	n       atomic.Int64
	counter prometheus.Counter
}

func (c *count) inc() {
	c.n.Add(1)
	c.counter.Inc()
}

func (c *count) value() int64 { return c.n.Load() }

// tally counts by one label.
type tally struct{ *named[*count] }

func (t tally) inc(name string) { t.of(name).inc() }

func (t tally) counts() map[string]int64 { return show(t.named, (*count).value) }

func (t tally) sum() int64 {
	var all int64
	for _, n := range t.counts() {
		all += n
	}
	return all
}
