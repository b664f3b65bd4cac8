package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// schema is a JSON Schema, as far as structured output knows it. The order of the
// properties is kept: a model writes them in the order of the request.
type schema struct {
	types      []string
	enum       []any
	names      []string
	properties map[string]*schema
	required   map[string]bool
	closed     bool // additionalProperties is false
	items      *schema
	minItems   int
	maxItems   int // 0: no bound
	maximum    *float64
}

type rawSchema struct {
	Type       any                        `json:"type"`
	Enum       []any                      `json:"enum"`
	Const      any                        `json:"const"`
	Properties json.RawMessage            `json:"properties"`
	Required   []string                   `json:"required"`
	Additional any                        `json:"additionalProperties"`
	Items      json.RawMessage            `json:"items"`
	AnyOf      []json.RawMessage          `json:"anyOf"`
	Ref        string                     `json:"$ref"`
	Defs       map[string]json.RawMessage `json:"$defs"`
	MinItems   int                        `json:"minItems"`
	MaxItems   int                        `json:"maxItems"`
	Maximum    *float64                   `json:"maximum"`
}

// deepest bounds schemas that refer to themselves.
const deepest = 8

func parseSchema(text json.RawMessage) (*schema, error) {
	if len(text) == 0 {
		return nil, errors.New("schema must be a JSON Schema of 'type: \"object\"'")
	}
	var top rawSchema
	if err := json.Unmarshal(text, &top); err != nil {
		return nil, err
	}
	return readSchema(text, top.Defs, deepest)
}

func readSchema(text json.RawMessage, defs map[string]json.RawMessage, depth int) (*schema, error) {
	var raw rawSchema
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	if depth == 0 {
		return &schema{types: []string{"null"}, closed: true}, nil
	}
	if raw.Ref != "" {
		return readSchema(defs[strings.TrimPrefix(raw.Ref, "#/$defs/")], defs, depth-1)
	}
	s := &schema{
		types: typesOf(raw.Type), enum: raw.Enum, minItems: raw.MinItems, maxItems: raw.MaxItems,
		maximum: raw.Maximum, closed: raw.Additional == false, required: map[string]bool{},
	}
	if raw.Const != nil {
		s.enum = []any{raw.Const}
	}
	for _, name := range raw.Required {
		s.required[name] = true
	}
	for _, option := range raw.AnyOf {
		if err := s.allow(option, defs, depth); err != nil {
			return nil, err
		}
	}
	return s, s.readInner(raw, defs, depth)
}

// allow adds an alternative: the first that is not null gives the shape.
func (s *schema) allow(option json.RawMessage, defs map[string]json.RawMessage, depth int) error {
	o, err := readSchema(option, defs, depth-1)
	if err != nil {
		return err
	}
	types := slices.Concat(s.types, o.types)
	if len(s.types) == 0 || s.types[0] == "null" {
		*s = *o
	}
	s.types = types
	return nil
}

func (s *schema) readInner(raw rawSchema, defs map[string]json.RawMessage, depth int) (err error) {
	if len(raw.Items) > 0 {
		if s.items, err = readSchema(raw.Items, defs, depth-1); err != nil {
			return err
		}
	}
	if len(raw.Properties) == 0 {
		return nil
	}
	var values map[string]json.RawMessage
	if err := json.Unmarshal(raw.Properties, &values); err != nil {
		return err
	}
	s.properties = map[string]*schema{}
	s.names = keysInOrder(raw.Properties)
	for name, text := range values {
		if s.properties[name], err = readSchema(text, defs, depth-1); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func typesOf(value any) (out []string) {
	switch v := value.(type) {
	case string:
		return []string{v}
	case []any:
		for _, t := range v {
			if name, ok := t.(string); ok {
				out = append(out, name)
			}
		}
	}
	return out
}

// keysInOrder lists the keys of an object as they are written.
func keysInOrder(text json.RawMessage) (keys []string) {
	d := json.NewDecoder(bytes.NewReader(text))
	if _, err := d.Token(); err != nil {
		return nil
	}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return keys
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return keys
		}
		keys = append(keys, name)
	}
	return keys
}

func (s *schema) nullable() bool {
	for _, t := range s.types {
		if t == "null" {
			return true
		}
	}
	return false
}

// kind is the type to fill: the first that is not null.
func (s *schema) kind() string {
	for _, t := range s.types {
		if t != "null" {
			return t
		}
	}
	switch {
	case s.properties != nil:
		return "object"
	case s.items != nil:
		return "array"
	default:
		return "string"
	}
}

// strict tells what strict mode would refuse: objects that are open, or have
// properties that are not required.
func (s *schema) strict(context string) error {
	if s.properties != nil && !s.closed {
		return fmt.Errorf("in context=%s, 'additionalProperties' is required to be supplied and to be false", context)
	}
	for _, name := range s.names {
		if !s.required[name] {
			return fmt.Errorf("in context=%s, 'required' is required to be supplied and to be an array including every key in properties; missing '%s'", context, name)
		}
		if err := s.properties[name].strict("('properties', '" + name + "')"); err != nil {
			return err
		}
	}
	if s.items != nil {
		return s.items.strict(context)
	}
	return nil
}
