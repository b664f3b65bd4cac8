package catalog

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"recall/actors/recall"
	"recall/wire"
)

// Provider answers recalls from an index. It is a recall.Source that needs no
// network, the embedded default and the fallback when others are down.
type Provider struct {
	Index *Index
}

var _ recall.Source = Provider{}

// Name is "catalog".
func (Provider) Name() string { return "catalog" }

const (
	defaultLimit = 5
	maxTextBytes = 16_000 // 4,000 characters of at most four bytes
	weighed      = 16     // candidates that a question is chosen by
	maxTurns     = 8      // of the same search; older ones say little
	snippetWords = 8      // no more of a song's words is ever shown
	sureEnough   = 0.7    // from here on no question is asked (RECALL.md, step 9)
	leastMatch   = 1.2    // score without popularity below which a song is noise
)

// Find ranks the songs of the index by q. It takes about a millisecond and
// looks at ctx only before it starts.
func (p Provider) Find(ctx context.Context, q recall.Query) (recall.Finding, error) {
	if err := ctx.Err(); err != nil {
		return recall.Finding{}, err
	}
	snap := p.Index.now.Load()
	turns := readTurns(q, time.Now().Year(), snap)
	asked := newQuery(snap, turns)
	defer asked.free()
	list := offerable(asked.rank(asked.shortlist()), q.Known.Avoid)
	finding := recall.Finding{Candidates: candidates(asked, list, q.Limit)}
	if len(finding.Candidates) == 0 || finding.Candidates[0].Confidence < sureEnough {
		finding.FollowUp = followUp(asked, list, q.Known.Asked)
	}
	return finding, nil
}

// readTurns analyses the turns of the search, each with the question that it
// answers: the last question belongs to the last turn, and so on backwards.
func readTurns(q recall.Query, now int, snap *snapshot) []utterance {
	texts := append(append([]string(nil), q.Known.Earlier...), q.Text)
	texts = texts[max(0, len(texts)-maxTurns):]
	turns := make([]utterance, len(texts))
	for i, text := range texts {
		turns[i] = analyse(clip(text), now, snap.isTitle)
		if at := len(q.Known.Asked) - (len(texts) - i); at >= 0 && i > 0 {
			turns[i].answer(clip(q.Known.Asked[at]), now)
		}
		if turns[i].older != 0 {
			turns[i].relateTo(snap.yearsOf(slices.Concat(q.Known.Given, q.Known.Avoid)))
		}
	}
	return turns
}

func clip(text string) string {
	if len(text) <= maxTextBytes {
		return text
	}
	for end := maxTextBytes; ; end-- {
		if utf8.RuneStart(text[end]) {
			return text[:end]
		}
	}
}

// isTitle tells whether tokens together are the title of some song.
func (s *snapshot) isTitle(tokens []token) bool {
	var room [2 * maxTermLength]byte
	joined := append(room[:0], titleMark)
	for i := range tokens {
		joined = append(joined, tokens[i].text...)
	}
	for _, p := range s.parts {
		if _, found := p.terms.find(joined); found {
			return true
		}
	}
	return false
}

// yearsOf is the span of the years of songs offered, 0 when unknown: what
// "older than that" points at.
func (s *snapshot) yearsOf(offers []recall.Offer) (from, to int) {
	for _, o := range offers {
		year := s.yearOf(o)
		if year == 0 {
			continue
		}
		if from == 0 || year < from {
			from = year
		}
		to = max(to, year)
	}
	return from, to
}

func (s *snapshot) yearOf(o recall.Offer) int {
	joined := []byte(string(titleMark) + strings.ReplaceAll(recall.Fold(o.Title), " ", ""))
	for _, p := range s.parts {
		term, found := p.terms.find(joined)
		if !found {
			continue
		}
		from, to := p.posts.of(term)
		for _, doc := range p.posts.docs[from:to] {
			if song := p.song(doc); !p.dead.has(doc) && recall.TitleKey(song.Title, song.Artist) == recall.TitleKey(o.Title, o.Artist) {
				return song.Year
			}
		}
	}
	return 0
}

// nameOf makes a number of a song's key. To compare two of them is as good as to compare
// the keys: of all pairs of a million songs, some two in a hundred million share one.
func nameOf(key string) uint64 { return maphash.String(vocabSeed, key) }

// offerable drops what the person rejected, a second edition of a song
// already in the list, and what hardly matches. It takes list's place.
func offerable(list []*ranked, avoid []recall.Offer) []*ranked {
	avoided, kept := namesOf(avoid), list[:0]
	for _, r := range list {
		if len(kept) == weighed {
			break
		}
		if r.score-fameScore(attr{fame: r.fame}) < leastMatch || isKept(kept, r.name) || isAvoided(avoided, r) {
			continue
		}
		kept = append(kept, r)
	}
	return kept
}

func namesOf(offers []recall.Offer) []uint64 {
	names := make([]uint64, 0, 2*len(offers))
	for i := range offers {
		o := &offers[i]
		names = append(names, nameOf(o.Key), nameOf(recall.TitleKey(o.Title, o.Artist)))
	}
	return names
}

func isKept(kept []*ranked, name uint64) bool {
	for _, r := range kept {
		if r.name == name {
			return true
		}
	}
	return false
}

func isAvoided(avoided []uint64, r *ranked) bool {
	if len(avoided) == 0 {
		return false
	}
	return slices.Contains(avoided, r.name) ||
		r.song.ISRC != "" && slices.Contains(avoided, nameOf(recall.SongKey(r.song.ISRC, r.song.Title, r.song.Artist)))
}

func candidates(q *query, list []*ranked, limit int) []wire.Candidate {
	if limit <= 0 {
		limit = defaultLimit
	}
	found := make([]wire.Candidate, 0, min(limit, len(list)))
	for i := range list[:min(limit, len(list))] {
		found = append(found, q.candidate(list, i))
	}
	slices.SortStableFunc(found, byConfidence)
	return found
}

// byConfidence puts the surest first: a lower score may go with more confidence,
// since that also asks how much of the query is matched.
func byConfidence(a, b wire.Candidate) int { return cmp.Compare(b.Confidence, a.Confidence) }

func (q *query) candidate(list []*ranked, i int) wire.Candidate {
	r := list[i]
	s := r.song
	c := wire.Candidate{
		Key: recall.SongKey(s.ISRC, s.Title, s.Artist), Title: s.Title, Artist: s.Artist, Album: s.Album, Year: s.Year, ISRC: s.ISRC,
		Confidence: q.featuresOf(list, i).confidence(), Reason: q.reason(r), Background: shorten(s.Description, 160),
		SourceURLs: []string{}, Sources: []string{"catalog"},
	}
	if r.phrase >= minRun || r.saidIn(inPhrase) {
		c.LyricSnippet = leadingWords(s.Phrase, snippetWords)
	}
	return c
}
