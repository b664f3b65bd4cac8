package services

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Faults that every service on the network may have.

const (
	oversize     = 8 << 20 // bytes: beyond what any client should take
	errorPage    = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center><hr><center>cloudflare</center></body></html>\n"
	slowAnswer   = 150 * time.Millisecond
	trickleEvery = 250 * time.Millisecond
)

// plainDown is a body of a server error, of services with no form of their own.
func plainDown(status int) reply {
	return jsonReply(status, Unavailable, object{"message": http.StatusText(status)})
}

func anyFaults(down func(status int) reply) []Fault {
	return slices.Concat(statusFaults(down), bodyFaults(), transportFaults(), delayFaults())
}

func statusFaults(down func(status int) reply) []Fault {
	return []Fault{
		always("status_500", "500 with the service's JSON", down(http.StatusInternalServerError)),
		always("status_502", "502 with the service's JSON", down(http.StatusBadGateway)),
		always("status_503", "503 with the service's JSON", down(http.StatusServiceUnavailable)),
		always("html_502", "502 with a proxy's HTML page", textReply(http.StatusBadGateway, Unavailable, "text/html; charset=utf-8", errorPage)),
		always("empty_500", "500 without a body", textReply(http.StatusInternalServerError, Unavailable, "text/plain", "")),
		always("html_200", "200 with an HTML page, as portals send", textReply(http.StatusOK, Unavailable, "text/html; charset=utf-8", strings.Replace(errorPage, "502 Bad Gateway", "Welcome", 2))),
	}
}

func bodyFaults() []Fault {
	return []Fault{
		changed("oversized_body", "an answer of 8 MiB", Unavailable, oversized),
		changed("malformed_json", "an answer that is no JSON", Unavailable, malformed),
		changed("truncated_json", "an answer whose JSON ends in the middle", Unavailable, truncated),
		changed("wrong_content_type", "a good answer that says it is text/html", OK, func(r reply) reply {
			return r.with("Content-Type", "text/html; charset=utf-8")
		}).or(Unavailable, NoMatch),
	}
}

func transportFaults() []Fault {
	return []Fault{
		delivered("reset_before_headers", "connection reset instead of an answer", Unavailable, func(d *delivery) error { return d.cut(true) }),
		delivered("reset_after_headers", "connection reset after the headers", Unavailable, func(d *delivery) error {
			d.begin()
			return d.cut(true)
		}),
		delivered("reset_in_body", "connection reset in the middle of the body", Unavailable, func(d *delivery) error { return d.half(true) }),
		delivered("short_body", "connection closed in the middle of the body", Unavailable, func(d *delivery) error { return d.half(false) }),
	}
}

func delayFaults() []Fault {
	return []Fault{
		delivered("latency_fixed", "a good answer 150 ms later", OK, func(d *delivery) error {
			if err := d.pause(slowAnswer); err != nil {
				return err
			}
			return d.plain()
		}).or(NoMatch),
		{Name: "latency_lognormal", About: "a good answer later, log-normal around 150 ms", Expect: OK, Or: []Class{NoMatch}, answer: lateAnswer},
		delivered("slow_headers", "headers that come by the character and never end", Timeout, func(d *delivery) error { return d.trickle(trickleEvery) }),
		delivered("stall_before_headers", "no answer, with the connection open", Timeout, (*delivery).stall),
		delivered("stall_in_body", "half of the body, then nothing, with the connection open", Timeout, (*delivery).halfThenStall),
	}
}

func lateAnswer(c *call, normal func() reply) reply {
	wait := &delivery{ctx: c.r.Context(), closing: c.s.closing}
	_ = wait.pause(c.s.pace.around(slowAnswer)) // who has left is noticed when the answer is sent
	return normal()
}

// half sends half of the answer and ends the connection.
func (d *delivery) half(reset bool) error {
	d.begin()
	if err := d.send(d.firstHalf()); err != nil {
		return err
	}
	return d.cut(reset)
}

func (d *delivery) halfThenStall() error {
	d.begin()
	if err := d.send(d.firstHalf()); err != nil {
		return err
	}
	return d.stall()
}

// oversized puts 8 MiB of padding into the answer: into the first event of a stream,
// before the rest of anything else.
func oversized(r reply) reply {
	padding := `{"padding":"` + strings.Repeat("x", oversize) + `"}`
	if r.isStream() {
		r.parts = slices.Insert(slices.Clone(r.parts), 1, event([]byte(padding)))
		return r
	}
	r.parts = [][]byte{[]byte(padding)}
	return r
}

func malformed(r reply) reply {
	const text = `{"text": oops, "choices": [}`
	if r.isStream() {
		r.parts = slices.Insert(slices.Clone(r.parts), len(r.parts)/2, event([]byte(text)))
		return r
	}
	r.parts = [][]byte{[]byte(text)}
	return r
}

// truncated ends a body in the middle and says that this is all.
func truncated(r reply) reply {
	if !r.isStream() {
		body := r.body()
		r.parts = [][]byte{body[:len(body)/2]}
		return r
	}
	middle := len(r.parts) / 2
	last := r.parts[middle]
	r.parts = append(slices.Clone(r.parts[:middle]), last[:len(last)/2])
	return r
}
