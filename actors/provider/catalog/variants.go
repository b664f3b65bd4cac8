package catalog

import (
	"cmp"
	"math"
	"slices"
)

// variant is a term that stands for the unit, in each part of the snapshot.
type variant struct {
	share float32
	how   likeKind
	term  string
	terms []uint32 // by part; gone where the part has none
	count int      // songs
}

// likeKind is how a term of the index meets a word of the person.
type likeKind uint8

const (
	exact likeKind = iota
	synonym
	mistyped
)

// variants are the terms that stand for the stem key: itself, its synonyms,
// and when it is unknown or hardly known, what it may be a misspelling of.
func (q *query) variants(key string, class wordClass) []variant {
	q.list = q.addVariants(q.list[:0], key, class)
	kept := take(&q.memory.variants, len(q.list))
	copy(kept, q.list)
	return kept
}

func (q *query) addVariants(list []variant, key string, class wordClass) []variant {
	if v := q.variant(key, 1, exact); v.count > 0 {
		list = append(list, v)
	}
	if class == stop || class == filler {
		return list
	}
	for _, other := range synonyms[key] {
		if v := q.variant(other, synonymShare, synonym); v.count > 0 {
			list = append(list, v)
		}
	}
	if len(list) == 0 || list[0].how == exact && list[0].count <= 2 && len(key) > 4 {
		found := q.mistypings([]byte(key), key)
		for i := range found {
			if len(list) > 0 {
				found[i].share *= doubtShare
			}
		}
		list = append(list, found...)
	}
	return list
}

// one is the list of a unit that has one variant.
func (q *query) one(v variant) []variant {
	list := take(&q.memory.variants, 1)
	list[0] = v
	return list
}

// variant is a term as the snapshot has it; count is 0 when it has not.
func (q *query) variant(term string, share float32, how likeKind) variant {
	if !q.snap.has([]byte(term)) {
		return variant{}
	}
	v := variant{share: share, how: how, term: term, terms: take(&q.terms, len(q.snap.parts))}
	for i := range q.snap.parts {
		p := &q.snap.parts[i]
		id, found := p.terms.find([]byte(term))
		if !found {
			v.terms[i] = gone
			continue
		}
		v.terms[i] = id
		v.count += p.posts.count(id)
	}
	return v
}

func (s *snapshot) has(term []byte) bool {
	for i := range s.parts {
		if _, found := s.parts[i].terms.find(term); found {
			return true
		}
	}
	return false
}

// mistypings are the terms near key, at most a few, the nearest first.
func (q *query) mistypings(key []byte, self string) []variant {
	var list []variant
	for i := range q.snap.parts {
		p := &q.snap.parts[i]
		for _, l := range p.like(key) {
			term := p.terms.term(l.term)
			if string(term) == self || isNameMark(term[0]) != isNameMark(key[0]) || hasTerm(list, term) {
				continue
			}
			share := float32(0.8)
			if term[0] != key[0] {
				share -= 0.15
			}
			list = append(list, q.variant(string(term), share-0.15*float32(l.distance-1), mistyped))
		}
	}
	slices.SortFunc(list, func(a, b variant) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(b.count, a.count), cmp.Compare(a.term, b.term))
	})
	return list[:min(maxVariants, len(list))]
}

func hasTerm(list []variant, term []byte) bool {
	for i := range list {
		if list[i].term == string(term) {
			return true
		}
	}
	return false
}

func isNameMark(b byte) bool { return b == titleMark || b == artistMark }

// rarity is the idf of the unit's best variant; of a word that nobody has,
// the part of a rare word's that it takes from confidence.
func (q *query) rarity(u unit) float32 {
	if len(u.variants) == 0 {
		return unknownShare * q.single
	}
	n := u.variants[0].count
	for _, v := range u.variants {
		if v.how == synonym {
			n = max(n, v.count/2)
		}
	}
	return q.idf(n)
}

func (q *query) idf(count int) float32 {
	n := float64(max(q.snap.live, leastSongs))
	c := min(float64(count), n)
	return float32(math.Log(1 + (n-c+0.5)/(c+0.5)))
}
