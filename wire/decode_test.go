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

// fields lists every field of every command that we read, with a value of a wrong
// type and whether the command can do without it.
var fieldTable = []struct {
	kind, path string
	wrong      any
	optional   bool
	reported   string // when the message names it otherwise
}{
	{"hello", "token", 1, true, ""},
	{"hello", "client", "ios", true, ""},
	{"hello", "client.name", 1, true, ""},
	{"hello", "client.version", 1.2, true, ""},
	{"hello", "resume", "U", true, ""},
	{"hello", "resume.thread_id", 5, false, ""},
	{"hello", "resume.thread_id", "no id", false, "resume[0].thread_id"},
	{"hello", "resume.epoch", 3, true, ""},
	{"hello", "resume.after_seq", "3", true, ""},
	{"hello", "resume.after_seq", -1, true, ""},
	{"auth.refresh", "token", true, false, ""},
	{"auth.refresh", "token", "", false, ""},
	{"thread.create", "thread_id", "x", true, ""},
	{"thread.create", "thread_id", []int{}, true, ""},
	{"thread.create", "title", map[string]int{}, true, ""},
	{"thread.list", "cursor", 1, true, ""},
	{"thread.list", "limit", "20", true, ""},
	{"thread.list", "limit", 0, true, ""},
	{"thread.list", "limit", 21, true, ""},
	{"thread.list", "limit", 1.5, true, ""},
	{"thread.list", "limit", 1e300, true, ""},
	{"thread.list", "archived", "yes", true, ""},
	{"thread.get", "thread_id", "", false, ""},
	{"thread.get", "thread_id", "{01890a5d-ac96-774b-bcce-b302099a805}", false, ""},
	{"thread.get", "thread_id", "01890a5d-ac96-774b-bcce-b302099a805g", false, ""},
	{"thread.get", "thread_id", 1, false, ""},
	{"thread.get", "thread_id", map[string]string{}, false, ""},
	{"thread.update", "thread_id", "x", false, ""},
	{"thread.update", "title", 1, true, ""},
	{"thread.update", "pinned", 1, true, ""},
	{"thread.update", "archived", "true", true, ""},
	{"thread.delete", "thread_id", false, false, ""},
	{"thread.subscribe", "thread_id", "x", false, ""},
	{"thread.subscribe", "epoch", 3, true, ""},
	{"thread.subscribe", "after_seq", "1", true, ""},
	{"thread.subscribe", "after_seq", -1, true, ""},
	{"thread.subscribe", "after_seq", 1e30, true, ""},
	{"thread.unsubscribe", "thread_id", 0, false, ""},
	{"messages.list", "thread_id", "x", false, ""},
	{"messages.list", "before_seq", "1", true, ""},
	{"messages.list", "before_seq", 0, true, ""},
	{"messages.list", "after_seq", 3, true, ""}, // beside before_seq
	{"messages.list", "limit", 51, true, ""},
	{"messages.list", "limit", 0, true, ""},
	{"recall", "thread_id", "x", false, ""},
	{"recall", "request_id", "x", false, ""},
	{"recall", "request_id", 7, false, ""},
	{"recall", "input", "a song", false, "input"},
	{"recall", "input.kind", 1, false, ""},
	{"recall", "input.kind", "smell", false, ""},
	{"recall", "input.text", 1, true, ""},
	{"recall", "input.media_id", "x", true, ""},
	{"recall", "input.edited_transcript", []string{}, true, ""},
	{"recall.cancel", "recall_id", "x", false, ""},
	{"candidate.confirm", "message_id", "x", false, ""},
	{"candidate.reject", "message_id", 1, false, ""},
	{"stash.list", "cursor", 1, true, ""},
	{"stash.list", "limit", 21, true, ""},
	{"stash.add", "thread_id", 1, false, ""},
	{"stash.remove", "thread_id", "x", false, ""},
	{"media.open", "kind", "text", false, ""},
	{"media.open", "content_type", 1, true, ""},
	{"media.open", "size", "12", true, ""},
	{"media.close", "media_id", "x", false, ""},
	{"media.close", "sha256", 1, true, ""},
}

func TestDecodeNamesTheField(t *testing.T) {
	t.Parallel()
	for _, f := range fieldTable {
		path := strings.Split(f.path, ".")
		name := f.reported
		if name == "" {
			name = f.path
		}
		checkFault(t, frameOf(f.kind, path, f.wrong), name)
		if missing := frameOf(f.kind, path, nil); f.optional {
			if _, _, fault := Decode(missing); fault != nil {
				t.Errorf("%s without %s: %v", f.kind, f.path, fault)
			}
		} else {
			checkFault(t, missing, f.path)
		}
	}
}

// checkFault wants a bad_request that names the field, and the command with it.
func checkFault(t *testing.T, frame []byte, field string) {
	t.Helper()
	id, cmd, fault := Decode(frame)
	if fault == nil || fault.Code != CodeBadRequest || !strings.Contains(fault.Message, field) || fault.Retryable {
		t.Errorf("%.200s: %v, want a bad_request that names %s", frame, fault, field)
	}
	if id != "c1" || cmd == nil {
		t.Errorf("%.200s: id %q, command %T", frame, id, cmd)
	}
}

func TestDecodeEveryFieldIsTried(t *testing.T) {
	t.Parallel()
	tried := map[string]bool{}
	for _, f := range fieldTable {
		tried[f.kind+" "+strings.Split(f.path, ".")[0]] = true
	}
	for kind, fields := range (describer{enums: constants(t), objects: map[string]any{}}).commands() {
		for field := range fields.(map[string]any) {
			if !tried[kind+" "+field] {
				t.Errorf("no wrong value was tried for %s of %s", field, kind)
			}
		}
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
