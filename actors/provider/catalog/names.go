package catalog

import (
	"regexp"
	"strings"
)

var brackets = regexp.MustCompile(`\s*[(\[][^)\]]*[)\]]\s*`)

// titleForms are the title and, when a part of it stands in brackets or after
// a dash, the title without that part: people leave it out.
func titleForms(title string) []string {
	if !strings.ContainsAny(title, "([-") {
		return []string{title}
	}
	forms := []string{title}
	if short := strings.TrimSpace(brackets.ReplaceAllString(title, " ")); short != title && short != "" {
		forms = append(forms, short)
	}
	if short, _, cut := strings.Cut(title, " - "); cut && short != "" {
		forms = append(forms, short)
	}
	return forms
}

func withoutThe(artist string) string {
	if len(artist) > 4 && strings.EqualFold(artist[:4], "the ") {
		return artist[4:]
	}
	return artist
}
