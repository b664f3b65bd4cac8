package scenarios

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"recall/stress/device"
)

// app is what a person holds: it keeps one connection, comes back when that breaks,
// resumes its threads, and tells the judge of everything.
type app struct {
	*stage
	name, user, token string
	places            *device.Places
	ctx               context.Context // of its life
	gone              context.CancelFunc
	home              chan struct{} // closed when it has left

	mu      sync.Mutex
	lean    *device.Lean  // the present connection; nil without
	up      chan struct{} // closed when signed in, replaced when the connection ends
	leaving bool
	gate    chan struct{} // comes back when it is closed; nil: at once
	waiting map[string]chan device.Frame
	recalls map[string]*recall
	story   *story // of the thread that it follows; nil: nobody wants to know
}

// recall is what an app knows of one of its own.
type recall struct {
	thread string
	ended  chan struct{} // closed with the terminal event
	end    device.Frame
}

// newApp is an app of a user that connects and stays connected.
func (s *stage) newApp(ctx context.Context, name, user string) (*app, error) {
	token, err := s.world.Token(user)
	if err != nil {
		return nil, err
	}
	a := &app{
		stage: s, name: name, user: user, token: token, places: device.NewPlaces(), home: make(chan struct{}),
		up: make(chan struct{}), waiting: map[string]chan device.Frame{}, recalls: map[string]*recall{},
	}
	a.ctx, a.gone = context.WithCancel(context.WithoutCancel(ctx))
	s.mu.Lock()
	s.apps = append(s.apps, a)
	s.mu.Unlock()
	go a.live()
	return a, nil
}

// live connects again and again until the app leaves.
func (a *app) live() {
	defer close(a.home)
	for a.ctx.Err() == nil {
		lean, err := a.connect()
		if err == nil {
			<-lean.Done()
		}
		if err == nil && a.waitAtGate() {
			continue
		}
		_ = pause(a.ctx, 50*time.Millisecond+rand.N(200*time.Millisecond)) //nolint:gosec // spreads load
	}
}

func (a *app) waitAtGate() (waited bool) {
	a.mu.Lock()
	gate := a.gate
	a.mu.Unlock()
	if gate == nil {
		return false
	}
	select {
	case <-gate:
	case <-a.ctx.Done():
	}
	a.mu.Lock()
	a.gate = nil
	a.mu.Unlock()
	return true
}

// connect dials and says hello; the rest comes by itself. A token that the hello brings
// lets the threads be resumed in the same breath.
func (a *app) connect() (*device.Lean, error) {
	ctx, cancel := context.WithTimeout(a.ctx, 20*time.Second)
	defer cancel()
	lean, err := device.DialLean(ctx, a.target.Load().WS(), device.LeanOptions{
		Places: a.places, Got: a.got, Ended: a.ended,
		Fault: func(err error) { a.judge.Fault(a.name, err) },
	})
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	a.lean = lean
	leaving := a.leaving
	a.mu.Unlock()
	if leaving {
		lean.Drop()
		return lean, nil
	}
	if err := lean.Hello("hello", a.token); err != nil {
		lean.Drop()
	}
	return lean, nil
}

// cut breaks the connection without a word; the app comes back when the gate is opened.
func (a *app) cut(gate chan struct{}) {
	a.mu.Lock()
	a.gate = gate
	lean := a.lean
	a.mu.Unlock()
	if lean != nil {
		lean.Drop()
	}
}

// leave says goodbye for good, and returns when nothing comes any more.
func (a *app) leave() {
	a.mu.Lock()
	a.leaving = true
	lean := a.lean
	a.mu.Unlock()
	a.gone()
	if lean != nil {
		lean.Close()
	}
	<-a.home
}
