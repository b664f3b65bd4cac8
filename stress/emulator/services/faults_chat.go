package services

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
)

// streamFaults are those of streams. Where none was asked for, the same is done to
// the one body as far as that makes sense.
func streamFaults() []Fault {
	return []Fault{
		delivered("stall_in_stream", "half of the events, then nothing, with the socket open", Timeout, (*delivery).halfThenStall),
		changed("eof_without_done", "a stream that ends in the middle as if whole", Unavailable, func(r reply) reply {
			if !r.isStream() {
				return truncated(r)
			}
			r.parts = slices.Clone(r.parts[:max(len(r.parts)/2, 2)])
			return r
		}),
		changed("error_in_stream", "a server error as an event in the middle", Unavailable, errorEvent("server_error", "The server had an error while processing your request.")),
		changed("split_utf8", "every byte for itself, so that characters are cut", OK, func(r reply) reply {
			return r
		}).bytewise(),
		changed("odd_sse", "comments, CRLF, and no space after data:", OK, odd),
	}
}

// bytewise delivers without pauses and without two bytes in one chunk.
func (f Fault) bytewise() Fault {
	f.deliver = func(d *delivery) error {
		d.begin()
		d.interval = 0
		for _, b := range d.body() {
			if err := d.send([][]byte{{b}}); err != nil {
				return err
			}
		}
		return nil
	}
	return f
}

func errorEvent(kind, message string) func(reply) reply {
	return func(r reply) reply {
		text := encode(object{"error": object{"message": message, "type": kind, "param": nil, "code": nil}})
		if !r.isStream() {
			r.parts = [][]byte{text}
			return r
		}
		r.parts = append(slices.Clone(r.parts[:len(r.parts)/2]), event(text))
		return r
	}
}

// odd is the same stream in the strangest form that the rules of SSE allow.
func odd(r reply) reply {
	if !r.isStream() {
		return r
	}
	parts := [][]byte{[]byte(": ping\r\n\r\n")}
	for _, p := range r.parts {
		p = bytes.Replace(p, []byte("data: "), []byte("data:"), 1)
		p = bytes.Replace(p, []byte("\n\n"), []byte("\r\n\r\n"), 1)
		parts = append(parts, append(p, ": ping\r\n"...))
	}
	r.parts = parts
	return r
}

// chatFaults are those of models.
func chatFaults() []Fault {
	return []Fault{
		completed("usage_without_choices", "the usage chunk, asked for or not", OK, func(d *completion) {
			d.request.StreamOptions.IncludeUsage = true
		}),
		completed("refusal", "the model will not answer", BadInput, func(d *completion) {
			d.content, d.refusal = nil, "I'm sorry, I can't help with that."
		}).or(OK, NoMatch, Unavailable),
		completed("finish_length", "the model had no room: JSON in half", BadInput, func(d *completion) {
			d.content, d.finish = d.content[:len(d.content)/2], "length"
		}).or(Unavailable, OK),
		completed("finish_content_filter", "the answer was held back in the middle", BadInput, func(d *completion) {
			d.content, d.finish = d.content[:len(d.content)/2], "content_filter"
		}).or(Unavailable, OK),
		completed("content_not_json", "the model writes words instead of JSON", Unavailable, func(d *completion) {
			d.content = tokens("Sure! Here is what I found for you – a lovely song.")
		}).or(OK, BadInput),
		{Name: "no_finish_reason", About: "[DONE], but no reason of the end was told", Expect: Unavailable, Or: []Class{OK}, answer: unfinished},
		always("error_before_stream", "200 with nothing but an error event", reply{
			status: http.StatusOK, outcome: Unavailable, header: http.Header{"Content-Type": {"text/event-stream; charset=utf-8"}},
			parts: [][]byte{event([]byte(`{"error":{"message":"Internal error","type":"server_error","param":null,"code":null}}`))},
		}),
	}
}

// completed changes what the model has written, before it takes its form.
func completed(name, about string, expect Class, change func(*completion)) Fault {
	return Fault{Name: name, About: about, Expect: expect, answer: func(c *call, _ func() reply) reply {
		done, r := c.complete()
		if done != nil {
			change(done)
			r = done.reply()
		}
		return c.openaiHeaders(r)
	}}
}

// unfinished ends in the middle of the content, with [DONE] all the same.
func unfinished(_ *call, normal func() reply) reply {
	r := normal()
	if !r.isStream() {
		r.parts = [][]byte{[]byte(strings.Replace(string(r.body()), `"finish_reason":"stop"`, `"finish_reason":null`, 1))}
		return r
	}
	r.parts = append(slices.Clone(r.parts[:len(r.parts)/2]), event([]byte("[DONE]")))
	return r
}
