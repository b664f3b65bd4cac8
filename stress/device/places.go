package device

import (
	"fmt"
	"strconv"
	"sync"
)

// Places are where a device stands in the threads that it follows. They outlive its
// connections, so that the numbering is checked across them. Safe for concurrent use.
type Places struct {
	mu sync.Mutex
	of map[string]*kept
}

// kept is a place, and whether the device still waits to be let in again.
type kept struct {
	place
	resuming bool
}

// NewPlaces is a device that follows nothing.
func NewPlaces() *Places { return &Places{of: map[string]*kept{}} }

// Forget leaves a thread.
func (p *Places) Forget(thread string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.of, thread)
}

// Begin takes the place before the first event of a thread that was just made.
func (p *Places) Begin(thread, epoch string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.of[thread]; !known {
		p.of[thread] = &kept{place: place{epoch: epoch, known: true}}
	}
}

// Has tells whether the device stands anywhere in a thread.
func (p *Places) Has(thread string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, known := p.of[thread]
	return known
}

// Len is how many threads are followed.
func (p *Places) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.of)
}

// Resuming is how many threads a hello has named and no subscription has answered.
func (p *Places) Resuming() (n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range p.of {
		if k.resuming {
			n++
		}
	}
	return n
}

// resume appends what hello says of the threads.
func (p *Places) resume(hello []byte) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	hello = append(hello, `"resume":[`...)
	for thread, k := range p.of {
		if hello[len(hello)-1] == '}' {
			hello = append(hello, ',')
		}
		hello = append(append(hello, `{"thread_id":"`...), thread...)
		hello = append(append(hello, `","epoch":`...), strconv.Quote(k.epoch)...)
		hello = append(strconv.AppendInt(append(hello, `,"after_seq":`...), k.seq, 10), '}')
		k.resuming = true
	}
	return append(hello, ']')
}

// number checks an event or a subscription against the place before it. Between a hello
// and the answer to it no event may come: it would be one of the gap, out of order.
func (p *Places) number(h *Head) error {
	subscribed := string(h.Type) == "subscribed"
	if !subscribed && !h.IsEvent() {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.of[string(h.ThreadID)]
	if !ok {
		k = &kept{}
		p.of[string(h.ThreadID)] = k
	}
	switch {
	case subscribed:
		return k.answered(h)
	case k.resuming:
		return fmt.Errorf("thread %s: %s before the answer to hello", h.ThreadID, h.Type)
	case k.epoch == string(h.Epoch): // no new string for each event
		return k.follow(Frame{Type: string(h.Type), ThreadID: string(h.ThreadID), Epoch: k.epoch, Seq: h.Seq, FirstSeq: h.FirstSeq})
	}
	return k.follow(Frame{Epoch: string(h.Epoch), Seq: h.Seq})
}

// answered takes a subscription. One that has recovered goes on in the numbering that
// it was asked for, and not behind it.
func (k *kept) answered(h *Head) error {
	recovered := h.Has(`"recovered":true`)
	resumed := k.resuming && k.known
	k.resuming = false
	if recovered && resumed && (string(h.Epoch) != k.epoch || h.Seq < k.seq) {
		return fmt.Errorf("thread %s: recovered at %s/%d what was left at %s/%d", h.ThreadID, h.Epoch, h.Seq, k.epoch, k.seq)
	}
	k.subscribed(string(h.Epoch), h.Seq, recovered && resumed)
	return nil
}
