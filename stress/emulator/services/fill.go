package services

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// fill writes an object of the shape, its properties in the order of the request.
// What a property means is told by its name; an unknown one has a neutral value.
func (t thought) fill(shape *schema) []byte {
	var b bytes.Buffer
	filler{thought: t, out: &b}.value(shape, "")
	return b.Bytes()
}

// filler is a place within the object.
type filler struct {
	thought
	out   *bytes.Buffer
	about *guess // the song that this part is about; nil: the whole
	link  bool   // this part is a source
}

// plainName is a property's name without case and joints: followUp is follow_up.
func plainName(name string) string { return strings.ToLower(withoutJoints.Replace(name)) }

var withoutJoints = strings.NewReplacer("_", "", "-", "")

func (f filler) value(s *schema, name string) {
	value, known := f.meaning(plainName(name))
	switch {
	case len(s.enum) > 0:
		f.out.Write(encode(chosen(s, value)))
	case s.nullable() && known && (value == nil || value == ""):
		f.out.WriteString("null")
	case s.kind() == "object":
		f.object(s)
	case s.kind() == "array":
		f.array(s, plainName(name))
	case s.nullable() && !known:
		f.out.WriteString("null")
	default:
		f.out.Write(encode(fitted(s, value)))
	}
}

func (f filler) object(s *schema) {
	f.out.WriteByte('{')
	for i, key := range s.names {
		if i > 0 {
			f.out.WriteByte(',')
		}
		f.out.Write(encode(key))
		f.out.WriteByte(':')
		f.value(s.properties[key], key)
	}
	f.out.WriteByte('}')
}

// array has an item for each song or source that its name speaks of.
func (f filler) array(s *schema, name string) {
	f.out.WriteByte('[')
	items := f.items(name)
	if s.maxItems > 0 {
		items = items[:min(len(items), s.maxItems)]
	}
	for len(items) < s.minItems {
		items = append(items, f)
	}
	for i, item := range items {
		if i > 0 {
			f.out.WriteByte(',')
		}
		switch {
		case s.items == nil:
			f.out.WriteString("null")
		case s.items.kind() == "object":
			item.object(s.items)
		default:
			item.value(s.items, item.inList(name))
		}
	}
	f.out.WriteByte(']')
}

// inList is the name for what stands plainly in a list: a song as its title.
func (f filler) inList(name string) string {
	switch {
	case f.link:
		return "url"
	case f.about != nil && strings.Contains(name, "related"):
		return "titleandartist"
	case f.about != nil:
		return "title"
	default:
		return ""
	}
}

func (f filler) items(name string) (out []filler) {
	switch {
	case strings.Contains(name, "source"), strings.Contains(name, "link"), strings.Contains(name, "url"):
		f.link = true
		return []filler{f}
	case strings.Contains(name, "related"), strings.Contains(name, "similar"):
		for _, s := range f.related {
			f.about = &guess{song: s, confidence: 0.5, reason: "It is close in style and time."}
			out = append(out, f)
		}
	case name == "candidates", name == "songs", name == "results", name == "matches", name == "tracks":
		for i := range f.guesses {
			f.about = &f.guesses[i]
			out = append(out, f)
		}
	}
	return out
}

// chosen is the value if the enum has it, else its most neutral member.
func chosen(s *schema, value any) any {
	for _, wanted := range []any{value, "unclear", "unknown", "none", "search"} {
		for _, e := range s.enum {
			if e == wanted {
				return e
			}
		}
	}
	return s.enum[0]
}

// fitted makes a value the type of the schema.
func fitted(s *schema, value any) any {
	number, isNumber := value.(float64)
	switch s.kind() {
	case "boolean":
		yes, _ := value.(bool)
		return yes
	case "integer":
		return int(math.Round(fraction(s, number)))
	case "number":
		return fraction(s, number)
	default:
		switch {
		case value == nil:
			return ""
		case isNumber:
			return fmt.Sprint(number)
		}
		return fmt.Sprint(value)
	}
}

// fraction turns 0.9 into 90 where the schema counts to 100.
func fraction(s *schema, number float64) float64 {
	if s.maximum != nil && *s.maximum > 1 && number < 1 {
		return number * *s.maximum
	}
	return number
}
