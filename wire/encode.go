package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Message is anything the server sends: a reply or a thread event.
type Message interface {
	// MessageType is the value of the "type" field.
	MessageType() string
}

// Encode writes a reply. id is the client's own id of the command, left out when
// empty. Every field of a message is of our own making, so that failure to
// encode is a programming error and panics.
func Encode(id string, m Message) []byte {
	b := appendType(nil, m)
	if id != "" {
		b = append(b, `,"id":`...)
		b = append(b, mustJSON(id)...)
	}
	return appendBody(b, mustJSON(m))
}

// encodeEvent writes a thread event: its type, its place, its fields.
func encodeEvent(at Envelope, e Event) []byte {
	head := mustJSON(at)
	b := appendBody(appendType(nil, e), head[:len(head)-1]) // still open
	return appendBody(b, mustJSON(e))
}

func appendType(b []byte, m Message) []byte {
	b = append(b, `{"type":"`...)
	b = append(b, m.MessageType()...)
	return append(b, '"')
}

// appendBody splices the fields of the JSON object body into the open object b.
func appendBody(b, body []byte) []byte {
	if len(body) > len("{}") {
		b = append(b, ',')
	}
	return append(b, body[1:]...)
}

// mustJSON leaves <, > and & as they are: nobody puts a frame into a web page, and
// six bytes for each would be a sixfold frame.
func mustJSON(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("wire: %T does not encode: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
