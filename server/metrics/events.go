package metrics

import (
	"strconv"
	"time"

	"recall/wire"
)

// Observe records one run of an operation. That something is not there is an answer
// and no failure.
func (r *Recorder) Observe(op string, d time.Duration, err error) {
	o := r.ops.of(op)
	o.observe(d, failure(err))
	r.seconds.WithLabelValues(o.name).Observe(d.Seconds())
	failed := r.errors.WithLabelValues(o.name) // there before the first failure
	if failure(err) {
		failed.Inc()
	}
}

func failure(err error) bool { return err != nil && wire.AsError(err).Code != wire.CodeNotFound }

// Coalesced counts a request that shared another's run of op.
func (r *Recorder) Coalesced(op string) {
	r.coalesced.inc(op)
	r.ops.of(op).spared()
}

// Debounced counts a request that had the result of an equal one of its connection a
// moment before.
func (r *Recorder) Debounced(op string) {
	r.debounced.inc(op)
	r.ops.of(op).spared()
}

// Prefetched counts a run of op that nobody had asked for yet.
func (r *Recorder) Prefetched(op string) { r.prefetched.inc(op) }

// Begin counts a recall that is being resolved, until done is called.
func (r *Recorder) Begin() (done func()) {
	r.active.Add(1)
	return func() { r.active.Add(-1) }
}

// Admitted counts a recall that the limits of user let in.
func (r *Recorder) Admitted(user wire.ID) {
	r.admitted.inc()
	r.users.asked(user, false)
}

// Refused counts a recall of user that a limit refused, by the limit's name.
func (r *Recorder) Refused(user wire.ID, policy string) {
	r.refused.inc(policy)
	r.users.asked(user, true)
}

// Shed counts a recall that was refused because the server is overloaded, by what is
// short: recalls, database or processor.
func (r *Recorder) Shed(reason string) { r.shed.inc(reason) }

// Flooded counts a time that one connection or one address asked too much and was
// refused or slowed down, by what there was too much of: frames, bytes, handshakes,
// connections or requests.
func (r *Recorder) Flooded(what string) { r.floods.inc(what) }

// Closed counts a connection that the server closed.
func (r *Recorder) Closed(code wire.CloseCode) { r.closes.inc(strconv.Itoa(int(code))) }
