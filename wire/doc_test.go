package wire

import (
	"go/ast"
	"os"
	"regexp"
	"strings"
	"testing"
)

// row is a line of a table in doc.go: a wire name, then a Go name.
var row = regexp.MustCompile(`(?m)^//\t([a-z0-9._]+) {2,}([A-Z][A-Za-z]+)`)

// TestReferenceNamesWhatExists takes the tables of the reference at their word.
func TestReferenceNamesWhatExists(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	exported := declared(t)
	listed := map[string]string{}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		listed[m[1]] = m[2]
		if !exported[m[2]] {
			t.Errorf("doc.go lists %s, which does not exist", m[2])
		}
	}
	for kind, make := range commands {
		if goType := strings.TrimPrefix(typeName(make()), "*wire."); listed[kind] != goType {
			t.Errorf("doc.go: %s is %q, want %s", kind, listed[kind], goType)
		}
	}
	for _, e := range sampleEvents() {
		if listed[e.MessageType()] == "" {
			t.Errorf("doc.go lists no event %s", e.MessageType())
		}
	}
	for code := range constants(t)["Code"] {
		if listed[code] == "" {
			t.Errorf("doc.go lists no code %s", code)
		}
	}
	for code := range constants(t)["CloseCode"] {
		if listed[code] == "" {
			t.Errorf("doc.go lists no close code %s", code)
		}
	}
}

func declared(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, file := range sources(t) {
		for name := range file.Scope.Objects {
			out[name] = ast.IsExported(name)
		}
	}
	return out
}

// TestCloseCodes: what a client does follows from the number (PROTOCOL.md, section 5).
func TestCloseCodes(t *testing.T) {
	t.Parallel()
	for code, reconnect := range map[CloseCode]bool{
		1009: false, 1012: true, 1013: true, 4001: true, 4008: true, 4012: true, 4499: true, 4500: false, 4501: false, 4504: false, 4999: false,
	} {
		g := NewGoodbye(code, "r", 3)
		if g.Reconnect != reconnect || g.Code != code || g.Reason != "r" || g.RetryAfterMS != 3 {
			t.Errorf("%d: %+v, want reconnect %v", code, g, reconnect)
		}
	}
	want := map[string]CloseCode{
		"1009": CloseTooLarge, "1012": CloseRestart, "1013": CloseOverload, "4001": CloseTokenExpired, "4008": CloseTooSlow,
		"4012": CloseNoPong, "4500": CloseUnauthorized, "4501": CloseProtocol, "4504": CloseTooManyClients,
	}
	if have := constants(t)["CloseCode"]; len(have) != len(want) {
		t.Errorf("the codes of the protocol are %v, ours %v", want, have)
	}
}
