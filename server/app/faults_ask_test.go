package app

import (
	"strings"

	"recall/wire"
)

// wantWhole checks what holds for whatever a person saw: the events are dense, and each
// recall has exactly one terminal event, which is its last and was stored before.
func (p *person) wantWhole(recalls ...wire.ID) {
	p.Helper()
	p.mu.Lock()
	frames := p.frames
	p.mu.Unlock()
	last := int64(0)
	for _, f := range frames {
		if f.TS == "" {
			continue
		}
		if last != 0 && f.Seq != last+1 {
			p.Errorf("event %d follows event %d", f.Seq, last)
		}
		last = f.Seq
	}
	for _, id := range recalls {
		p.wantOneEnd(p.events(id))
	}
}

func (p *person) wantOneEnd(events []told) {
	p.Helper()
	ends := 0
	for _, f := range events {
		if f.isTerminal() {
			ends++
		}
	}
	if ends != 1 || !events[len(events)-1].isTerminal() {
		p.Errorf("%d terminal events: %s", ends, kinds(events))
		return
	}
	if !events[len(events)-1].stored {
		p.Error("the terminal event was sent before it was stored")
	}
}

func kinds(frames []told) string {
	var all []string
	for _, f := range frames {
		all = append(all, f.Type)
	}
	return strings.Join(all, " ")
}

// The ways to ask. On a rig whose people are all different, no two requests are equal.
func typed(text string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputText, Text: text + strings.Repeat("!", p.different())}
	}
}

// different is the person's number where no two are to ask the same, else 0.
func (p *person) different() int {
	if p.unequal {
		return int(p.born.Add(1))
	}
	return 0
}

func spoken(clip string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputVoice, MediaID: p.media.put(clip, p.different())}
	}
}

// transcribed is a voice note that the app has written down itself.
func transcribed(text string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		in := spoken("speech:x")(p)
		in.Text = text
		return in
	}
}

func shown(picture string) func(*person) wire.Input {
	return func(p *person) wire.Input {
		return wire.Input{Kind: wire.InputImage, MediaID: p.media.put(picture, p.different())}
	}
}
