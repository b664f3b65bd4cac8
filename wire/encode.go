package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
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
	p := scratch.Get().(*object)
	o := (*p)[:0].kind(m).maybeText("id", id).body(m)
	return copied(p, o, bytes.Clone)
}

// encodeEvent writes a thread event: its type, its place, its fields.
func encodeEvent(at *Envelope, e Event, keep func([]byte) []byte) []byte {
	p := scratch.Get().(*object)
	return copied(p, at.fields((*p)[:0].kind(e)).body(e), keep)
}

// scratch are the buffers that messages are written in: what is kept of a message is
// then a copy of just its size, and writing it leaves nothing else behind.
var scratch = sync.Pool{New: func() any { return new(make(object, 0, 4<<10)) }}

// copied is what keep makes of what was written in the buffer of p, which goes back unless
// it has become large.
func copied(p *object, o object, keep func([]byte) []byte) []byte {
	b := keep(o)
	if cap(o) <= MaxTextFrame {
		*p = o
		scratch.Put(p)
	}
	return b
}

// kind opens a message.
func (o object) kind(m Message) object {
	o = append(o, `{"type":"`...)
	o = append(o, m.MessageType()...)
	return append(o, '"')
}

// body writes the fields of a message and closes it.
func (o object) body(m Message) object {
	if w, ok := m.(written); ok {
		return append(w.fields(o), '}')
	}
	return appendBody(o, mustJSON(m))
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
