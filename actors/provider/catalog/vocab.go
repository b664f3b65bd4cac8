package catalog

import "hash/maphash"

// vocab numbers the terms of one segment from 0. All terms stand in one byte
// slice and are found through an open hash table of 4-byte numbers: about a
// fifth of a map[string]uint32, and nothing in it for the collector to scan.
type vocab struct {
	text  []byte
	ends  []uint32 // of term i in text
	table []uint32 // term number + 1, 0 free; a power of two long
}

var vocabSeed = maphash.MakeSeed()

func (v *vocab) len() int { return len(v.ends) }

func (v *vocab) term(i uint32) []byte {
	if i == 0 {
		return v.text[:v.ends[0]]
	}
	return v.text[v.ends[i-1]:v.ends[i]]
}

func (v *vocab) find(term []byte) (uint32, bool) {
	if len(v.table) == 0 {
		return 0, false
	}
	slot := v.slot(term)
	if v.table[slot] == 0 {
		return 0, false
	}
	return v.table[slot] - 1, true
}

func (v *vocab) add(term []byte) uint32 {
	if 2*len(v.ends) >= len(v.table) {
		v.grow()
	}
	slot := v.slot(term)
	if v.table[slot] == 0 {
		v.text = append(v.text, term...)
		v.ends = append(v.ends, uint32(len(v.text)))
		v.table[slot] = uint32(len(v.ends))
	}
	return v.table[slot] - 1
}

// slot is where term stands, or the free place where it would.
func (v *vocab) slot(term []byte) int {
	mask := len(v.table) - 1
	at := int(maphash.Bytes(vocabSeed, term)) & mask
	for v.table[at] != 0 && string(v.term(v.table[at]-1)) != string(term) {
		at = (at + 1) & mask
	}
	return at
}

func (v *vocab) grow() {
	v.table = make([]uint32, max(16, 2*len(v.table)))
	for i := range v.ends {
		v.table[v.slot(v.term(uint32(i)))] = uint32(i + 1)
	}
}

// trim gives back what growing left over.
func (v *vocab) trim() {
	v.text = append(make([]byte, 0, len(v.text)), v.text...)
	v.ends = append(make([]uint32, 0, len(v.ends)), v.ends...)
}
