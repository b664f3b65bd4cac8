package wire

// Event is what happens in a thread; every subscriber gets it in the same place.
type Event = Message

// Envelope is an event's place: Seq rises by exactly 1 within Epoch. FirstSeq is
// set on a delta that stands for several.
type Envelope struct {
	ThreadID ID     `json:"thread_id"`
	RecallID ID     `json:"recall_id,omitzero"`
	FirstSeq int64  `json:"first_seq,omitempty"`
	Seq      int64  `json:"seq"`
	Epoch    string `json:"epoch"`
	TS       Time   `json:"ts"`
}
