package wire

import (
	"strings"
	"testing"
)

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
	{"media.open", "content_type", 1, false, ""},
	{"media.open", "content_type", "", false, ""},
	{"media.open", "content_type", strings.Repeat("a", 256), false, ""},
	{"media.open", "size", "12", true, ""},
	{"media.open", "size", -1, true, ""},
	{"media.open", "size", 1.5, true, ""},
	{"media.close", "media_id", "x", false, ""},
	{"media.close", "sha256", 1, true, ""},
	{"media.close", "sha256", "ab", true, ""},
	{"media.close", "sha256", strings.Repeat("g", 64), true, ""},
	{"media.close", "sha256", strings.Repeat("ab", 33), true, ""},
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
