package wire

import "testing"

func BenchmarkDecode(b *testing.B) {
	for _, kind := range []string{"ping", "recall", "hello"} {
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

func BenchmarkEncodeEvent(b *testing.B) {
	c := sampleCandidate()
	at := sampleEnvelope()
	for _, e := range []Event{&AnswerDelta{Text: "four words of text "}, &RecallCandidate{Candidate: c, Rank: 1, Revision: 1}} {
		b.Run(e.MessageType(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				EventFrame(at, e)
			}
		})
	}
}
