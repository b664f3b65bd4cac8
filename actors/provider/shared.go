package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"recall/actors/recall"
	"recall/wire"
)

// briefKey names a brief that depends on no conversation; any other is shared with
// nobody. Intent, evidence and song are part of the question.
func briefKey(b recall.Brief) string {
	k := b.Query.Known
	if len(b.History)+len(k.Earlier)+len(k.Asked)+len(k.Avoid)+len(k.Given) > 0 {
		return ""
	}
	text, err := json.Marshal(b)
	if err != nil { // a number that JSON cannot tell: not worth a failure
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// What several callers get, each may change: so each gets a copy.

func copiedCandidates(candidates []wire.Candidate) []wire.Candidate {
	candidates = slices.Clone(candidates)
	for i := range candidates {
		candidates[i] = copiedCandidate(candidates[i])
	}
	return candidates
}

func copiedCandidate(c wire.Candidate) wire.Candidate {
	c.SourceURLs, c.Sources = slices.Clone(c.SourceURLs), slices.Clone(c.Sources)
	return c
}

func copiedPiece(p recall.Piece) recall.Piece {
	if p.Candidate != nil {
		c := copiedCandidate(*p.Candidate)
		p.Candidate = &c
	}
	return p
}

func copiedDraft(d recall.Draft) recall.Draft {
	d.Candidates = copiedCandidates(d.Candidates)
	if d.Answer != nil {
		a := *d.Answer
		a.Sources, a.RelatedSongs = slices.Clone(a.Sources), slices.Clone(a.RelatedSongs)
		d.Answer = &a
	}
	return d
}
