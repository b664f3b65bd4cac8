package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzDecode: no frame makes it panic; a fault has a code and a message that can
// be sent; a good command that is written out and read again is the same.
func FuzzDecode(f *testing.F) {
	for kind := range goodCommands() {
		f.Add(frameOf(kind, nil, nil))
	}
	for _, s := range []string{
		` { "id" : "\u0061" , "type":"ping"}`, `{"x":[{"type":"x\"]"}],"Type":"ping"}`, `{"type":"ping","type":"hello"}`, `{"id":"","type":"ping","x":"\\"}`,
		`{"type":"ping","id":7}`, `{"type":"ping","id":null}`, `{"type":"ping","id":"a","ID":"b"}`, `{"type":"ping",}`, `{,"type":"ping"}`, `{"type":"ping" "id":"a"}`,
		``, `null`, `[[[`, `{"type":"recall","input":{"text":"\ud800"}}`, `{"type":"thread.get","thread_id":"\u0000"}`, "\xff",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		id, cmd, fault := Decode(frame)
		if utf8.Valid(frame) {
			asDecoded(t, frame, id, cmd, fault)
		}
		if len(id) > MaxCommandID || !utf8.ValidString(id) {
			t.Fatalf("id %q", id)
		}
		if fault != nil {
			if fault.Code != CodeBadRequest && fault.Code != CodeUnknownType && fault.Code != CodeTooLarge || fault.Message == "" || strings.HasPrefix(fault.Message, ":") {
				t.Fatalf("fault %+v", fault)
			}
			if b := Encode(id, fault); !json.Valid(b) || len(b) > 2000 {
				t.Fatalf("the error %s", b)
			}
			return
		}
		var head struct{ Type string }
		if err := json.Unmarshal(frame, &head); err != nil {
			t.Fatal(err)
		}
		again := appendBody([]byte(`{"type":"`+head.Type+`"`), mustJSON(cmd))
		_, twin, fault := Decode(again)
		if fault != nil || !same(cmd, twin) {
			t.Fatalf("%s\n%s\n%+v\n%+v %v", frame, again, cmd, twin, fault)
		}
	})
}

// asDecoded: peeking finds what decoding the frame twice finds.
func asDecoded(t *testing.T, frame []byte, id string, cmd Command, fault *Error) {
	t.Helper()
	wantID, want, wantFault := decode(frame)
	if c, ok := cmd.(*ThreadCreate); ok { // one that came without an id was given one
		twin := *want.(*ThreadCreate)
		if want = &twin; !bytes.Contains(bytes.ToLower(frame), []byte(c.ThreadID.String())) {
			twin.ThreadID = c.ThreadID
		}
	}
	if id != wantID || !same(cmd, want) || !reflect.DeepEqual(fault, wantFault) {
		t.Fatalf("%s: peeking finds %q, %+v, %v and decoding %q, %+v, %v", frame, id, cmd, fault, wantID, want, wantFault)
	}
}

// same compares by what is written, for nil and absent are one.
func same(a, b Command) bool {
	return reflect.TypeOf(a) == reflect.TypeOf(b) && slices.Equal(mustJSON(a), mustJSON(b))
}

// FuzzParseID: what is read is written the same, but for the case of the letters.
func FuzzParseID(f *testing.F) {
	f.Add(sampleID(1).String())
	f.Add("01890A5D-AC96-774B-BCCE-B302099A8057")
	f.Add("00000000-0000-0000-0000-000000000000")
	f.Add("01890a5dac96774bbcceb302099a8057")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := ParseID(s)
		if err != nil {
			if !id.IsZero() {
				t.Fatalf("%q: %v and an id, %s", s, err, id)
			}
			return
		}
		if id.String() != strings.ToLower(s) {
			t.Fatalf("%q came back as %s", s, id)
		}
	})
}

// FuzzMerge: however a text is cut and whichever neighbours are merged first, the
// deltas that are left say the same text and carry every number once.
func FuzzMerge(f *testing.F) {
	f.Add("That sounds like “Halo” by Beyoncé", []byte{3, 9, 1}, []byte{0, 1})
	f.Add("", []byte{}, []byte{0})
	f.Add("a\x00\"\u2028\xff", []byte{1, 1, 1}, []byte{1, 0, 0})
	f.Fuzz(func(t *testing.T, text string, cuts, merges []byte) {
		text = strings.ToValidUTF8(text, "�")
		frames := cut(text, cuts)
		whole := len(frames)
		for _, m := range merges {
			if len(frames) < 2 {
				break
			}
			i := int(m) % (len(frames) - 1)
			merged, ok := Merge(frames[i], frames[i+1])
			if !ok {
				t.Fatal("neighbours do not merge")
			}
			frames = slices.Replace(frames, i, i+2, merged)
		}
		checkDense(t, frames, text, whole)
	})
}

// restored is a frame as one gets it who comes back.
func restored(f *Frame) *Frame { return FrameOf(f.Bytes) }

// cut makes deltas numbered from 1.
func cut(text string, cuts []byte) []*Frame {
	var frames []*Frame
	at := sampleEnvelope()
	for i := 0; i <= len(cuts); i++ {
		n := len(text)
		if i < len(cuts) {
			n = min(n, int(cuts[i]))
			for n < len(text) && !utf8.RuneStart(text[n]) {
				n++
			}
		}
		at.Seq = int64(i + 1)
		frames = append(frames, restored(EventFrame(at, &AnswerDelta{Text: text[:n]})))
		text = text[n:]
	}
	return frames
}

func checkDense(t *testing.T, frames []*Frame, text string, whole int) {
	t.Helper()
	said, next := "", int64(1)
	for _, frame := range frames {
		var d struct {
			Type     string `json:"type"`
			FirstSeq *int64 `json:"first_seq"`
			Seq      int64  `json:"seq"`
			Text     string `json:"text"`
		}
		if err := json.Unmarshal(frame.Bytes, &d); err != nil {
			t.Fatal(err)
		}
		first := d.Seq
		if d.FirstSeq != nil {
			first = *d.FirstSeq
		}
		if first != next || d.Seq < first || d.Type != "recall.answer.delta" || (d.FirstSeq != nil && first == d.Seq) {
			t.Fatalf("%s, after %d", frame.Bytes, next-1)
		}
		said, next = said+d.Text, d.Seq+1
	}
	if said != text || next != int64(whole+1) {
		t.Fatalf("said %q up to %d, want %q up to %d", said, next-1, text, whole)
	}
}
