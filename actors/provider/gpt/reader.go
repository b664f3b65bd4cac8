package gpt

import (
	"encoding/json"
	"strings"
)

// The bounds of a document that is read while it is written. One that exceeds them is
// told no further; the strict reading at its end decides.
const (
	deepest          = 64
	longestKey       = 64       // bytes, as written
	longestCandidate = 64 << 10 // bytes
)

// The places in the document that are told.
const (
	keyCandidates = "candidates"
	keyAnswer     = "answer"
	keyText       = "text"
)

// role is what the string under way is.
type role byte

const (
	roleOther role = iota
	roleKey        // of the document or its answer
	roleText       // the answer's text
)

// reader reads a draft in pieces of any size, cut anywhere. It follows the document's
// structure byte by byte and tells each candidate when its brace closes, and the
// answer's text as it grows. It takes no offence at what is not JSON between the
// strings: it only must tell, of a good document, everything once and in order.
type reader struct {
	candidate func(raw []byte) bool // false: tell no more
	text      func(more string)

	open       []byte    // the braces and brackets that are open
	keys       [2]string // the key that we are at, of the document and of an object in it
	wantKey    bool      // the next string of this object is a key
	inString   bool
	role       role
	escaped    bool // within a string that is not the text
	raw        []byte
	capturing  bool // raw is a candidate
	key        []byte
	words      unquoter
	candidates bool // the list was told
	answered   bool // the text was told
	dead       bool // nothing more will be told
}

func newReader(candidate func(raw []byte) bool, text func(more string)) *reader {
	return &reader{candidate: candidate, text: text}
}

// feed reads on.
func (r *reader) feed(piece string) {
	for i := 0; i < len(piece) && !r.dead; i++ {
		r.take(piece[i])
	}
	r.flush()
}

// flush tells the text that is ready.
func (r *reader) flush() {
	if more := r.words.ready(); more != "" {
		r.text(more)
	}
}

func (r *reader) take(b byte) {
	if r.capturing {
		r.raw = append(r.raw, b)
		r.dead = len(r.raw) > longestCandidate
	}
	if r.inString {
		r.takeInString(b)
		return
	}
	switch b {
	case '{', '[':
		r.push(b)
	case '}', ']':
		r.pop(b)
	case '"':
		r.beginString()
	case ':':
		r.wantKey = false
	case ',':
		r.wantKey = r.top() == '{'
	case ' ', '\t', '\r', '\n':
	default: // numbers and words; a document begins with none
		r.dead = r.dead || len(r.open) == 0
	}
}

func (r *reader) top() byte {
	if len(r.open) == 0 {
		return 0
	}
	return r.open[len(r.open)-1]
}

func (r *reader) push(b byte) {
	switch at := string(r.open); {
	case len(r.open) == deepest, at == "" && b != '{':
		r.dead = true
		return
	case at == "{[" && b == '{' && r.keys[0] == keyCandidates && !r.candidates:
		r.capturing, r.raw = true, append(r.raw[:0], b)
	}
	r.open = append(r.open, b)
	r.wantKey = b == '{'
	if len(r.open) == 2 {
		r.keys[1] = ""
	}
}

func (r *reader) pop(b byte) {
	if r.top() != b-2 { // the two brackets of a kind stand two apart in ASCII
		r.dead = true
		return
	}
	r.open = r.open[:len(r.open)-1]
	r.wantKey = false
	switch {
	case r.capturing && len(r.open) == 2:
		r.capturing = false
		r.dead = !r.candidate(r.raw)
	case len(r.open) == 1 && b == ']' && r.keys[0] == keyCandidates:
		r.candidates = true
	case len(r.open) == 0:
		r.dead = true // the end
	}
}

func (r *reader) beginString() {
	r.inString, r.escaped = true, false
	depth := len(r.open)
	switch {
	case depth == 0:
		r.dead = true
	case r.wantKey && depth <= len(r.keys) && !r.capturing:
		r.role, r.key = roleKey, append(r.key[:0], '"')
	case !r.wantKey && string(r.open) == "{{" && r.keys == [2]string{keyAnswer, keyText} && !r.answered:
		r.role = roleText
	default:
		r.role = roleOther
	}
}

func (r *reader) takeInString(b byte) {
	if r.role == roleText {
		r.takeText(b)
		return
	}
	if r.role == roleKey && len(r.key) < longestKey {
		r.key = append(r.key, b)
	}
	switch {
	case r.escaped:
		r.escaped = false
	case b == '\\':
		r.escaped = true
	case b == '"':
		r.endString()
	}
}

func (r *reader) endString() {
	r.inString = false
	if r.role != roleKey {
		return
	}
	at := &r.keys[len(r.open)-1]
	if json.Unmarshal(r.key, at) != nil { // too long to be one of ours
		*at = ""
	}
}

func (r *reader) takeText(b byte) {
	switch end, ok := r.words.take(b); {
	case !ok:
		r.dead = true
	case end:
		r.inString, r.answered = false, true
		r.flush()
	}
}

// ready is built once for each piece: most pieces are one word.
func (u *unquoter) ready() string {
	if len(u.out) == 0 {
		return ""
	}
	var b strings.Builder
	b.Write(u.out)
	u.out = u.out[:0]
	return b.String()
}
