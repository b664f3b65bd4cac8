package recall

import (
	"regexp"
	"slices"
	"strings"
)

// rule is a form of words, told by a regular expression. Every text of the form has one
// of the rule's words in it, and most texts have none: they need not be held against
// the expression, which takes a hundred times as long.
type rule struct {
	words []string // in lower case
	form  *regexp.Regexp
}

// newRule takes the words with bars between them.
func newRule(words, form string) rule {
	return rule{strings.Split(words, "|"), regexp.MustCompile(form)}
}

// fits tells whether the text has the form.
func (r *rule) fits(text string) bool {
	return r.may(strings.ToLower(text)) && r.form.MatchString(text)
}

// may tells whether a text in lower case can have the form.
func (r *rule) may(lower string) bool {
	return slices.ContainsFunc(r.words, func(w string) bool { return strings.Contains(lower, w) })
}
