package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheBlockIsReplaced(t *testing.T) {
	t.Parallel()
	const whole = "# Title\n<!-- worth -->\n\nnew\n\n<!-- /worth -->\nrest <!-- /worth --> more\n"
	for name, c := range map[string]struct{ text, want, complaint string }{
		"empty":        {text: "# Title\n<!-- worth -->\n<!-- /worth -->\nrest <!-- /worth --> more\n", want: whole},
		"filled":       {text: "# Title\n<!-- worth -->\nold\nolder\n<!-- /worth -->\nrest <!-- /worth --> more\n", want: whole},
		"again":        {text: whole, want: whole},
		"no beginning": {text: "# Title\n", complaint: `has no line "<!-- worth -->"`},
		"no end":       {text: "<!-- /worth -->\n<!-- worth -->\n", complaint: `has no line "<!-- /worth -->" behind`},
		"twice":        {text: whole + whole, complaint: "twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := block{path: filepath.Join(t.TempDir(), "README.md"), name: "worth"}
			if err := os.WriteFile(b.path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			err := b.write("\nnew\n")
			if c.complaint != "" {
				if err == nil || !strings.Contains(err.Error(), c.complaint) || !strings.Contains(err.Error(), "README.md") {
					t.Errorf("error %v", err)
				}
				c.want = c.text // nothing may be lost
			} else if err != nil {
				t.Fatal(err)
			}
			if got, _ := os.ReadFile(b.path); string(got) != c.want {
				t.Errorf("file is now\n%s", got)
			}
		})
	}
}
