package app_test

import (
	"strings"

	"recall/stress/device"
)

// known is a question that the starter catalogue answers for sure, and unknown
// one to which nothing in it comes near.
const (
	known   = "Bohemian Rhapsody by Queen"
	unknown = "qzxv wjkq"
)

type fields = device.Fields

// user is a person with an account.
type user struct {
	w         *world
	id, token string
}

func (w *world) user() *user {
	w.t.Helper()
	token, id, err := device.Token(w.ctx, w.url, "")
	check(w.t, err)
	return &user{w, id, token}
}

// phone is one connection of a user.
type phone struct {
	*device.Device
	w *world
}

// dial connects and waits for the welcome. At the test's end the connection goes,
// and must have seen dense numbers throughout.
func (u *user) dial() *phone {
	u.w.t.Helper()
	p := u.w.dial(device.Options{Token: u.token})
	p.await("welcome", func(f device.Frame) bool { return f.Type == "welcome" })
	return p
}

func (w *world) dial(o device.Options) *phone {
	w.t.Helper()
	d, err := device.Dial(w.ctx, strings.Replace(w.url, "http", "ws", 1), o)
	check(w.t, err)
	w.t.Cleanup(func() {
		d.Drop()
		for _, fault := range d.Faults() {
			w.t.Error(fault)
		}
	})
	return &phone{d, w}
}

// do sends a command and returns its direct reply, whatever it is.
func (p *phone) do(kind string, f fields) device.Frame {
	p.w.t.Helper()
	reply, err := p.Do(p.w.ctx, kind, f)
	check(p.w.t, err)
	return reply
}

// want is do with a reply of that type.
func (p *phone) want(reply, kind string, f fields) device.Frame {
	p.w.t.Helper()
	got := p.do(kind, f)
	if got.Type != reply {
		p.w.t.Fatalf("%s %v: got %s, want %s", kind, f, got.Raw, reply)
	}
	return got
}

// refused is do with an error of that code.
func (p *phone) refused(code, kind string, f fields) device.Frame {
	p.w.t.Helper()
	got := p.do(kind, f)
	if got.Type != "error" || got.Code != code {
		p.w.t.Fatalf("%s %v: got %s, want the error %s", kind, f, got.Raw, code)
	}
	return got
}

// await waits for a frame, also one that came before.
func (p *phone) await(what string, match func(device.Frame) bool) device.Frame {
	p.w.t.Helper()
	f, err := p.Await(p.w.ctx, match)
	if err != nil {
		p.w.t.Fatalf("waiting for %s: %v; got %s", what, err, types(p.Frames()))
	}
	return f
}

// farewell waits for the goodbye and the close frame, which must say the same.
func (p *phone) farewell(code int) device.Frame {
	p.w.t.Helper()
	bye := p.await("goodbye", func(f device.Frame) bool { return f.Type == "goodbye" })
	closed, err := p.Closed(p.w.ctx)
	check(p.w.t, err)
	if bye.Code != float64(code) || closed != code {
		p.w.t.Fatalf("goodbye %s and close code %d, want %d", bye.Raw, closed, code)
	}
	return bye
}

func (p *phone) thread() string {
	p.w.t.Helper()
	id, err := p.NewThread(p.w.ctx)
	check(p.w.t, err)
	return id
}

// question is the fields of a text recall.
func question(thread, request, text string) fields {
	return fields{"thread_id": thread, "request_id": request, "input": fields{"kind": "text", "text": text}}
}

// ask sends a recall that must be accepted.
func (p *phone) ask(thread, text string) (recallID string) {
	p.w.t.Helper()
	return p.want("recall.accepted", "recall", question(thread, device.NewUUID(), text)).RecallID
}

// ending waits for a recall's terminal event.
func (p *phone) ending(recallID string) device.Frame {
	p.w.t.Helper()
	return p.await("the end of "+recallID, func(f device.Frame) bool { return f.RecallID == recallID && f.IsTerminal() })
}

// found asks and waits for the end.
func (p *phone) found(thread, text string) device.Frame {
	p.w.t.Helper()
	return p.ending(p.ask(thread, text))
}

// messages is everything that a thread shows.
func (p *phone) messages(thread string) []any {
	p.w.t.Helper()
	return list(p.want("messages", "messages.list", fields{"thread_id": thread}), "messages")
}

// events are the numbered events of a thread, in the order in which they came.
func (p *phone) events(thread string) (out []device.Frame) {
	for _, f := range p.Frames() {
		if f.IsEvent() && f.ThreadID == thread {
			out = append(out, f)
		}
	}
	return out
}
