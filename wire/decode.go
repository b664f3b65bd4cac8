package wire

import (
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

// Decode reads one text frame. The id is returned also with an error, as far as
// it could be read, so that the error reply can carry it. A command that comes
// back has passed every check that needs no state.
func Decode(frame []byte) (id string, cmd Command, fault *Error) {
	if !utf8.Valid(frame) {
		return "", nil, Errorf(CodeBadRequest, "the frame is not valid UTF-8")
	}
	var head struct {
		Type *string `json:"type"`
		ID   string  `json:"id"`
	}
	if err := json.Unmarshal(frame, &head); err != nil {
		return head.ID, nil, malformed(frame, err)
	}
	if len(head.ID) > MaxCommandID {
		return "", nil, Errorf(CodeBadRequest, "id: has %d bytes, the most is %d", len(head.ID), MaxCommandID)
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
		return head.ID, nil, malformed(frame, err)
	}
	if fault := cmd.check(); fault != nil {
		return head.ID, nil, fault
	}
	return head.ID, cmd, nil
}

// malformed words a JSON fault for the client, naming the field where one is at fault.
func malformed(frame []byte, err error) *Error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		if wrongType.Field == "" {
			return Errorf(CodeBadRequest, "a frame must be one JSON object, not %s", wrongType.Value)
		}
		return Errorf(CodeBadRequest, "%s: must be %s, not %s", wrongType.Field, kindOf(wrongType), wrongType.Value)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return Errorf(CodeBadRequest, "malformed JSON at byte %d: %s", syntax.Offset, syntax)
	}
	if errors.Is(err, errNotUUID) {
		var fields any
		_ = json.Unmarshal(frame, &fields) // it was well-formed a moment ago
		return Errorf(CodeBadRequest, "%s: %s", badID("", fields), errNotUUID)
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

// quoted shows at most 40 bytes of a client's word back to it.
func quoted(s string) string {
	if len(s) > 40 {
		s = s[:40] + "…"
	}
	return fmt.Sprintf("%q", strings.ToValidUTF8(s, "�"))
}

// badID finds the field that holds no UUID, since a text decoder is not told
// which field it reads. Ids are the fields whose names end in _id.
func badID(path string, v any) string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			at := strings.TrimPrefix(path+"."+name, ".")
			text, isText := v[name].(string)
			if _, err := ParseID(text); isText && err != nil && strings.HasSuffix(name, "_id") {
				return at
			}
			if found := badID(at, v[name]); found != "" {
				return found
			}
		}
	case []any:
		for i, item := range v {
			if found := badID(fmt.Sprintf("%s[%d]", path, i), item); found != "" {
				return found
			}
		}
	}
	return ""
}
