package device

import "fmt"

// place is where a device stands in a thread.
type place struct {
	epoch string
	seq   int64
	known bool // some event or subscription has told
}

// follow checks an event against the place before it: the next number of the same
// epoch. A new epoch begins anywhere.
func (p *place) follow(f Frame) error {
	first := f.Seq
	if f.FirstSeq > 0 {
		first = f.FirstSeq
	}
	before := *p
	*p = place{epoch: f.Epoch, seq: f.Seq, known: true}
	if before.known && before.epoch == f.Epoch && first != before.seq+1 {
		return fmt.Errorf("thread %s: %s has number %d after %d", f.ThreadID, f.Type, first, before.seq)
	}
	return nil
}

// subscribed takes the place that a subscription names. What was missed follows
// it when it was recovered, so the place stays; else it is the one named.
func (p *place) subscribed(epoch string, seq int64, recovered bool) {
	if !recovered {
		*p = place{epoch: epoch, seq: seq, known: true}
	}
}
