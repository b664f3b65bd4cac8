package wire

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Command is anything a client sends.
type Command interface {
	// check completes the command (defaults, trimming) or names the wrong field.
	check() *Error
}

// commands is the one list of what a client may send.
var commands = map[string]func() Command{
	"hello":              func() Command { return new(Hello) },
	"auth.refresh":       func() Command { return new(AuthRefresh) },
	"ping":               func() Command { return new(Ping) },
	"thread.create":      func() Command { return new(ThreadCreate) },
	"thread.list":        func() Command { return new(ThreadList) },
	"thread.get":         func() Command { return new(ThreadGet) },
	"thread.update":      func() Command { return new(ThreadUpdate) },
	"thread.delete":      func() Command { return new(ThreadDelete) },
	"thread.subscribe":   func() Command { return new(ThreadSubscribe) },
	"thread.unsubscribe": func() Command { return new(ThreadUnsubscribe) },
	"messages.list":      func() Command { return new(MessagesList) },
	"recall":             func() Command { return new(StartRecall) },
	"recall.cancel":      func() Command { return new(CancelRecall) },
	"candidate.confirm":  func() Command { return &Judge{Verdict: Confirmed} },
	"candidate.reject":   func() Command { return &Judge{Verdict: Rejected} },
	"stash.list":         func() Command { return new(StashList) },
	"stash.add":          func() Command { return &StashEdit{Add: true} },
	"stash.remove":       func() Command { return new(StashEdit) },
	"media.open":         func() Command { return new(MediaOpen) },
	"media.close":        func() Command { return new(MediaClose) },
}

// Decode reads one text frame. The id is returned also with a fault, as far as it
// could be read, so that the error reply can carry it; and the command, so that
// the session knows what was meant: a faulty one must not be carried out. Without
// a fault the command has passed every check that needs no state.
func Decode(frame []byte) (id string, cmd Command, fault *Error) {
	if !utf8.Valid(frame) {
		return "", nil, Errorf(CodeBadRequest, "the frame is not valid UTF-8")
	}
	kind, word, ok := peek(frame)
	if make := commands[string(kind)]; ok && make != nil && len(word) <= MaxCommandID {
		cmd = make()
		if err := json.Unmarshal(frame, cmd); err == nil {
			return string(word), cmd, cmd.check()
		}
	}
	return decode(frame)
}

// decode reads the frame twice, once for its head and once for the rest: it finds the
// words for whatever is wrong with it.
func decode(frame []byte) (id string, cmd Command, fault *Error) {
	var head struct {
		Type *string `json:"type"`
		ID   string  `json:"id"`
	}
	err := json.Unmarshal(frame, &head)
	if len(head.ID) > MaxCommandID {
		return "", nil, Errorf(CodeBadRequest, "id: has %d bytes, the most is %d", len(head.ID), MaxCommandID)
	}
	if err != nil {
		return head.ID, nil, malformed(frame, err)
	}
	if head.Type == nil {
		return head.ID, nil, Errorf(CodeBadRequest, "type: is required")
	}
	make, known := commands[*head.Type]
	if !known {
		return head.ID, nil, Errorf(CodeUnknownType, "unknown command type %s", quoted(*head.Type))
	}
	cmd = make()
	if err := json.Unmarshal(frame, cmd); err != nil {
		return head.ID, cmd, malformed(frame, err)
	}
	return head.ID, cmd, cmd.check()
}

// Check judges a command that came another way than in a frame, as Decode would.
func Check(c Command) *Error { return c.check() }

// malformed words a JSON fault for the client, naming the field where one is at fault.
func malformed(frame []byte, err error) *Error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		value := shortened(wrongType.Value)
		if wrongType.Field == "" {
			return Errorf(CodeBadRequest, "a frame must be one JSON object, not %s", value)
		}
		return Errorf(CodeBadRequest, "%s: must be %s, not %s", wrongType.Field, kindOf(wrongType), value)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return Errorf(CodeBadRequest, "malformed JSON at byte %d: %s", syntax.Offset, syntax)
	}
	var wrongID *notUUID
	if errors.As(err, &wrongID) {
		var fields any
		_ = json.Unmarshal(frame, &fields) // it was well-formed a moment ago
		return Errorf(CodeBadRequest, "%s: %s", cmp.Or(fieldOf(wrongID.text, "", fields), "id field"), wrongID)
	}
	return Errorf(CodeBadRequest, "%s", err)
}

// kindOf says in JSON's words what the Go type stands for.
func kindOf(e *json.UnmarshalTypeError) string {
	switch kind := e.Type.Kind().String(); {
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return "a whole number"
	case strings.HasPrefix(kind, "float"):
		return "a number"
	case kind == "bool":
		return "true or false"
	case kind == "slice":
		return "a list"
	case kind == "struct":
		return "an object"
	default:
		return "a string"
	}
}

// quoted shows a client's word back to it.
func quoted(s string) string { return fmt.Sprintf("%q", shortened(s)) }

// shortened keeps at most 40 bytes of what a client wrote: an error repeats no
// whole frame.
func shortened(s string) string {
	if len(s) <= 40 {
		return s
	}
	return strings.ToValidUTF8(s[:40], "") + "…"
}

// fieldOf finds the field that holds the text which is no UUID, since a text
// decoder is not told which field it reads. Ids are the fields whose names end
// in _id. "" when a later field of the same name hides it.
func fieldOf(wrong, path string, v any) string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := strings.TrimPrefix(path+"."+name, ".")
			if v[name] == any(wrong) && strings.HasSuffix(strings.ToLower(name), "_id") {
				return at
			}
			if found := fieldOf(wrong, at, v[name]); found != "" {
				return found
			}
		}
	case []any:
		for i, item := range v {
			if found := fieldOf(wrong, fmt.Sprintf("%s[%d]", path, i), item); found != "" {
				return found
			}
		}
	}
	return ""
}
