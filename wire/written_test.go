package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"testing"
)

// byReflection is a message as encoding/json alone would write it.
func byReflection(m Message) []byte {
	b := mustJSON(struct {
		Type string `json:"type"`
	}{m.MessageType()})
	return appendBody(b[:len(b)-1], mustJSON(m))
}

func asByReflection(t *testing.T, m Message) {
	t.Helper()
	if got, want := Encode("", m), byReflection(m); !bytes.Equal(got, want) {
		t.Fatalf("%T\n got %s\nwant %s", m, got, want)
	}
}

// TestWrittenAsByReflection: every message, with its sample's values and with none.
func TestWrittenAsByReflection(t *testing.T) {
	t.Parallel()
	all := sampleReplies()
	for name, e := range sampleEvents() {
		all["event-"+name] = e
	}
	hand := 0
	for _, m := range all {
		asByReflection(t, m)
		if kind := reflect.TypeOf(m); kind.Kind() == reflect.Pointer {
			asByReflection(t, reflect.New(kind.Elem()).Interface().(Message))
		}
		if _, ok := m.(written); ok {
			hand++
		}
	}
	if hand < 15 {
		t.Errorf("%d messages are written by hand", hand)
	}
}

// FuzzWritten fills every text, number and list of the messages that are written by hand.
func FuzzWritten(f *testing.F) {
	f.Add("That \u2028is <b> \"it\"\\\n\t\b\f\r\x00\x1f\x7f\u2029", "☂ \xff\xed\xa0\x80 é", 0.93, int64(7), true)
	f.Add("", "", 0.0, int64(0), false)
	f.Add("a", "�", 1e-7, int64(math.MinInt64), true)
	f.Add("𝄞", "\xf0\x9d", math.Copysign(0, -1), int64(-1), false)
	f.Add("x", "y", 1e21, int64(math.MaxInt64), true)
	f.Add("x", "y", 5e-324, int64(1), true)
	f.Fuzz(func(t *testing.T, a, b string, number float64, whole int64, flag bool) {
		if math.IsNaN(number) || math.IsInf(number, 0) {
			t.Skip("encodes to nothing, either way")
		}
		fill := filler{[]string{a, b}, number, whole, flag}
		all := sampleReplies()
		for name, e := range sampleEvents() {
			all["event-"+name] = e
		}
		for _, m := range all {
			if _, ok := m.(written); !ok {
				continue
			}
			v := reflect.New(reflect.TypeOf(m))
			fill.value(v.Elem())
			asByReflection(t, v.Elem().Interface().(Message))
		}
		at := Envelope{Epoch: a, Seq: whole, FirstSeq: whole, ThreadID: sampleID(1), TS: sampleTime()}
		if got, want := appendObject(nil, &at), mustJSON(at); !bytes.Equal(got, want) {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

// filler gives every field of a value something of what it holds.
type filler struct {
	texts  []string
	number float64
	whole  int64
	flag   bool
}

func (f *filler) value(v reflect.Value) {
	switch v.Interface().(type) {
	case ID:
		v.Set(reflect.ValueOf(ID{15: byte(f.whole)}))
		return
	case Time:
		v.Set(reflect.ValueOf(sampleTime()))
		return
	case json.RawMessage:
		spaced, _ := json.MarshalIndent(f.texts, "", " ")
		v.Set(reflect.ValueOf(json.RawMessage(spaced)))
		return
	}
	f.kind(v)
}

func (f *filler) kind(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f.texts[0])
		f.texts[0], f.texts[1] = f.texts[1], f.texts[0]
	case reflect.Int, reflect.Int64:
		v.SetInt(f.whole)
	case reflect.Float64:
		v.SetFloat(f.number)
	case reflect.Bool:
		v.SetBool(f.flag)
		f.flag = !f.flag
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.value(v.Index(0))
		f.value(v.Index(1))
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i))
		}
	default:
		panic("no message has a " + v.Kind().String())
	}
}
