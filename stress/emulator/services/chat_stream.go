package services

import (
	"net/http"
	"strings"
)

// stream is the answer as events: the role, a delta for each token, the reason of
// the end, the usage if wanted, [DONE].
func (d *completion) stream() reply {
	r := reply{
		status: http.StatusOK, outcome: OK,
		header: http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}, "Cache-Control": {"no-cache"}},
	}
	add := func(delta object, finish any) {
		r.parts = append(r.parts, event(encode(d.chunk(delta, finish))))
	}
	add(object{"role": "assistant", "content": "", "refusal": nil}, nil)
	for _, t := range d.content {
		add(object{"content": t}, nil)
	}
	for _, t := range tokens(d.refusal) {
		add(object{"refusal": t}, nil)
	}
	add(object{}, d.finish)
	if d.request.StreamOptions.IncludeUsage {
		r.parts = append(r.parts, event(encode(d.usageChunk())))
	}
	r.parts = append(r.parts, event([]byte("[DONE]")))
	return r
}

func (d *completion) chunk(delta object, finish any) object {
	out := d.envelope()
	out["choices"] = []object{{"index": 0, "delta": delta, "logprobs": nil, "finish_reason": finish}}
	if d.request.StreamOptions.IncludeUsage {
		out["usage"] = nil
	}
	if o := d.request.StreamOptions.IncludeObfuscation; (o == nil || *o) && finish == nil {
		out["obfuscation"] = strings.Repeat("x", 1+pick(encode(delta), 12)) // hides the length of tokens from listeners
	}
	return out
}

// usageChunk has no choices: whoever takes the first one blindly falls.
func (d *completion) usageChunk() object {
	out := d.envelope()
	out["choices"], out["usage"] = []object{}, d.usage()
	return out
}

func (d *completion) envelope() object {
	return object{
		"id": d.id, "object": "chat.completion.chunk", "created": d.created,
		"model": d.model(), "system_fingerprint": "fp_emulator",
	}
}
