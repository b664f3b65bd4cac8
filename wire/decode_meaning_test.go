package wire

import (
	"strings"
	"testing"
)

// The tests of this file are about what a decoded command means: defaults, kinds,
// and what is one command in two forms.

func TestDecodeInput(t *testing.T) {
	t.Parallel()
	id := sampleID(1).String()
	for _, f := range []struct{ input, fault, query string }{
		{`{"kind":"text","text":"  a song "}`, "", "a song"},
		{`{"kind":"text","text":"heard","edited_transcript":" edited "}`, "", "edited"},
		{`{"kind":"text","edited_transcript":"edited"}`, "", "edited"},
		{`{"kind":"text","text":"heard","edited_transcript":"  "}`, "", "heard"},
		{`{"kind":"text"}`, "input.text", ""},
		{`{"kind":"text","text":" \n\t\u3000"}`, "input.text", ""},
		{`{"kind":"voice"}`, "input.media_id", ""},
		{`{"kind":"image","text":"what is this"}`, "input.media_id", ""},
		{`{"kind":"voice","media_id":"` + id + `"}`, "", ""},
		{`{"kind":"image","media_id":"` + id + `","text":"cover"}`, "", "cover"},
		{`{"text":"a song"}`, "input.kind", ""},
		{`{"kind":"TEXT","text":"a song"}`, "input.kind", ""},
		{`null`, "input.kind", ""},
	} {
		_, cmd, fault := Decode([]byte(`{"type":"recall","thread_id":"` + id + `","request_id":"` + id + `","input":` + f.input + `}`))
		switch {
		case f.fault == "" && fault != nil:
			t.Errorf("%s: %v", f.input, fault)
		case f.fault != "" && (fault == nil || fault.Code != CodeBadRequest || !strings.HasPrefix(fault.Message, f.fault+":")):
			t.Errorf("%s: %v, want one of %s", f.input, fault, f.fault)
		case f.fault == "" && cmd.(*StartRecall).Input.Query() != f.query:
			t.Errorf("%s asks %q", f.input, cmd.(*StartRecall).Input.Query())
		}
	}
}

func TestDecodeTwins(t *testing.T) {
	t.Parallel()
	decode := func(kind string) Command {
		_, cmd, fault := Decode(frameOf(kind, nil, nil))
		if fault != nil {
			t.Fatal(fault)
		}
		return cmd
	}
	if v := decode("candidate.confirm").(*Judge).Verdict; v != Confirmed {
		t.Errorf("confirm is %q", v)
	}
	if v := decode("candidate.reject").(*Judge).Verdict; v != Rejected {
		t.Errorf("reject is %q", v)
	}
	if !decode("stash.add").(*StashEdit).Add || decode("stash.remove").(*StashEdit).Add {
		t.Error("stash.add and stash.remove are mixed up")
	}
	// The client cannot set what the type decides.
	_, cmd, _ := Decode([]byte(`{"type":"candidate.reject","message_id":"` + sampleID(1).String() + `","Verdict":"confirmed"}`))
	if v := cmd.(*Judge).Verdict; v != Rejected {
		t.Errorf("the field verdict made it %q", v)
	}
}

func TestDecodeDefaults(t *testing.T) {
	t.Parallel()
	_, list, _ := Decode([]byte(`{"type":"thread.list"}`))
	_, stash, _ := Decode([]byte(`{"type":"stash.list","limit":null}`))
	_, messages, _ := Decode([]byte(`{"type":"messages.list","thread_id":"` + sampleID(1).String() + `"}`))
	_, few, _ := Decode(frameOf("messages.list", []string{"limit"}, 1))
	for name, size := range map[string][2]int{
		"threads":  {list.(*ThreadList).PageSize(), 20},
		"stash":    {stash.(*StashList).PageSize(), 20},
		"messages": {messages.(*MessagesList).PageSize(), 50},
		"one":      {few.(*MessagesList).PageSize(), 1},
	} {
		if size[0] != size[1] {
			t.Errorf("%s: a page of %d, want %d", name, size[0], size[1])
		}
	}
	_, one, _ := Decode([]byte(`{"type":"thread.create"}`))
	_, two, _ := Decode([]byte(`{"type":"thread.create","thread_id":null}`))
	if a, b := one.(*ThreadCreate).ThreadID, two.(*ThreadCreate).ThreadID; a.IsZero() || a == b {
		t.Errorf("new threads without an id of the client's: %s, %s", a, b)
	}
	_, titled, _ := Decode(frameOf("thread.create", nil, nil))
	if title := *titled.(*ThreadCreate).Title; title != "a title" {
		t.Errorf("the title is %q", title)
	}
}

func TestDecodeUpdateNeedsAChange(t *testing.T) {
	t.Parallel()
	_, _, fault := Decode([]byte(`{"type":"thread.update","thread_id":"` + sampleID(1).String() + `","title":null}`))
	if fault == nil || fault.Code != CodeBadRequest || !strings.Contains(fault.Message, "title, pinned or archived") {
		t.Errorf("an update of nothing: %v", fault)
	}
}

func TestDecodeResumeOfTooMany(t *testing.T) {
	t.Parallel()
	one := map[string]any{"thread_id": sampleID(1)}
	many := make([]any, MaxResume, MaxResume+1)
	for i := range many {
		many[i] = one
	}
	if _, _, fault := Decode(frameOf("hello", []string{"resume"}, many)); fault != nil {
		t.Error(fault)
	}
	checkFault(t, frameOf("hello", []string{"resume"}, append(many, one)), "resume")
}

func TestDecodeSizeOfMedia(t *testing.T) {
	t.Parallel()
	for size, code := range map[int]Code{0: "", MaxMedia: "", MaxMedia + 1: CodeTooLarge} {
		_, _, fault := Decode(frameOf("media.open", []string{"size"}, size))
		if code == "" && fault != nil || code != "" && (fault == nil || fault.Code != code || fault.Retryable) {
			t.Errorf("%d bytes: %v, want %q", size, fault, code)
		}
	}
}

func TestDecodeSumInEitherCase(t *testing.T) {
	t.Parallel()
	_, cmd, fault := Decode(frameOf("media.close", []string{"sha256"}, strings.ToUpper(sampleSum)))
	if fault != nil || cmd.(*MediaClose).SHA256 != sampleSum {
		t.Errorf("%+v, %v", cmd, fault)
	}
	_, cmd, fault = Decode(frameOf("media.close", []string{"sha256"}, nil))
	if fault != nil || Check(cmd) != nil || cmd.(*MediaClose).SHA256 != "" {
		t.Errorf("without a sum: %+v, %v", cmd, fault)
	}
}

func TestDecodeUpperCaseID(t *testing.T) {
	t.Parallel()
	upper := strings.ToUpper(sampleID(0xab).String())
	_, cmd, fault := Decode(frameOf("thread.get", []string{"thread_id"}, upper))
	if fault != nil || cmd.(*ThreadGet).ThreadID.String() != strings.ToLower(upper) {
		t.Errorf("%s: %v, %v", upper, cmd, fault)
	}
}
