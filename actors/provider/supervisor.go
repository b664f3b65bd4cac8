package provider

import (
	"context"
	"log/slog"
	"time"

	"github.com/asynkron/protoactor-go/actor"

	"recall/actors/provider/fault"
)

// supervisor carries inputs into its guard and effects out. Nothing in its mailbox
// waits.
type supervisor struct {
	*Service
	guard  *guard
	timer  *time.Timer // the guard's wake
	worker *actor.Props
	ending bool
}

func newSupervisor(s *Service) *supervisor {
	w := worker{now: s.now}
	return &supervisor{
		Service: s, guard: newGuard(s.cfg, jittered),
		worker: actor.PropsFromProducer(func() actor.Actor { return w }, actor.WithDispatcher(s.runners)),
	}
}

// Receive implements [actor.Actor].
func (v *supervisor) Receive(c actor.Context) {
	switch m := c.Message().(type) {
	case *actor.Started:
		v.timer = time.AfterFunc(v.cfg.Open, func() { v.tell(tick{}) })
		v.timer.Stop()
		v.status.Store(v.guard.status())
	case *actor.Stopping:
		v.ending = true
		v.timer.Stop()
	case *actor.Restarting: // the guard has crashed: its successor knows of no call
		v.timer.Stop()
		v.abandon()
	case asked, withdrawn, tick, ended:
		v.step(c, m, nil)
	case *done:
		v.done(c, m)
	}
}

// done takes the end of an attempt.
func (v *supervisor) done(c actor.Context, m *done) {
	v.meter.Called(v.name, outcome(m.fault), m.took)
	v.logCall(m)
	v.step(c, ended{m.flight.id, m.fault, m.flight.tape.told(), v.patience(m.flight)}, m.value)
}

// step lets the guard decide and does what it says. value is the result of the
// attempt that ended, if one did: only its own call can be finished without a fault.
func (v *supervisor) step(c actor.Context, in, value any) {
	if v.ending {
		return
	}
	for _, e := range v.guard.step(v.now(), in) {
		switch e := e.(type) {
		case start:
			v.start(c, e)
		case refuse:
			v.meter.Called(v.name, e.fault.Word(), 0)
			v.finish(e.id, nil, e.fault)
		case finish:
			v.finish(e.id, valueOf(in, e, value), e.fault)
		case wake:
			v.timer.Reset(e.at.Sub(v.now()))
		case changed:
			v.meter.StateChanged(v.name, string(e.from), string(e.to))
			v.logChange(e)
		}
	}
	v.status.Store(v.guard.status())
}

// valueOf gives the value to the call that it belongs to: the end of one attempt may
// finish other calls as well.
func valueOf(in any, e finish, value any) any {
	if end, ok := in.(ended); ok && end.id == e.id {
		return value
	}
	return nil
}

func (v *supervisor) start(c actor.Context, e start) {
	f := v.flight(e.id)
	if f == nil { // abandoned meanwhile: give its place back
		v.tell(ended{id: e.id, fault: left()})
		return
	}
	c.Send(c.Spawn(v.worker), &job{flight: f, attempt: e.attempt})
}

func (v *supervisor) finish(id uint64, value any, flt *fault.Fault) {
	if f := v.flight(id); f != nil {
		v.settle(f, value, flt)
	}
}

// HandleFailure implements [actor.SupervisorStrategy]: a worker that crashed is
// stopped, and its crash is the outcome of its call. It is no failure of the service,
// so it does not count; and it would only happen again, so it is not retried.
func (v *supervisor) HandleFailure(_ *actor.ActorSystem, own actor.Supervisor, child *actor.PID,
	_ *actor.RestartStatistics, reason, message any) {
	own.StopChildren(child)
	j, ok := actor.UnwrapEnvelopeMessage(message).(*job)
	if !ok {
		return
	}
	v.deps.Logger.Error("provider: a call crashed", slog.String("service", v.name),
		slog.Any("panic", reason), slog.String("stack", string(j.stack)))
	f := fault.New(fault.Unavailable, "the call crashed: %v", reason)
	f.Reason, f.Final = Crashed, true
	v.tell(&done{flight: j.flight, attempt: j.attempt, fault: f, took: v.now().Sub(j.began)})
}

func (v *supervisor) logCall(m *done) {
	if m.fault == nil {
		return
	}
	level := slog.LevelInfo
	if m.fault.Class == fault.Canceled {
		level = slog.LevelDebug
	}
	v.deps.Logger.Log(context.Background(), level, "provider: a call failed", slog.String("service", v.name),
		slog.Int("attempt", m.attempt), slog.Duration("took", m.took), slog.Any("error", m.fault))
}

func (v *supervisor) logChange(e changed) {
	log := v.deps.Logger.With(slog.String("service", v.name), slog.String("from", string(e.from)))
	switch e.to {
	case Open:
		log.Warn("provider: the service is down, calls are refused", slog.Duration("for", v.cfg.Open), slog.Any("error", e.why))
	case Disabled:
		log.Warn("provider: the service refuses our key or plan, calls are refused until that is changed",
			slog.Duration("probe", v.cfg.Probe), slog.Any("error", e.why))
	case Closed:
		log.Info("provider: the service works again")
	default:
		log.Info("provider: the next call tries whether the service is back")
	}
}

// outcome is how the meter calls an attempt's end.
func outcome(f *fault.Fault) string {
	switch {
	case f == nil:
		return "ok"
	case f.Reason == Crashed:
		return Crashed
	default:
		return string(f.Class)
	}
}
