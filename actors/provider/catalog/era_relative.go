package catalog

import (
	"fmt"
	"strconv"
)

// boundedEra reads "before 1990", "after the 70s", "older than 1980".
func boundedEra(tokens []token, i int) (era, int) {
	older, newer := false, false
	at := i + 1
	switch tokens[i].text {
	case "before", "pre":
		older = true
	case "after", "post":
		newer = true
	case "older", "earlier":
		older, at = true, i+2
	case "newer", "later":
		newer, at = true, i+2
	}
	if at == i+2 && matchWords(tokens, i+1, "than") == 0 {
		return era{}, 0
	}
	if at < len(tokens) && tokens[at].text == "the" {
		at++
	}
	if !older && !newer || at >= len(tokens) {
		return era{}, 0
	}
	from, n := decadeAt(tokens, at)
	to := from + 9
	if n == 0 {
		if from, n = yearAt(tokens, at), 1; from == 0 {
			return era{}, 0
		}
		to = from
	}
	text := said(tokens[i : at+n])
	if older {
		return era{firstYear, from - 1, decadeTail, text}, at + n - i
	}
	return era{to + 1, 9999, decadeTail, text}, at + n - i
}

var spelledNumbers = map[string]int{
	"couple": 2, "few": 4, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10,
	"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
}

// relativeEra reads spans counted from today.
func relativeEra(tokens []token, i, now int) (era, int) {
	for _, f := range [...]struct {
		words    string
		from, to int
	}{
		{"last year", now - 1, now - 1}, {"this year", now, now}, {"last few years", now - 4, now},
		{"turn of the millennium", 1998, 2002}, {"turn of the century", 1998, 2002}, {"recent", now - 4, now}, {"recently", now - 4, now},
		{"fairly new", now - 5, now}, {"brand new", now - 2, now}, {"last decade", now - 14, now - 4},
	} {
		if n := matchWords(tokens, i, f.words); n > 0 {
			return era{f.from, f.to, decadeTail, f.words}, n
		}
	}
	count, known := spelledNumbers[tokens[i].text]
	if startsWithDigit(tokens[i].text) {
		if v, err := strconv.Atoi(tokens[i].text); err == nil && v > 0 && v < 100 {
			count, known = v, true
		}
	}
	at := i + 1
	if at < len(tokens) && tokens[at].text == "of" {
		at++
	}
	if !known || matchWords(tokens, at, "years ago") == 0 {
		return era{}, 0
	}
	spread := max(2, count/5)
	return era{now - count - spread, now - count + spread, decadeTail, fmt.Sprintf("%s years ago", tokens[i].text)}, at + 2 - i
}
