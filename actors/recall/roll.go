package recall

import "slices"

// roll tells which song has a name. There are a dozen or two of them: to look through
// all is cheaper than a map, of which each fusion would make one.
type roll []entry

type entry struct {
	name string
	song int
}

func (r roll) at(name string) int {
	return slices.IndexFunc(r, func(e entry) bool { return e.name == name })
}

// find is the song with one of names, the first before the second; -1: none.
func (r roll) find(names [2]string) int {
	for _, name := range names {
		if at := r.at(name); at >= 0 {
			return r[at].song
		}
	}
	return -1
}

// enter gives names to song, also those that another one had.
func (r roll) enter(names [2]string, song int) roll {
	for _, name := range names {
		if at := r.at(name); at >= 0 {
			r[at].song = song
		} else {
			r = append(r, entry{name, song})
		}
	}
	return r
}
