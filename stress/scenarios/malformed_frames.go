package scenarios

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"recall/stress/device"
)

// mistake is a frame and what the protocol says of it.
type mistake struct {
	name, frame string
	want        string // code of the error; several, separated by "|"; ok: any answer that is no error
	id          string // that the answer echoes
	binary      bool
}

func (m mistake) fits(f device.Frame) bool {
	code := "ok"
	if f.Type == "error" {
		code, _ = f.Code.(string)
	}
	return slices.Contains(strings.Split(m.want, "|"), code) && f.ID == m.id
}

const nobody = "00000000-0000-4000-8000-000000000000"

// mistakes are one of each kind.
func mistakes() []mistake {
	all := []mistake{
		{name: "nothing", frame: ``, want: "bad_request"},
		{name: "half an object", frame: `{"type":"ping"`, want: "bad_request"},
		{name: "a list", frame: `[{"type":"ping"}]`, want: "bad_request"},
		{name: "null", frame: `null`, want: "bad_request"},
		{name: "a number", frame: `42`, want: "bad_request"},
		{name: "two objects", frame: `{"type":"ping"}{"type":"ping"}`, want: "bad_request"},
		{name: "no type", frame: `{}`, want: "bad_request"},
		{name: "a type that is no text", frame: `{"type":5}`, want: "bad_request"},
		{name: "zero bytes", frame: "\x00\x00", want: "bad_request"},
		{name: "invalid UTF-8", frame: "{\"type\":\"thread.create\",\"title\":\"\xff\xfe\"}", want: "bad_request"},
		{name: "a list without end", frame: strings.Repeat("[", 60_000), want: "bad_request"},
		{name: "objects in objects", frame: strings.Repeat(`{"type":`, 7_000), want: "bad_request"},
		{name: "a field that is deep", frame: `{"type":"ping","x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, want: "ok|bad_request"},
		{name: "a long id", frame: `{"type":"ping","id":"` + strings.Repeat("i", 65) + `"}`, want: "bad_request"},
		{name: "an id that is a number", frame: `{"type":"ping","id":7}`, want: "bad_request"},
		{name: "a chunk without a channel", frame: "abc", want: "bad_request", binary: true},
		{name: "a chunk of no upload", frame: "\x00\x00\x00\x07abc", want: "not_found", binary: true},
	}
	for i, c := range []struct{ fields, want string }{
		{`"type":"no.such"`, "unknown_type"},
		{`"type":""`, "unknown_type|bad_request"},
		{`"type":"thread.get"`, "bad_request"},
		{`"type":"thread.get","thread_id":7`, "bad_request"},
		{`"type":"thread.get","thread_id":"me"`, "bad_request"},
		{`"type":"thread.get","thread_id":null`, "bad_request"},
		{`"type":"thread.get","thread_id":"` + nobody + `"`, "not_found"},
		{`"type":"thread.create","title":["x"]`, "bad_request"},
		{`"type":"thread.list","limit":0`, "bad_request"},
		{`"type":"thread.list","limit":21`, "bad_request"},
		{`"type":"thread.list","limit":"all"`, "bad_request"},
		{`"type":"thread.list","cursor":"nowhere"`, "bad_request"},
		{`"type":"messages.list","thread_id":"` + nobody + `","limit":51`, "bad_request"},
		{`"type":"messages.list","thread_id":"` + nobody + `","before_seq":1,"after_seq":1`, "bad_request"},
		{`"type":"messages.list","thread_id":"` + nobody + `","before_seq":1e99`, "bad_request"},
		{`"type":"messages.list","thread_id":"` + nobody + `"`, "not_found"},
		{`"type":"thread.subscribe","thread_id":"` + nobody + `","after_seq":-1`, "bad_request"},
		{`"type":"recall"`, "bad_request"},
		{`"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":"africa"`, "bad_request"},
		{`"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":{"kind":"smell"}`, "bad_request"},
		{`"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":{"kind":"text","text":"  "}`, "bad_request"},
		{`"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":{"kind":"text","text":"` + strings.Repeat("x", 4001) + `"}`, "bad_request"},
		{`"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":{"kind":"voice"}`, "bad_request"},
		{`"type":"recall.cancel","recall_id":"` + nobody + `"`, "not_found"},
		{`"type":"candidate.confirm","message_id":{}`, "bad_request"},
		{`"type":"media.open","kind":"video","content_type":"video/mp4"`, "bad_request"},
		{`"type":"media.open","kind":"voice","content_type":"audio/wav","size":26214401`, "too_large"},
		{`"type":"media.close","media_id":"` + nobody + `"`, "not_found"},
		{`"type":"auth.refresh","token":"x"`, "unauthorized"},
		{`"type":"ping","more":{"fields":["that","nobody","knows"]}`, "ok"},
	} {
		id := fmt.Sprintf("m%d", i)
		all = append(all, mistake{name: c.fields[:min(60, len(c.fields))], frame: `{"id":"` + id + `",` + c.fields + `}`, want: c.want, id: id})
	}
	return all
}

// sane are frames to break. None of them makes anything when it comes through unbroken.
var sane = []string{
	`{"type":"ping","id":"1"}`,
	`{"type":"thread.list","limit":20,"archived":false}`,
	`{"type":"thread.get","thread_id":"` + nobody + `"}`,
	`{"type":"messages.list","thread_id":"` + nobody + `","before_seq":17,"limit":50}`,
	`{"type":"recall","thread_id":"` + nobody + `","request_id":"` + nobody + `","input":{"kind":"text","text":"Africa \u00e9 \ud83c\udfb5"}}`,
	`{"type":"thread.subscribe","thread_id":"` + nobody + `","epoch":"1","after_seq":3}`,
	`{"type":"candidate.reject","message_id":"` + nobody + `"}`,
	`{"type":"stash.list","cursor":"abc","limit":3}`,
}

// broken is a frame with some bytes changed, lost, repeated or cut off.
func broken(r *rand.Rand) []byte {
	frame := []byte(sane[r.IntN(len(sane))])
	for range 1 + r.IntN(4) {
		i := r.IntN(len(frame))
		switch r.IntN(5) {
		case 0:
			frame[i] = byte(r.IntN(256))
		case 1:
			frame = slices.Delete(frame, i, min(len(frame), i+1+r.IntN(8)))
		case 2:
			frame = slices.Insert(frame, i, slices.Clone(frame[i:])...)
		case 3:
			frame = frame[:i]
		default:
			frame[i] = `{}[]",:\0`[r.IntN(9)]
		}
		if len(frame) == 0 {
			return []byte{'{'}
		}
	}
	return frame
}
