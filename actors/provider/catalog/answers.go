package catalog

import "strings"

// A turn of the person often answers the question asked before it, and its
// words mean nothing without it: "yes", "the second", "no, older".

// answerWeight is what a short answer weighs beside the same words within a
// story: what was asked for is told with care.
const answerWeight = 1.9

var (
	yesWords     = setOf("yes yeah yep yup right correct exactly true definitely sure absolutely indeed si oui ja")
	noWords      = setOf("no nope nah wrong false never non nein")
	firstWords   = setOf("first former")
	secondWords  = setOf("second latter last")
	neitherWords = setOf("neither none nor")
)

// answer adds to u what it says through question.
func (u *utterance) answer(question string, now int) {
	if question == "" || len(u.tokens) == 0 {
		return
	}
	options := readOptions(question, now)
	head := u.tokens[0].text
	if yesWords[head] || noWords[head] {
		u.tokens[0].used = true // no word of the song
	}
	switch {
	case u.hasAny(neitherWords):
		u.take(options, -0.7)
	case len(options) >= 2 && u.isShort() && u.hasAny(firstWords):
		u.take(options[:1], 0.9)
	case len(options) >= 2 && u.isShort() && u.hasAny(secondWords):
		u.take(options[1:2], 0.9)
	case len(options) == 1 && yesWords[head] && !u.doubts():
		u.take(options, 0.9)
	case len(options) == 1 && noWords[head] && !u.doubts():
		u.take(options, -0.9)
	}
	if u.isShort() {
		emphasise(u.eras)
		emphasise(u.genres)
		emphasise(u.langs)
		emphasise(u.tempos)
	}
	if u.older != 0 && len(u.eras) == 0 {
		u.relateTo(eraBounds(options))
	}
}

func emphasise[T any](wishes []wish[T]) {
	for i := range wishes {
		wishes[i].weight *= answerWeight
	}
}

// readOptions analyses a question choice by choice: "the 1970s or the 1990s".
func readOptions(question string, now int) []utterance {
	var options []utterance
	for part := range strings.SplitSeq(question, " or ") {
		o := analyse(part, now, func([]token) bool { return false })
		options = append(options, o)
	}
	return options
}

// isShort is asked before take adds the words of the question.
func (u *utterance) isShort() bool { return u.spoken <= 5 }

func (u *utterance) hasAny(words map[string]bool) bool {
	if !u.isShort() {
		return false
	}
	for _, t := range u.tokens {
		if words[t.text] {
			return true
		}
	}
	return false
}

// doubts is true of "no idea", "not sure", "I don't know": no answer at all.
func (u *utterance) doubts() bool {
	for _, t := range u.tokens[min(1, len(u.tokens)):] {
		switch t.text {
		case "idea", "sure", "know", "remember", "clue", "cant", "dont":
			return true
		}
	}
	return false
}

// take adopts the options with a share of their weight; a negative share
// takes them as what the song is not.
func (u *utterance) take(options []utterance, share float32) {
	for _, o := range options {
		u.eras = append(u.eras, taken(o.eras, share)...)
		u.genres = append(u.genres, taken(o.genres, share)...)
		u.langs = append(u.langs, taken(o.langs, share)...)
		u.tempos = append(u.tempos, taken(o.tempos, share)...)
		for _, t := range o.tokens {
			if classOf(t.text) == content && !t.used {
				t.not, t.clause = share < 0, -1
				u.tokens = append(u.tokens, t)
			}
		}
	}
}

func taken[T any](wishes []wish[T], share float32) []wish[T] {
	list := make([]wish[T], len(wishes))
	for i, w := range wishes {
		w.weight *= max(share, -share)
		w.not = w.not != (share < 0)
		list[i] = w
	}
	return list
}

// relateTo turns "older" into an era before from or after to; without any
// bounds it stays open.
func (u *utterance) relateTo(from, to int) {
	if from == 0 {
		return
	}
	e := era{from: firstYear, to: from - 1, slack: orderTail, said: "older"}
	if u.older > 0 {
		e = era{from: to + 1, to: 9999, slack: orderTail, said: "newer"}
	}
	u.eras = append(u.eras, wish[era]{e, e.said, answerWeight * eraWeight, false})
	u.older = 0
}

func eraBounds(options []utterance) (from, to int) {
	for _, o := range options {
		for _, e := range o.eras {
			if from == 0 || e.what.from < from {
				from = e.what.from
			}
			to = max(to, e.what.to)
		}
	}
	return from, to
}
