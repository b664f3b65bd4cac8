package catalog

import (
	"strconv"
	"strings"
)

// era is a span of years that a person means, both ends included. slack is
// how many years outside of it halve its worth: memory of years is poor, so a
// wrong one weakens and never excludes.
type era struct {
	from, to int
	slack    float32
	said     string
}

const (
	firstYear  = 1000
	decadeTail = 4
	orderTail  = 1 // of "older than that": sharper, the person compares
	yearTail   = 3
)

// worth is 1 within the era and falls with the distance; an unknown year is
// worth a third, about as much as a song one and a half decades away is not.
func (e era) worth(year int) float32 {
	if year == 0 {
		return 0.33
	}
	d := float32(max(e.from-year, year-e.to, 0)) / e.slack
	return 1 / (1 + d*d)
}

var decadeNames = map[string]int{
	"twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
	"eighties": 1980, "nineties": 1990, "noughties": 2000, "aughts": 2000, "naughties": 2000,
}

// eraAt reads an era that starts at tokens[i] and returns how many tokens it
// takes; 0 when none starts there. now is the current year.
func eraAt(tokens []token, i, now int) (era, int) {
	if e, n := relativeEra(tokens, i, now); n > 0 {
		return e, n
	}
	if e, n := partOfDecade(tokens, i); n > 0 {
		return e, n
	}
	if e, n := boundedEra(tokens, i); n > 0 {
		return e, n
	}
	if from, n := decadeAt(tokens, i); n > 0 {
		return era{from, from + 9, decadeTail, said(tokens[i : i+n])}, n
	}
	if y := yearAt(tokens, i); y != 0 {
		return era{y, y, yearTail, strconv.Itoa(y)}, 1
	}
	return era{}, 0
}

func decadeAt(tokens []token, i int) (from, n int) {
	t := tokens[i].text
	if from := decadeNames[t]; from != 0 {
		return from, 1
	}
	if i+1 < len(tokens) {
		switch t + " " + tokens[i+1].text {
		case "two thousands":
			return 2000, 2
		case "twenty tens":
			return 2010, 2
		case "twenty twenties":
			return 2020, 2
		case "nineteen twenties", "nineteen thirties", "nineteen forties", "nineteen fifties", "nineteen sixties",
			"nineteen seventies", "nineteen eighties", "nineteen nineties":
			return decadeNames[tokens[i+1].text], 2
		}
	}
	digits, isPlural := strings.CutSuffix(t, "s")
	if !isPlural || !startsWithDigit(digits) {
		return 0, 0
	}
	year, err := strconv.Atoi(digits)
	if err != nil || year%10 != 0 {
		return 0, 0
	}
	switch {
	case len(digits) == 4 && year >= 1900 && year < 2100:
		return year, 1
	case len(digits) == 2 && year >= 30:
		return 1900 + year, 1
	case len(digits) == 2:
		return 2000 + year, 1
	}
	return 0, 0
}

// partOfDecade reads "early 2000s", "late in the 70s", "mid-eighties".
func partOfDecade(tokens []token, i int) (era, int) {
	var from, to int
	switch tokens[i].text {
	case "early", "beginning", "start":
		from, to = 0, 3
	case "mid", "middle":
		from, to = 3, 7
	case "late", "end", "later":
		from, to = 6, 9
	default:
		return era{}, 0
	}
	at := i + 1
	for at < len(tokens) && at < i+3 && (tokens[at].text == "of" || tokens[at].text == "the" || tokens[at].text == "in" || tokens[at].text == "to") {
		at++
	}
	if at == len(tokens) {
		return era{}, 0
	}
	decade, n := decadeAt(tokens, at)
	if n == 0 {
		return era{}, 0
	}
	end := at + n
	return era{decade + from, decade + to, decadeTail, said(tokens[i:end])}, end - i
}

// yearAt reads a year of four digits, or two ("'85", "in 85").
func yearAt(tokens []token, i int) int {
	t := tokens[i].text
	if !startsWithDigit(t) {
		return 0
	}
	y, err := strconv.Atoi(t)
	if err != nil {
		return 0
	}
	switch {
	case len(t) == 4 && y >= 1900 && y < 2100:
		return y
	case len(t) != 2:
		return 0
	case !tokens[i].apostrophe && (y < 40 || i == 0 || !yearLeads[tokens[i-1].text]):
		return 0
	case y >= 30:
		return 1900 + y
	}
	return 2000 + y
}

// startsWithDigit spares words the making of an error, which tells that they are no number.
func startsWithDigit(word string) bool { return word != "" && '0' <= word[0] && word[0] <= '9' }

var yearLeads = setOf("in from around about circa since of year")

func matchWords(tokens []token, i int, words string) int {
	if i < len(tokens) && !strings.HasPrefix(words, tokens[i].text) { // nearly always, and cheaper to tell
		return 0
	}
	n := 0
	for w := range strings.SplitSeq(words, " ") {
		if i+n >= len(tokens) || tokens[i+n].text != w {
			return 0
		}
		n++
	}
	return n
}

func said(tokens []token) string {
	if len(tokens) == 1 {
		return tokens[0].text
	}
	var room [saidRoom]byte
	return string(appendSaid(room[:0], tokens))
}

// saidRoom is enough for most of what is looked up; more costs memory of its own.
const saidRoom = 64

func appendSaid(b []byte, tokens []token) []byte {
	for i := range tokens {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, tokens[i].text...)
	}
	return b
}
