package device

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const event = `{"type":"recall.answer.delta","thread_id":"01890a5d-ac96-774b-bcce-b302099a8057","recall_id":"01890a5d-ac96-774b-bcce-b302099a8058","seq":17,"epoch":"3","ts":"2026-01-02T03:04:05.678Z","first_seq":16,"text":"it is \"Africa\", {by} [Toto]\\"}`

func TestScanReadsWhatServersWrite(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Head{
		event: {
			Type: []byte("recall.answer.delta"), ThreadID: []byte("01890a5d-ac96-774b-bcce-b302099a8057"),
			RecallID: []byte("01890a5d-ac96-774b-bcce-b302099a8058"), Epoch: []byte("3"), Seq: 17, FirstSeq: 16,
		},
		`{"type":"error","id":"c1","code":"rate_limited","policy":"recall_minute","retry_after_ms":1200,"retryable":true}`: {
			Type: []byte("error"), ID: []byte("c1"), Code: []byte("rate_limited"), Policy: []byte("recall_minute"), RetryAfterMS: 1200,
		},
		`{"type":"goodbye","code":1012,"reconnect":true}`:                     {Type: []byte("goodbye"), Code: []byte("1012")},
		`{"type":"thread","thread":{"seq":9,"epoch":"x","id":"y"},"id":"c2"}`: {Type: []byte("thread"), ID: []byte("c2")},
	} {
		var got Head
		if !got.scan([]byte(raw)) {
			t.Errorf("gave up on %s", raw)
		}
		want.Raw = []byte(raw)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s:\n%s", raw, diff)
		}
	}
}

func TestScanGivesUpOnTheUnusual(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		``, `{}`, `[]`, `{ "type":"x"}`, `{"type":"x"} `, `{"type":"\u0078"}`, `{"TYPE":"x"}`, `{"type":"ä"}`, `{"seq":1e3}`,
		`{"seq":-1}`, `{"seq":01}`, `{"seq":"1"}`, `{"seq":1234567890123456789}`, `{"type":null}`, `{"text":"x}`, `{"a":[1}`, `{"code":null}`,
	} {
		if h := (Head{}); h.scan([]byte(raw)) {
			if slow := (Head{}); slow.slow([]byte(raw)) != nil || !cmp.Equal(h, slow, cmpopts.EquateEmpty()) {
				t.Errorf("%s was read as %+v", raw, h)
			}
		}
	}
}

// What the scanner reads, encoding/json reads alike, whenever that reads it at all.
func FuzzScan(f *testing.F) {
	f.Add([]byte(event))
	f.Add([]byte(`{"type":"error","code":"x","policy":"","retry_after_ms":0,"a":[{"b":"}"}],"id":null}`))
	f.Add([]byte(`{"code":12,"CODE":13,"code":"y","first_seq":3,"epoch":"1"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fast, slow Head
		if !fast.scan(raw) || slow.slow(raw) != nil {
			return
		}
		if diff := cmp.Diff(slow, fast, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s\n%s", raw, diff)
		}
	})
}

func BenchmarkScan(b *testing.B) {
	page := `{"type":"messages","id":"c9","messages":[` + strings.Repeat(`{"text":"a long text of a message","seq":1},`, 49) + `{}]}`
	for name, raw := range map[string]string{"event": event, "page": page} {
		if !json.Valid([]byte(raw)) {
			b.Fatal(raw)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var h Head
			for b.Loop() {
				h.scan([]byte(raw))
			}
		})
		b.Run(name+"-encoding-json", func(b *testing.B) {
			b.ReportAllocs()
			var h Head
			for b.Loop() {
				_ = h.slow(bytes.Clone([]byte(raw)))
			}
		})
	}
}
