package app_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"recall/stress/device"
)

// at is the value below a path such as "thread.title" or "messages.0.id".
func at(f device.Frame, path string) any {
	var v any
	_ = json.Unmarshal(f.Raw, &v) // it was JSON when it came
	return dig(v, path)
}

func dig(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func text(f device.Frame, path string) string { s, _ := at(f, path).(string); return s }
func list(f device.Frame, path string) []any  { l, _ := at(f, path).([]any); return l }

func number(f device.Frame, path string) int64 { n, _ := at(f, path).(float64); return int64(n) }

// types names frames for a failure's message.
func types(frames []device.Frame) string {
	out := make([]string, 0, len(frames))
	for _, f := range frames {
		out = append(out, fmt.Sprintf("%s/%d", f.Type, f.Seq))
	}
	return strings.Join(out, " ")
}
