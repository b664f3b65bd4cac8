package acrcloud

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// The same field comes in several types, by the age and the kind of the project
// (PROVIDERS.md, B4). These take all of them, and anything else for nothing.

// text is a string, a number, or the first of several.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(raw []byte) error {
	*t = ""
	var s string
	var all []json.RawMessage
	switch {
	case json.Unmarshal(raw, &s) == nil:
		*t = text(strings.TrimSpace(s))
	case isNumber(raw):
		*t = text(raw)
	case json.Unmarshal(raw, &all) == nil && len(all) > 0 && all[0][0] != '[':
		return t.UnmarshalJSON(all[0])
	}
	return nil
}

func isNumber(raw []byte) bool {
	_, err := strconv.ParseFloat(string(raw), 64)
	return err == nil
}

// number is a number, or a string that has one.
type number float64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(raw []byte) error {
	v, err := strconv.ParseFloat(strings.TrimSpace(string(bytes.Trim(raw, `"`))), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	*n = number(v)
	return nil
}

// many is an array, or its only element.
type many[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (m *many[T]) UnmarshalJSON(raw []byte) error {
	if raw[0] != '[' {
		raw = append(append([]byte("["), raw...), ']')
	}
	*m = nil
	_ = json.Unmarshal(raw, (*[]T)(m)) // elements of another type stay empty
	return nil
}
