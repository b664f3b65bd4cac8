package recall_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var rewrite = flag.Bool("rewrite", false, "write the table of imports in ARCHITECTURE.md anew")

const document = "ARCHITECTURE.md"

// row finds a package and what it imports in the table of the document.
var row = regexp.MustCompile("(?m)^\\| `([a-z/0-9]+)` \\| (.*) \\|$")

// TestImportsAreAsDocumented compares the table of ARCHITECTURE.md with the code
// in both directions: what is imported must be in the table, and what is in the
// table must be imported.
func TestImportsAreAsDocumented(t *testing.T) {
	actual := imports(t)
	if *rewrite {
		write(t, actual)
	}
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	_, table, found := strings.Cut(string(text), "<!-- imports")
	if !found {
		t.Fatal("the table of imports is gone")
	}
	for _, m := range row.FindAllStringSubmatch(table, -1) {
		documented[m[1]] = m[2]
	}
	for pkg, list := range actual {
		if documented[pkg] != list {
			t.Errorf("%s imports %s, the table says %q", pkg, list, documented[pkg])
		}
	}
	for pkg := range documented {
		if _, there := actual[pkg]; !there {
			t.Errorf("the table has %s, the code has not", pkg)
		}
	}
}

// TestFoldersKeepTheirDistance checks the rules that the table must obey.
func TestFoldersKeepTheirDistance(t *testing.T) {
	may := map[string][]string{
		"wire":        {},
		"migrations":  {},
		"persistence": {"wire", "migrations", "persistence"},
		"actors":      {"wire", "actors"},
		"server":      {"wire", "migrations", "persistence", "actors", "server"},
		// Of persistence only what runs a Postgres: a load has one of its own, which it can
		// take away from the server and give back.
		"stress": {"wire", "server/app", "actors/provider", "stress", "persistence/embedded"},
	}
	for pkg, list := range imports(t) {
		folder, _, _ := strings.Cut(pkg, "/")
		for imported := range strings.SplitSeq(strings.ReplaceAll(list, "`", ""), ", ") {
			if imported == "–" {
				continue
			}
			allowed := slices.ContainsFunc(may[folder], func(prefix string) bool {
				return imported == prefix || strings.HasPrefix(imported, prefix+"/")
			})
			if !allowed {
				t.Errorf("%s must not import %s", pkg, imported)
			}
		}
	}
}

// imports is what each package of the module imports of the module, in the
// table's form.
func imports(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,GoFiles", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]string{}
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath string
			Imports    []string
			GoFiles    []string
		}
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if name, ok := strings.CutPrefix(p.ImportPath, "recall/"); ok && len(p.GoFiles) > 0 {
			all[name] = list(p.Imports)
		}
	}
}

func list(imported []string) string {
	var own []string
	for _, path := range imported {
		if name, ok := strings.CutPrefix(path, "recall/"); ok {
			own = append(own, "`"+name+"`")
		}
	}
	if len(own) == 0 {
		return "–"
	}
	slices.Sort(own)
	return strings.Join(own, ", ")
}

// write puts the table anew between its heading comment and the next heading.
func write(t *testing.T, actual map[string]string) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "<!-- imports")
	comment, rest, _ := strings.Cut(rest, "-->\n")
	_, after, _ := strings.Cut(rest, "\n## ")
	var b strings.Builder
	b.WriteString(before + "<!-- imports" + comment + "-->\n\n| package | imports |\n|---|---|\n")
	var names []string
	for name := range actual {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		b.WriteString("| `" + name + "` | " + actual[name] + " |\n")
	}
	b.WriteString("\n## " + after)
	if err := os.WriteFile(document, []byte(b.String()), 0o644); err != nil { //nolint:gosec // a document of the tree
		t.Fatal(err)
	}
}
