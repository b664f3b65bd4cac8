package provider

import "reflect"

// The weight of what has no size of its own, in bytes: about what a word, and a slice
// or string header, take.
const (
	wordBytes   = 8
	headerBytes = 24
)

// weight is about how much memory an answer takes, in bytes. It need not be exact: it
// is for the bound of a cache. What two pointers share is counted twice.
func weight(v reflect.Value) int {
	switch v.Kind() {
	case reflect.Invalid:
		return 0
	case reflect.String:
		return headerBytes + v.Len()
	case reflect.Pointer, reflect.Interface:
		return wordBytes + weight(v.Elem())
	case reflect.Slice, reflect.Array:
		return headerBytes + weightOfAll(v.Len(), v.Index)
	case reflect.Struct:
		return weightOfAll(v.NumField(), v.Field)
	case reflect.Map:
		total := headerBytes
		for entries := v.MapRange(); entries.Next(); {
			total += weight(entries.Key()) + weight(entries.Value())
		}
		return total
	default:
		return wordBytes
	}
}

func weightOfAll(n int, at func(int) reflect.Value) (total int) {
	for i := range n {
		total += weight(at(i))
	}
	return total
}
