package wire

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the golden files and description.json anew")

// golden compares got with a file byte for byte: the encoding is the contract.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	got = append(slices.Clip(got), '\n')
	if *rewrite {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s\n got %s\nwant %s", name, got, want)
	}
}

func TestGoldenFrames(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for name, m := range sampleReplies() {
		golden(t, "testdata/golden/"+name+".json", Reply(`a "b" ☂`, m).Bytes)
		checkFrame(t, name, m, Encode("", m))
		seen[name] = true
	}
	for name, e := range sampleEvents() {
		golden(t, "testdata/golden/event-"+name+".json", EventFrame(sampleEnvelope(), e).Bytes)
		checkFrame(t, name, e, EventFrame(Envelope{ThreadID: sampleID(1), Seq: 1, Epoch: "1"}, e).Bytes)
		seen["event-"+name] = true
	}
	files, _ := filepath.Glob("testdata/golden/*.json")
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".json"); !seen[name] {
			t.Errorf("%s belongs to no sample", file)
		}
	}
}

// checkFrame holds for every frame: one object, its type, and null only where the reference says so.
func checkFrame(t *testing.T, name string, m Message, frame []byte) {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(frame, &fields); err != nil {
		t.Fatalf("%s: %v in %s", name, err, frame)
	}
	if kind, _, _ := strings.Cut(name, "-"); fields["type"] != kind || m.MessageType() != kind {
		t.Errorf("%s: the frame says %v, the message %s", name, fields["type"], m.MessageType())
	}
	if _, has := fields["id"]; has {
		t.Errorf("%s: an id that nobody gave: %s", name, frame)
	}
	for field, value := range fields {
		if value == nil && field != "next_cursor" && field != "item" {
			t.Errorf("%s: %s is null: %s", name, field, frame)
		}
	}
	if _, has := fields["first_seq"]; has {
		t.Errorf("%s: first_seq without a merge: %s", name, frame)
	}
}

// TestSamplesAreComplete finds every message of the package in its source, so that
// a new one cannot be forgotten in the samples and in the reference.
func TestSamplesAreComplete(t *testing.T) {
	t.Parallel()
	sampled := map[string]bool{}
	for _, m := range sampleReplies() {
		sampled[m.MessageType()] = true
	}
	for _, e := range sampleEvents() {
		sampled[e.MessageType()] = true
	}
	reference, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	types := messageTypes(t)
	for goType, kind := range types {
		if !sampled[kind] {
			t.Errorf("%s (%s) has no sample", goType, kind)
		}
		if !bytes.Contains(reference, []byte(goType)) {
			t.Errorf("doc.go does not mention %s", goType)
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(sampled)) {
		if !slices.Contains(slices.Collect(maps.Values(types)), kind) {
			t.Errorf("%s is sampled and no longer there", kind)
		}
	}
}

// messageTypes reads the MessageType methods: Go type to wire type.
func messageTypes(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, file := range sources(t) {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Name.Name != "MessageType" || f.Body == nil {
				continue
			}
			recv := f.Recv.List[0].Type
			if star, ok := recv.(*ast.StarExpr); ok {
				recv = star.X
			}
			text := f.Body.List[0].(*ast.ReturnStmt).Results[0].(*ast.BasicLit).Value
			out[recv.(*ast.Ident).Name] = strings.Trim(text, `"`)
		}
	}
	return out
}

func sources(t *testing.T) []*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}
