package thread

import (
	"recall/actors/recall"
	"recall/wire"
)

// This file is what a thread has to do with voice notes and pictures: they must be
// there before a recall of them is accepted, and what was heard or read in them
// becomes the text of the user's message.

// needsMedia tells whether a recall is about something that was uploaded.
func needsMedia(in wire.Input) bool { return in.Kind != wire.InputText }

// mediaUsed goes on to the limits when the upload is there: a recall that is
// refused for want of it costs nothing.
func (s *State) mediaUsed(in MediaUsed) {
	a, ok := s.recalls.accepting[in.Request]
	switch {
	case !ok || a.recall.ID != in.RecallID: // it was given up meanwhile
	case in.Err != nil:
		s.drop(a, wire.AsError(in.Err))
	default:
		s.admit(a)
	}
}

// hear keeps the words for the end of the recall, which stores them.
func (q *run) hear(h *recall.Heard) { q.heard = h.Text }

// withHeard stores the words that were heard or read in the user's message.
func (s *State) withHeard(d draft, q *run) draft {
	if q.heard == "" || q.message == nil {
		return d
	}
	p := *q.message
	p.Text, p.RawTranscript = q.heard, q.heard // raw_transcript tells read words from written ones
	d.commit.Heard = &p
	d.events = append(d.events, event{q.recall.ID, &wire.MessageUpdated{Message: &p}})
	if p.Type == wire.TypeImage { // what a picture shows is a long name for a search; its song is better
		return d
	}
	return s.entitle(d, q.heard)
}
