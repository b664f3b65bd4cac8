package app_test

import (
	"reflect"
	"strings"
	"testing"

	"recall/stress/device"
)

// badFrame is a frame that cannot be served, and what must be said to it.
type badFrame struct {
	raw   string // THREAD and REQUEST stand for real ones
	code  string
	names string // what the message must name
}

const (
	recallTo = `{"type":"recall","id":"x","thread_id":"THREAD","request_id":"REQUEST",`
	listOf   = `{"type":"messages.list","id":"x","thread_id":"THREAD",`
)

var badFrames = map[string]badFrame{
	"no JSON":             {`{"type":"ping"`, "bad_request", "JSON"},
	"two objects":         {`{"type":"ping"}{"type":"ping"}`, "bad_request", "JSON"},
	"empty":               {``, "bad_request", "JSON"},
	"a list":              {`[1,2]`, "bad_request", "object"},
	"a string":            {`"ping"`, "bad_request", "object"},
	"invalid UTF-8":       {"{\"type\":\"ping\",\"id\":\"\xff\xfe\"}", "bad_request", "UTF-8"},
	"no type":             {`{"id":"x"}`, "bad_request", "type"},
	"type is a number":    {`{"type":7,"id":"x"}`, "bad_request", "type"},
	"unknown type":        {`{"type":"thread.explode","id":"x"}`, "unknown_type", "thread.explode"},
	"id is a number":      {`{"type":"ping","id":7}`, "bad_request", "id"},
	"id of 65 bytes":      {`{"type":"ping","id":"` + strings.Repeat("i", 65) + `"}`, "bad_request", "id"},
	"no thread_id":        {`{"type":"thread.get","id":"x"}`, "bad_request", "thread_id"},
	"thread_id no UUID":   {`{"type":"thread.get","id":"x","thread_id":"42"}`, "bad_request", "thread_id"},
	"thread_id a number":  {`{"type":"thread.get","id":"x","thread_id":42}`, "bad_request", "thread_id"},
	"update of nothing":   {`{"type":"thread.update","id":"x","thread_id":"THREAD"}`, "bad_request", "title"},
	"pinned a string":     {`{"type":"thread.update","id":"x","thread_id":"THREAD","pinned":"yes"}`, "bad_request", "pinned"},
	"title with NUL":      {`{"type":"thread.update","id":"x","thread_id":"THREAD","title":"a\u0000b"}`, "bad_request", "title"},
	"title of 201":        {`{"type":"thread.update","id":"x","thread_id":"THREAD","title":"` + strings.Repeat("t", 201) + `"}`, "bad_request", "title"},
	"list limit 0":        {`{"type":"thread.list","id":"x","limit":0}`, "bad_request", "limit"},
	"list limit 21":       {`{"type":"thread.list","id":"x","limit":21}`, "bad_request", "limit"},
	"list cursor":         {`{"type":"thread.list","id":"x","cursor":"nonsense"}`, "bad_request", "cursor"},
	"stash limit 21":      {`{"type":"stash.list","id":"x","limit":21}`, "bad_request", "limit"},
	"stash cursor":        {`{"type":"stash.list","id":"x","cursor":"nonsense"}`, "bad_request", "cursor"},
	"limit 51":            {listOf + `"limit":51}`, "bad_request", "limit"},
	"limit -1":            {listOf + `"limit":-1}`, "bad_request", "limit"},
	"limit 1.5":           {listOf + `"limit":1.5}`, "bad_request", "limit"},
	"limit of 1e99":       {listOf + `"limit":1e99}`, "bad_request", "limit"},
	"both directions":     {listOf + `"before_seq":5,"after_seq":1}`, "bad_request", "before_seq"},
	"before_seq 0":        {listOf + `"before_seq":0}`, "bad_request", "before_seq"},
	"after_seq -1":        {listOf + `"after_seq":-1}`, "bad_request", "after_seq"},
	"subscribe after -1":  {`{"type":"thread.subscribe","id":"x","thread_id":"THREAD","after_seq":-1}`, "bad_request", "after_seq"},
	"resume no list":      {`{"type":"hello","id":"x","resume":{}}`, "bad_request", "resume"},
	"resume without id":   {`{"type":"hello","id":"x","resume":[{}]}`, "bad_request", "thread_id"},
	"no request_id":       {`{"type":"recall","id":"x","thread_id":"THREAD","input":{"kind":"text","text":"a"}}`, "bad_request", "request_id"},
	"no input":            {recallTo + `"none":1}`, "bad_request", "input"},
	"input a string":      {recallTo + `"input":"a song"}`, "bad_request", "input"},
	"input kind":          {recallTo + `"input":{"kind":"smell","text":"a"}}`, "bad_request", "input.kind"},
	"no text":             {recallTo + `"input":{"kind":"text"}}`, "bad_request", "input.text"},
	"blank text":          {recallTo + `"input":{"kind":"text","text":" \n\t "}}`, "bad_request", "input.text"},
	"text a number":       {recallTo + `"input":{"kind":"text","text":5}}`, "bad_request", "text"},
	"text with NUL":       {recallTo + `"input":{"kind":"text","text":"a\u0000b"}}`, "bad_request", "input.text"},
	"4001 characters":     {recallTo + `"input":{"kind":"text","text":"` + strings.Repeat("é", 4001) + `"}}`, "bad_request", "input.text"},
	"voice without media": {recallTo + `"input":{"kind":"voice"}}`, "bad_request", "input.media_id"},
	"cancel of nothing":   {`{"type":"recall.cancel","id":"x"}`, "bad_request", "recall_id"},
	"confirm of nothing":  {`{"type":"candidate.confirm","id":"x"}`, "bad_request", "message_id"},
}

// Whatever comes in, the connection goes on and nothing of the thread is lost.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p := u.dial()
	thread := p.thread()
	p.found(thread, known)
	before := p.messages(thread)
	for name, c := range badFrames {
		t.Run(name, func(t *testing.T) {
			w := w.in(t)
			p := (&user{w, u.id, u.token}).dial()
			raw := strings.NewReplacer("THREAD", thread, "REQUEST", device.NewUUID()).Replace(c.raw)
			check(t, p.Send(w.ctx, []byte(raw)))
			got := p.await("an error", func(f device.Frame) bool { return f.Type == "error" })
			if got.Code != c.code || !strings.Contains(text(got, "message"), c.names) {
				t.Errorf("got %s, want %s that names %s", got.Raw, c.code, c.names)
			}
			if at(got, "retryable") != false || got.ID != "" && got.ID != "x" {
				t.Errorf("got %s", got.Raw)
			}
			p.want("pong", "ping", nil)
			if after := p.messages(thread); !reflect.DeepEqual(before, after) {
				t.Errorf("the messages have changed: %v", after)
			}
		})
	}
}

// What is at a bound is served, and unknown fields are nobody's business.
func TestInputAtItsBounds(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	p := w.user().dial()
	thread := p.thread()
	p.want("pong", "ping", fields{"colour": "blue", "nested": fields{"a": []int{1}}})
	check(t, p.Send(w.ctx, []byte(`{"type":"ping","id":"`+strings.Repeat("i", 64)+`"}`)))
	p.await("pong", func(f device.Frame) bool { return f.ID == strings.Repeat("i", 64) })
	long := strings.Repeat("é", 4000)
	if f := p.want("recall.accepted", "recall", question(thread, device.NewUUID(), "  "+long+"\n")); text(f, "message.text") != long {
		t.Errorf("stored %d bytes of text", len(text(f, "message.text")))
	} else {
		p.ending(f.RecallID)
	}
	p.want("thread", "thread.update", fields{"thread_id": thread, "title": strings.Repeat("ü", 200)})
	big := `{"type":"ping","id":"big","pad":"` + strings.Repeat("p", 65_000) + `"}`
	check(t, p.Send(w.ctx, []byte(big)))
	p.await("pong", func(f device.Frame) bool { return f.ID == "big" })
}

// A frame over the limit ends the connection, and only that.
func TestOversizedFrames(t *testing.T) {
	t.Parallel()
	w := setup(t, nil)
	u := w.user()
	p, q := u.dial(), u.dial()
	thread := p.thread()
	p.found(thread, known)
	_ = p.Send(w.ctx, []byte(`{"type":"ping","pad":"`+strings.Repeat("p", 64<<10)+`"}`))
	p.farewell(1009)
	_ = q.SendBinary(w.ctx, make([]byte, 256<<10+1))
	q.farewell(1009)
	if got := u.dial().messages(thread); len(got) < 2 {
		t.Errorf("messages are %v", got)
	}
}
