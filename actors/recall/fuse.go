package recall

import (
	"cmp"
	"slices"

	"recall/wire"
)

// mostCandidates is the most that one recall offers (RECALL.md, step 8).
const mostCandidates = 5

// leastShare is how likely a song must be beside the best one to be worth showing:
// a guess ten times less likely only buries it.
const leastShare = 0.1

// leastConfidence is how likely a song must be at all: nothing found is a better
// answer than five songs that hardly fit.
const leastConfidence = 0.05

// agreement is how much of the remaining doubt a second, independent source
// takes away.
const agreement = 0.5

// fuse merges the findings of all sources: equal songs become one with the best
// confidence, raised by agreement; the surest come first. The keys are those of the
// recall.
func fuse(findings []Finding, keys keyring) []wire.Candidate { return appendFused(nil, findings, keys) }

// appendFused is fuse in the room of out, which is empty: a recall fuses again with each
// song that the model tells.
func appendFused(out []wire.Candidate, findings []Finding, keys keyring) []wire.Candidate {
	var room [4 * mostCandidates]entry
	names := roll(room[:0])
	for _, f := range findings {
		for i := range f.Candidates {
			c := &f.Candidates[i]
			of := keys.of(c)
			at := names.find(of)
			if at < 0 {
				at = len(out)
				out = append(out, *c)
			} else {
				join(&out[at], c)
			}
			names = names.enter(of, at)
		}
	}
	slices.SortStableFunc(out, func(a, b wire.Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return out
}

// join adds what is said once more of the same song. Only another source makes it
// surer: one that lists two editions agrees with itself.
func join(have, c *wire.Candidate) {
	best, other := have.Confidence, c.Confidence
	if other > best {
		have.Reason = c.Reason
		best, other = other, best
	}
	have.Confidence = best
	if independent(have.Sources, c.Sources) {
		have.Confidence += (1 - best) * other * agreement
	}
	have.ISRC = cmp.Or(have.ISRC, c.ISRC)
	have.Album = cmp.Or(have.Album, c.Album)
	have.Year = cmp.Or(have.Year, c.Year)
	have.Background = cmp.Or(have.Background, c.Background)
	have.LyricSnippet = cmp.Or(have.LyricSnippet, c.LyricSnippet)
	have.Sources = union(have.Sources, c.Sources)
	have.SourceURLs = union(have.SourceURLs, c.SourceURLs)
}

func independent(a, b []string) bool {
	return !slices.ContainsFunc(b, func(s string) bool { return slices.Contains(a, s) })
}

// union leaves a's array alone, which may be the source's own.
func union(a, b []string) []string {
	a = slices.Clip(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a, s)
		}
	}
	return a
}

// split parts the songs that are new to the thread from those that were offered
// in it before; rejected ones are gone.
func (k Known) split(all []wire.Candidate, keys keyring) (fresh, again []wire.Candidate) {
	given, best := k.verdicts(keys), 0.0
	fresh = make([]wire.Candidate, 0, min(len(all), mostCandidates))
	for i := range all {
		c := &all[i]
		verdict, was := given.on(keys.of(c))
		if was && verdict == wire.Rejected {
			continue
		}
		best = max(best, c.Confidence)
		switch {
		case c.Confidence < max(leastShare*best, leastConfidence): // and so are all behind it
			return fresh, again
		case was:
			again = append(again, *c)
		case len(fresh) < mostCandidates:
			fresh = append(fresh, *c)
		}
	}
	return fresh, again
}

// verdicts are what was said of each song that was offered, by all its keys.
type verdicts map[string]wire.Verdict

func (k Known) verdicts(keys keyring) verdicts {
	if len(k.Given)+len(k.Avoid) == 0 {
		return nil
	}
	all := make(verdicts, 2*(len(k.Given)+len(k.Avoid)))
	for i := range len(k.Given) + len(k.Avoid) {
		o := k.offer(i)
		for _, key := range [2]string{o.Key, keys.title(o.Title, o.Artist)} {
			if all[key] != wire.Rejected { // rejected once is rejected
				all[key] = o.Verdict
			}
		}
	}
	return all
}

// offer is the i-th of the songs that stand and those that do not.
func (k Known) offer(i int) *Offer {
	if i < len(k.Given) {
		return &k.Given[i]
	}
	return &k.Avoid[i-len(k.Given)]
}

// on finds the verdict on the song with these names; was tells whether it was offered at all.
func (v verdicts) on(names [2]string) (verdict wire.Verdict, was bool) {
	for _, key := range names {
		if said, ok := v[key]; ok && key != "" && verdict != wire.Rejected {
			verdict, was = said, true
		}
	}
	return verdict, was
}

// rejected keeps what the person refused: sources need not look for it.
func (k Known) rejected() []Offer {
	return slices.DeleteFunc(slices.Clone(k.Avoid), func(o Offer) bool { return o.Verdict != wire.Rejected })
}

// notRejected leaves out what the person has refused in this thread.
func (k Known) notRejected(songs []wire.Candidate, keys keyring) []wire.Candidate {
	given := k.verdicts(keys)
	return slices.DeleteFunc(slices.Clone(songs), func(c wire.Candidate) bool {
		verdict, _ := given.on(keys.of(&c))
		return verdict == wire.Rejected
	})
}

// same tells whether two sources mean the same song.
func (k keyring) same(a, b wire.Candidate) bool {
	of := k.of(&b)
	for _, key := range k.of(&a) {
		if slices.Contains(of[:], key) {
			return true
		}
	}
	return false
}
