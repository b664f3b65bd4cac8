// Package crew runs what there is to do on goroutines that have done other things before.
//
// A goroutine begins on a stack of 2 KB, and a call of the database, of a service or of an
// actor grows it, by copying it, every time: 7 % of the processor under a load of text
// recalls. A goroutine of a crew keeps the stack that it has grown to while it waits for
// the next thing; the collector makes it smaller when nothing comes for long.
package crew

import "sync"

// Crew is goroutines that wait for something to do. It is safe for concurrent use.
type Crew struct {
	work   chan func()   // to a goroutine that waits
	places chan struct{} // of those that may wait
	end    chan struct{} // closed: none waits any more
	stop   sync.Once
	tasks  sync.WaitGroup
}

// New makes a crew of which up to so many goroutines wait. It begins with none.
func New(waiting int) *Crew {
	return &Crew{work: make(chan func()), places: make(chan struct{}, waiting), end: make(chan struct{})}
}

// Go runs f, which must not panic, beside the caller. It never waits: when no goroutine
// does, there is one more, for as long as there is work or a place.
func (c *Crew) Go(f func()) {
	c.tasks.Add(1)
	select {
	case c.work <- f:
	default:
		go c.serve(f)
	}
}

// Wait waits until everything is done that was begun by then.
func (c *Crew) Wait() { c.tasks.Wait() }

// Stop sends those home that wait. What is begun later runs all the same. It can be
// called twice.
func (c *Crew) Stop() { c.stop.Do(func() { close(c.end) }) }

func (c *Crew) serve(f func()) {
	for ok := true; ok; f, ok = c.next() {
		c.run(f)
	}
}

func (c *Crew) run(f func()) {
	defer c.tasks.Done() // also when a test ends the goroutine
	f()
}

func (c *Crew) next() (f func(), ok bool) {
	select {
	case c.places <- struct{}{}:
	default:
		return nil, false
	}
	defer func() { <-c.places }()
	select {
	case f = <-c.work:
		return f, true
	case <-c.end:
		return nil, false
	}
}
