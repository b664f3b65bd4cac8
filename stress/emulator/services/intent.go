package services

import "regexp"

// intentRules are tried in order, as RECALL.md (step 3) tells them.
var intentRules = []struct {
	intent     string
	confidence float64
	pattern    *regexp.Regexp
}{
	{"background_audio", 0.9, regexp.MustCompile(`(?i)\[(music|inaudible|applause)\]`)},
	{"humming", 0.92, regexp.MustCompile(`(?i)\b(la|na|da|hm+|mm+|doo|ooh|dum)(?:[\s,!.\-]+(la|na|da|hm+|mm+|doo|ooh|dum)\b){2,}`)},
	{"generate_song", 0.88, regexp.MustCompile(`(?i)\b(write|compose|generate|make) (me )?(a|an|some) (\w+ )?(song|music|tune|melody)`)},
	{"find_song", 0.93, regexp.MustCompile(`(?i)\b(find|identify|what song|which song|name that|what'?s (the|that|this) (\w+ )?(song|track|tune))`)},
	{"information", 0.9, regexp.MustCompile(`(?i)\b(who (wrote|sang|sings|made|produced)|when (was|did)|which album|tell me (more )?about|about\?|mean(s|ing)?\b|de qué trata|worum geht)`)},
	{"conversation", 0.9, regexp.MustCompile(`(?i)^\s*(hi|hello|hey|thanks|thank you|good (morning|evening)|bye|cheers|great)\b`)},
}

// intentOf is what somebody wants: whoever describes anything looks for a song.
func intentOf(words string) (string, float64) {
	for _, r := range intentRules {
		if r.pattern.MatchString(words) {
			return r.intent, r.confidence
		}
	}
	switch n := len(wordsOf(words)); {
	case n == 0:
		return "unclear", 0.9
	case n < 3:
		return "unclear", 0.6
	default:
		return "find_song", 0.85
	}
}
