package catalog

// negate marks the tokens that the person says the song is not. It is
// careful: stories are full of "not" ("about not giving up"), and so are
// titles, which isName recognises.
func negate(tokens []token, isName func(from, to int) bool) {
	for i := range tokens {
		n := negatorAt(tokens, i)
		if n == 0 || tokens[i].quoted != 0 || inName(tokens, i, isName) {
			continue
		}
		markNegated(tokens, i+n)
	}
}

// negatorAt returns how many tokens the negation takes that starts at i.
func negatorAt(tokens []token, i int) int {
	for _, words := range [...]string{"other than", "rather than", "instead of", "anything but", "apart from", "neither", "nor", "except", "without"} {
		if n := matchWords(tokens, i, words); n > 0 {
			return n
		}
	}
	switch tokens[i].text {
	case "not", "isnt", "wasnt", "aint":
		if i+1 < len(tokens) && hedges[tokens[i+1].text] {
			return 0
		}
		if i+1 < len(tokens) && articles[tokens[i+1].text] || clauseRest(tokens, i) <= 4 {
			return 1
		}
	case "no", "nope":
		if startsClause(tokens, i) && clauseRest(tokens, i) <= 4 {
			return 1
		}
	}
	return 0
}

var (
	hedges   = setOf("sure certain only really exactly too so very quite totally entirely necessarily remember positive")
	articles = setOf("by the a an from in on sung that this")
	leadIns  = setOf("by the a an from in on it its that this one sung song songs called of at any version with is was")
	scopeEnd = setOf("but and although though because it with who where which maybe i")
)

func clauseRest(tokens []token, i int) int {
	n := 0
	for j := i + 1; j < len(tokens) && tokens[j].clause == tokens[i].clause; j++ {
		n++
	}
	return n
}

func startsClause(tokens []token, i int) bool {
	return i == 0 || tokens[i-1].clause != tokens[i].clause
}

// maxScope is how many words a negation reaches.
const maxScope = 5

func markNegated(tokens []token, from int) {
	at := from
	for at < len(tokens) && tokens[at].clause == tokens[max(0, from-1)].clause && leadIns[tokens[at].text] {
		at++
	}
	for end := at; end < len(tokens) && end < at+maxScope; end++ {
		if tokens[end].clause != tokens[from-1].clause || scopeEnd[tokens[end].text] {
			return
		}
		tokens[end].not = true
	}
}

// inName is true when the negator is part of a known title ("I'm Not in Love").
func inName(tokens []token, i int, isName func(from, to int) bool) bool {
	for from := max(0, i-5); from <= i; from++ {
		for to := max(i+1, from+2); to <= min(len(tokens), from+maxNameTokens); to++ {
			if to-from >= 2 && isName(from, to) {
				return true
			}
		}
	}
	return false
}
