package provider

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/crew"
)

// Service is one outside service, behind its supervisor. It is safe for concurrent
// use.
type Service struct {
	name   string
	cfg    Config
	deps   Deps
	now    func() time.Time
	meter  Meter
	system *actor.ActorSystem
	pid    *actor.PID
	kept   *kept
	status atomic.Pointer[Status]

	runners runners

	mu      sync.Mutex // guards what follows, and the flights
	lastID  uint64
	open    map[uint64]*flight // all that have not been settled
	shared  map[key]*flight    // that others may join
	stopped bool
}

// Start spawns the supervisor of the service with that name, which is how the log,
// the meter and `degraded` call it.
func Start(system *actor.ActorSystem, name string, cfg Config, deps Deps) *Service {
	cfg, deps = cfg.withDefaults(), deps.withDefaults()
	s := &Service{
		name: name, cfg: cfg, deps: deps, now: deps.Now, meter: deps.Meter, system: system,
		kept: newKept(cfg.Answers, deps.Meter, name),
		open: map[uint64]*flight{}, shared: map[key]*flight{}, runners: runners{crew.New(waitingRunners)},
	}
	s.status.Store(&Status{State: Closed})
	props := actor.PropsFromProducer(func() actor.Actor { return newSupervisor(s) }, actor.WithDispatcher(s.runners))
	s.pid = system.Root.SpawnPrefix(props, "provider/"+name+"/")
	return s
}

// Name is what the service was started as.
func (s *Service) Name() string { return s.name }

// Kept is how many answers are kept, and about how many bytes they take.
func (s *Service) Kept() (entries int, bytes uint64) { return s.kept.size() }

// Stop ends every call and the supervisor, and waits until its workers have come
// back, for at most 10 s. Calls from then on fail.
func (s *Service) Stop() {
	s.mu.Lock()
	first := !s.stopped
	s.stopped = true
	s.mu.Unlock()
	if !first {
		return
	}
	s.abandon()
	_ = s.system.Root.StopFuture(s.pid).Wait()
	s.kept.close()
	s.runners.Stop()
}

// abandon ends every call under way without a result.
func (s *Service) abandon() {
	s.mu.Lock()
	flights := make([]*flight, 0, len(s.open))
	for _, f := range s.open {
		flights = append(flights, f)
	}
	s.mu.Unlock()
	for _, f := range flights {
		f.end(errStopped)
		s.settle(f, nil, stopped())
	}
}

// tell puts an input into the supervisor's mailbox.
func (s *Service) tell(in any) { s.system.Root.Send(s.pid, in) }

// flight finds a call that has not been settled.
func (s *Service) flight(id uint64) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[id]
}

// patience is how long somebody waits for the flight.
func (s *Service) patience(f *flight) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return f.patience
}
