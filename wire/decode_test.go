package wire

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDecodeGood(t *testing.T) {
	t.Parallel()
	for kind := range commands {
		id, cmd, fault := Decode(frameOf(kind, nil, nil))
		if fault != nil || id != "c1" || cmd == nil {
			t.Errorf("%s: id %q, %T, %v", kind, id, cmd, fault)
		}
	}
	if have, want := slices.Sorted(maps.Keys(goodCommands())), slices.Sorted(maps.Keys(commands)); !slices.Equal(have, want) {
		t.Errorf("samples of %v, commands %v", have, want)
	}
}

func TestDecodeNoCommand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("i", MaxCommandID)
	for _, f := range []struct {
		frame, id string
		code      Code
		says      string
	}{
		{``, "", CodeBadRequest, "malformed JSON"},
		{`{`, "", CodeBadRequest, "malformed JSON"},
		{`{"id":"a","type":"ping"`, "", CodeBadRequest, "malformed JSON"}, // malformed: without id
		{`{"id":"a","type":"ping"} x`, "", CodeBadRequest, "malformed JSON"},
		{`{"id":"a","type":"ping"}{}`, "", CodeBadRequest, "malformed JSON"},
		{"{\"id\":\"a\",\"type\":\"pi\x00ng\"}", "", CodeBadRequest, "malformed JSON"},
		{"\ufeff{}", "", CodeBadRequest, "malformed JSON"},
		{"{\"id\":\"a\",\"type\":\"pi\xffng\"}", "", CodeBadRequest, "UTF-8"},
		{`[]`, "", CodeBadRequest, "one JSON object"},
		{`"ping"`, "", CodeBadRequest, "one JSON object"},
		{`1`, "", CodeBadRequest, "one JSON object"},
		{`null`, "", CodeBadRequest, "type"},
		{`{}`, "", CodeBadRequest, "type"},
		{`{"id":"a"}`, "a", CodeBadRequest, "type"},
		{`{"id":"a","type":null}`, "a", CodeBadRequest, "type"},
		{`{"id":"a","type":7}`, "a", CodeBadRequest, "type"},
		{`{"id":7,"type":"ping"}`, "", CodeBadRequest, "id"},
		{`{"id":"a","type":""}`, "a", CodeUnknownType, `""`},
		{`{"id":"a","type":"PING"}`, "a", CodeUnknownType, `"PING"`},
		{`{"id":"a","type":"welcome"}`, "a", CodeUnknownType, `"welcome"`},
		{`{"id":"` + long + `","type":"ping"}`, long, "", ""},
		{`{"id":"` + long + `i","type":"ping"}`, "", CodeBadRequest, "id"},
		{`{"id":"` + long + `i","type":7}`, "", CodeBadRequest, "id"}, // never echoed
		{`{"id":"` + strings.Repeat("é", MaxCommandID/2) + `","type":"ping"}`, strings.Repeat("é", MaxCommandID/2), "", ""},
		{`{"id":"` + strings.Repeat("é", MaxCommandID/2) + `i","type":"ping"}`, "", CodeBadRequest, "id"},
		{`{"type":"ping","x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`, "", CodeBadRequest, "malformed JSON"},
		{`{"type":"ping","x":` + strings.Repeat(`{"y":`, 5_000) + "1" + strings.Repeat("}", 5_000) + `}`, "", "", ""},
		{`{"type":"ping","type":"pong"}`, "", CodeUnknownType, "pong"}, // the last one counts
		{`{"type":"ping","id":null,"more":{"fields":[1,2]}}`, "", "", ""},
		{`{"type":"\ud800"}`, "", CodeUnknownType, "�"},
	} {
		id, cmd, fault := Decode([]byte(f.frame))
		switch {
		case id != f.id:
			t.Errorf("%.80s: id %q, want %q", f.frame, id, f.id)
		case f.code == "" && (fault != nil || cmd == nil):
			t.Errorf("%.80s: %v", f.frame, fault)
		case f.code != "" && (fault == nil || fault.Code != f.code || !strings.Contains(fault.Message, f.says)):
			t.Errorf("%.80s: %v, want %s that says %q", f.frame, fault, f.code, f.says)
		case fault != nil && cmd != nil:
			t.Errorf("%.80s: a command, %T, that nobody sent", f.frame, cmd)
		}
	}
}

// TestDecodeWrongIDAmongOthers: fields that we do not read may hold what they like.
func TestDecodeWrongIDAmongOthers(t *testing.T) {
	t.Parallel()
	for frame, field := range map[string]string{
		`{"id":"c1","type":"thread.get","aaa_id":"mine","thread_id":"wrong"}`:                                     "thread_id: ",
		`{"id":"c1","type":"hello","client":{"device_id":"phone"},"resume":[{"thread_id":"wrong"}]}`:              "resume[0].thread_id: ",
		`{"id":"c1","type":"thread.get","Thread_ID":"wrong"}`:                                                     "Thread_ID: ",
		`{"id":"c1","type":"thread.get","thread_id":"wrong","thread_id":"` + sampleID(1).String() + `"}`:          "id field: ",
		`{"id":"c1","type":"recall","thread_id":"` + sampleID(1).String() + `","request_id":"` + "\\u0000" + `"}`: "request_id: ",
	} {
		_, _, fault := Decode([]byte(frame))
		if fault == nil || fault.Code != CodeBadRequest || !strings.HasPrefix(fault.Message, field) {
			t.Errorf("%s: %v, want %s", frame, fault, field)
		}
	}
}

// TestDecodeFaultIsShort: what a client wrote is not sent back whole.
func TestDecodeFaultIsShort(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", MaxTextFrame/2)
	for _, frame := range []string{
		`{"type":"thread.list","limit":` + huge + `}`,
		`{"type":"` + huge + `"}`,
		`{"type":"thread.get","thread_id":"` + huge + `"}`,
		`{"type":"` + strings.Repeat("☂", 1000) + `"}`,
		`{"type":"recall","id":"` + huge + `"}`,
		`{"type":"media.open","kind":"` + huge + `"}`,
	} {
		_, _, fault := Decode([]byte(frame))
		if fault == nil || len(fault.Message) > 200 || !utf8.ValidString(fault.Message) {
			t.Errorf("%.60s: %v", frame, fault)
		}
	}
}

// TestDecodeUnstorableText: Postgres text holds no NUL.
func TestDecodeUnstorableText(t *testing.T) {
	t.Parallel()
	for path, kinds := range map[string][]string{
		"title": {"thread.create", "thread.update"}, "cursor": {"thread.list", "stash.list"},
		"input.text": {"recall"}, "input.edited_transcript": {"recall"},
	} {
		for _, kind := range kinds {
			checkFault(t, frameOf(kind, strings.Split(path, "."), "a\x00b"), path)
		}
	}
}

func TestDecodeLengths(t *testing.T) {
	t.Parallel()
	for _, letter := range []string{"a", "é", "語", "🎵"} {
		for path, most := range map[string]int{"input.text": MaxText, "input.edited_transcript": MaxText} {
			good := " \n" + strings.Repeat(letter, most) + "\t " // blanks at the ends do not count
			_, cmd, fault := Decode(frameOf("recall", strings.Split(path, "."), good))
			if fault != nil {
				t.Fatalf("%d of %q in %s: %v", most, letter, path, fault)
			}
			in := cmd.(*StartRecall).Input
			if got := map[string]string{"input.text": in.Text, "input.edited_transcript": in.EditedTranscript}[path]; got != strings.TrimSpace(good) {
				t.Errorf("%s is not trimmed: %d bytes", path, len(got))
			}
			checkFault(t, frameOf("recall", strings.Split(path, "."), strings.Repeat(letter, most+1)), path)
		}
		if _, _, fault := Decode(frameOf("thread.create", []string{"title"}, strings.Repeat(letter, MaxTitle))); fault != nil {
			t.Error(fault)
		}
		checkFault(t, frameOf("thread.update", []string{"title"}, strings.Repeat(letter, MaxTitle+1)), "title")
	}
}
