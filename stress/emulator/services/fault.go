package services

import "slices"

// Class is what a call comes to (PROVIDERS.md, B0).
type Class string

// The classes.
const (
	OK          Class = "ok"
	NoMatch     Class = "no_match"
	BadInput    Class = "bad_input"
	Auth        Class = "auth"
	Quota       Class = "quota"
	Throttled   Class = "throttled"
	Unavailable Class = "unavailable"
	Timeout     Class = "timeout"
)

// Fault is something that a service does instead of answering well.
type Fault struct {
	Name  string `json:"name"`
	About string `json:"about"`
	// Expect is the class that the client should find.
	Expect Class `json:"expect"`
	// Or are other classes that PROVIDERS.md leaves room for.
	Or []Class `json:"or,omitempty"`

	answer  func(c *call, normal func() reply) reply // nil: the usual answer
	deliver func(*delivery) error                    // nil: at once and whole
}

// Allows tells whether a client may see a fault as this class.
func (f Fault) Allows(c Class) bool { return c == f.Expect || slices.Contains(f.Or, c) }

// or adds classes that are as right.
func (f Fault) or(also ...Class) Fault {
	f.Or = also
	return f
}

// replyTo is the answer under this fault; the zero fault changes nothing.
func (f Fault) replyTo(c *call, normal func() reply) reply {
	if f.answer == nil {
		return normal()
	}
	return f.answer(c, normal)
}

func (f Fault) send(d *delivery) error {
	if f.deliver == nil {
		return d.plain()
	}
	return f.deliver(d)
}

// Faults lists what a service can do wrong, in a fixed order; nil for an unknown service.
func Faults(service string) []Fault {
	switch service {
	case Whisper:
		return slices.Concat(anyFaults(openaiDown), openaiFaults(), whisperFaults(), streamFaults())
	case GPT4o, GPT4oMini:
		return slices.Concat(anyFaults(openaiDown), openaiFaults(), streamFaults(), chatFaults())
	case ACRCloud:
		return slices.Concat(anyFaults(plainDown), acrFaults())
	case Shazam:
		return slices.Concat(anyFaults(plainDown), shazamFaults())
	case AudD:
		return slices.Concat(anyFaults(plainDown), auddFaults())
	case Lyrics:
		return slices.Concat(anyFaults(plainDown), lyricsFaults())
	default:
		return nil
	}
}

// FaultNamed finds a fault of a service.
func FaultNamed(service, name string) (Fault, bool) {
	for _, f := range Faults(service) {
		if f.Name == name {
			return f, true
		}
	}
	return Fault{}, false
}

// always answers with r, whatever is asked.
func always(name, about string, r reply) Fault {
	return Fault{Name: name, About: about, Expect: r.outcome, answer: func(c *call, _ func() reply) reply {
		switch c.service {
		case Whisper, GPT4o, GPT4oMini:
			return c.openaiHeaders(r)
		case Shazam:
			return c.rapidHeaders(r)
		default:
			return r
		}
	}}
}

// changed gives the usual answer, changed.
func changed(name, about string, expect Class, change func(reply) reply) Fault {
	return Fault{Name: name, About: about, Expect: expect, answer: func(_ *call, normal func() reply) reply {
		return change(normal())
	}}
}

// delivered gives the usual answer in a bad manner.
func delivered(name, about string, expect Class, deliver func(*delivery) error) Fault {
	return Fault{Name: name, About: about, Expect: expect, deliver: deliver}
}
