package wire

import (
	"maps"
	"slices"
	"testing"
)

func BenchmarkDecode(b *testing.B) {
	for _, kind := range []string{"ping", "recall", "hello", "thread.create", "messages.list"} {
		frame := frameOf(kind, nil, nil)
		b.Run(kind, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if _, _, fault := Decode(frame); fault != nil {
					b.Fatal(fault)
				}
			}
		})
	}
}

// BenchmarkEncode writes each type of event, and the replies that a recall and reading
// back cause.
func BenchmarkEncode(b *testing.B) {
	events := sampleEvents()
	for _, name := range slices.Sorted(maps.Keys(events)) {
		encodes(b, name, func() { EventFrame(sampleEnvelope(), events[name]) })
	}
	replies := sampleReplies()
	for _, name := range []string{"recall.accepted", "messages", "thread", "threads", "limits"} {
		encodes(b, name, func() { Reply("c1", replies[name]) })
	}
}

func encodes(b *testing.B, name string, encode func()) {
	b.Run(name, func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			encode()
		}
	})
}

// BenchmarkMerge joins the pieces of an answer that a client has not read, one by one.
func BenchmarkMerge(b *testing.B) {
	frames := cut("a few words of an answer, which go on for a while", []byte{5, 6, 5, 6, 3, 7})
	b.ReportAllocs()
	for b.Loop() {
		merged := frames[0]
		for _, next := range frames[1:] {
			merged, _ = Merge(merged, next)
		}
	}
}
