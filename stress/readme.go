package main

import (
	"fmt"
	"os"
	"strings"
)

// block is a part of a text file between two marks, which a command writes. The marks
// stay, each on a line of its own.
type block struct{ path, name string }

func (b block) marks() (begin, end string) {
	return "<!-- " + b.name + " -->\n", "<!-- /" + b.name + " -->"
}

// find cuts the file's text at the block.
func (b block) find() (before, after string, err error) {
	text, err := os.ReadFile(b.path)
	if err != nil {
		return "", "", err
	}
	begin, end := b.marks()
	before, rest, ok := strings.Cut(string(text), begin)
	if !ok {
		return "", "", fmt.Errorf("%s has no line %q", b.path, strings.TrimSpace(begin))
	}
	_, after, ok = strings.Cut(rest, end)
	if !ok {
		return "", "", fmt.Errorf("%s has no line %q behind %q", b.path, end, strings.TrimSpace(begin))
	}
	if strings.Contains(after, begin) {
		return "", "", fmt.Errorf("%s has the line %q twice", b.path, strings.TrimSpace(begin))
	}
	return before, after, nil
}

// write replaces what the block holds.
func (b block) write(content string) error {
	before, after, err := b.find()
	if err != nil {
		return err
	}
	begin, end := b.marks()
	text := before + begin + "\n" + strings.TrimSpace(content) + "\n\n" + end + after
	return os.WriteFile(b.path, []byte(text), 0o644) //nolint:gosec // a text of the project, for everybody to read
}
