package config

import (
	"net/url"
	"regexp"
	"strings"
)

const hidden = "(hidden)"

// keywordSecret is a password in the keyword form of a connection string, where
// the value may be quoted with backslash escapes.
var keywordSecret = regexp.MustCompile(`(?i)\b((?:ssl)?password)\s*=\s*(?:'(?:[^'\\]|\\.)*'?|(?:[^\s\\]|\\.)+)`)

// RedactURL is an address or connection string without its passwords. What
// cannot be taken apart with certainty is hidden as a whole, since a password
// with unescaped characters may then be anywhere in it.
func RedactURL(s string) string {
	if !strings.Contains(s, "://") {
		return keywordSecret.ReplaceAllString(s, "${1}=xxxxx")
	}
	u, err := url.Parse(s)
	if err != nil || u.Fragment != "" || u.User == nil && strings.Contains(s, "@") {
		return hidden
	}
	query := u.Query()
	for name := range query {
		if n := strings.ToLower(name); strings.Contains(n, "password") || strings.Contains(n, "token") || strings.Contains(n, "key") && n != "sslkey" {
			query.Set(name, "xxxxx")
			u.RawQuery = query.Encode()
		}
	}
	return u.Redacted()
}
