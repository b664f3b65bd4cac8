package provider

import "time"

// Throttled is how [Service.Status] calls a closed breaker behind a shut gate.
const Throttled State = "throttled"

// Status is how a service stands.
type Status struct {
	State     State
	Reason    string    // of open and disabled: the fault's word, such as "timeout" or "quota"
	Failures  int       // in a row
	OpenedAt  time.Time // when it was opened or disabled; zero: it is not
	NotBefore time.Time // the service asked not to be called until then; zero: it did not
	Running   int       // places taken
	Waiting   int       // calls that wait for one
}

// Status tells how the service stands. It asks no mailbox: what it tells was so after
// the last thing that happened to the service.
func (s *Service) Status() Status {
	st := *s.status.Load()
	if !s.now().Before(st.NotBefore) {
		st.NotBefore = time.Time{}
	} else if st.State == Closed {
		st.State = Throttled
	}
	return st
}

func (g *guard) status() *Status {
	st := &Status{
		State: g.state, Failures: g.failures, OpenedAt: g.openedAt, NotBefore: g.notBefore,
		Running: len(g.active), Waiting: len(g.queue),
	}
	if g.why != nil {
		st.Reason = g.why.Word()
	}
	return st
}
