package wire

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestDescription keeps description.json up to date: what a program needs to know
// of the protocol, read off the Go types. Run it with -rewrite (go generate).
func TestDescription(t *testing.T) {
	t.Parallel()
	d := describer{enums: constants(t), objects: map[string]any{}}
	all := map[string]any{
		"protocol":    Subprotocol,
		"envelope":    d.fields(reflect.TypeFor[Envelope]()),
		"commands":    d.commands(),
		"replies":     d.messages(sampleReplies()),
		"events":      d.messages(sampleEvents()),
		"error_codes": slices.Sorted(maps.Keys(d.enums["Code"])),
		"close_codes": closes(d.enums["CloseCode"]),
		"limits": map[string]int{
			"text_frame_bytes": MaxTextFrame, "binary_frame_bytes": MaxBinaryFrame, "id_bytes": MaxCommandID, "text_characters": MaxText,
			"title_characters": MaxTitle, "threads_per_page": MaxThreads, "messages_per_page": MaxMessages, "resumed_threads": MaxResume,
			"media_bytes": MaxMedia, "chunk_bytes": ChunkBytes, "open_uploads": MaxUploads,
		},
	}
	all["objects"] = d.objects
	text, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "description.json", text)
}

type describer struct {
	enums   map[string]map[string]bool
	objects map[string]any
}

// commands lists each command's fields; a field is required when the decoder says so.
func (d describer) commands() map[string]any {
	out := map[string]any{}
	for kind, make := range commands {
		fields := d.fields(reflect.TypeOf(make()).Elem())
		for name, f := range fields {
			_, _, fault := Decode(frameOf(kind, []string{name}, nil))
			f.(map[string]any)["required"] = fault != nil
			delete(f.(map[string]any), "nullable") // null is as good as absent
		}
		out[kind] = fields
	}
	return out
}

func (d describer) messages(samples map[string]Message) map[string]any {
	out := map[string]any{}
	for _, m := range samples {
		t := reflect.TypeOf(m)
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		out[m.MessageType()] = d.fields(t)
	}
	return out
}

func (d describer) fields(t reflect.Type) map[string]any {
	out := map[string]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		field := d.typeOf(f.Type)
		if strings.HasPrefix(options, "omit") {
			field["optional"] = true
		} else if f.Type.Kind() == reflect.Pointer {
			field["nullable"] = true
		}
		out[name] = field
	}
	return out
}

func (d describer) typeOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[ID]():
		return map[string]any{"type": "uuid"}
	case t == reflect.TypeFor[Time]():
		return map[string]any{"type": "time"}
	case t == reflect.TypeFor[json.RawMessage]():
		return map[string]any{"type": "any"}
	case t.Kind() == reflect.Pointer:
		return d.typeOf(t.Elem())
	case t.Kind() == reflect.Slice:
		return map[string]any{"type": "list", "of": d.typeOf(t.Elem())}
	case t.Kind() == reflect.Struct:
		return map[string]any{"type": "object", "object": d.object(t)}
	case len(d.enums[t.Name()]) > 0 && t.Kind() == reflect.String:
		return map[string]any{"type": "string", "enum": slices.Sorted(maps.Keys(d.enums[t.Name()]))}
	}
	return map[string]any{"type": map[reflect.Kind]string{
		reflect.String: "string", reflect.Bool: "bool", reflect.Float64: "number", reflect.Int: "integer", reflect.Int64: "integer", reflect.Uint32: "integer",
	}[t.Kind()]}
}

func (d describer) object(t reflect.Type) string {
	if _, known := d.objects[t.Name()]; !known {
		d.objects[t.Name()] = nil // for types that hold themselves
		d.objects[t.Name()] = d.fields(t)
	}
	return t.Name()
}

func closes(codes map[string]bool) map[string]any {
	out := map[string]any{}
	for text := range codes {
		var code CloseCode
		_, _ = fmt.Sscan(text, &code)
		out[text] = map[string]bool{"reconnect": code.Reconnect()}
	}
	return out
}

// constants reads the typed constants of the package: type to values.
func constants(t *testing.T) map[string]map[string]bool {
	t.Helper()
	out := map[string]map[string]bool{}
	for _, file := range sources(t) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, ok := spec.Type.(*ast.Ident)
			value, literal := spec.Values[0].(*ast.BasicLit)
			if !ok || !literal {
				return true
			}
			if out[kind.Name] == nil {
				out[kind.Name] = map[string]bool{}
			}
			out[kind.Name][strings.Trim(value.Value, `"`)] = true
			return true
		})
	}
	return out
}

func typeName(v any) string { return reflect.TypeOf(v).String() }
