package persistence

import (
	"errors"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// sqlStart begins a statement. Whatever a message to people begins with ("create
// the table …") must not look like one, hence the second word.
var sqlStart = regexp.MustCompile(`(?i)^\s*(` + strings.Join([]string{
	`(select|values|call|listen|unlisten|notify|truncate|analyze|vacuum|merge)\s+\S`,
	`insert\s+into\s`, `delete\s+from\s`, `update\s+(only\s+)?\w+\s+(\w+\s+)?set\s`, `with\s+(recursive\s+)?\w+\s+as\s`,
	`(create|drop|alter)\s+(temp|temporary|unlogged|table|index|unique|role|database|function|extension|schema)\s`,
	`(set|reset)\s+(local|session|constraints|\w+\s*(=|to\s))`, `lock\s+(table\s)?\w+\s+in\s`, `copy\s.*\s(from|to)\s`, `explain\s`,
}, "|") + `)`)

// sends are the methods of pgx and database/sql that take a statement, as the first
// argument or behind a context: what they are given is SQL whatever it looks like.
var sends = regexp.MustCompile(`^(Exec|Query|QueryRow|Prepare)(Context)?$|^Queue$`)

// asksPostgres are the packages by which a statement can be sent.
var asksPostgres = []string{"github.com/jackc/pgx/", "database/sql"}

// programStatements finds the SQL in the source of the program by what it says and
// not by a list: the places by the text of every statement. Strings put together
// from constants count as one; what is put together when the program runs cannot
// be found whole, so its beginning is what must be accounted for.
func programStatements(t *testing.T) map[string][]string {
	t.Helper()
	found := make(map[string][]string)
	for dir := range programFolders(t) {
		fset := token.NewFileSet()
		files := parseFolder(t, fset, dir)
		if !slices.ContainsFunc(files, mayAsk) {
			continue
		}
		for _, s := range constantStrings(fset, dir, files) {
			if s.sent || sqlStart.MatchString(s.text) {
				found[s.text] = append(found[s.text], s.place)
			}
		}
	}
	return found
}

// programFolders are those of the module that the program is built from: not the
// tools', which are a module of their own, nor what only tests use, nor the load tests,
// which when all is over do read tables from end to end.
func programFolders(t *testing.T) map[string]bool {
	t.Helper()
	folders := make(map[string]bool)
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "testdata" || name == "tools" || name == "pgtest" || name == "stress" || name == "node_modules" || strings.HasPrefix(name, ".") && name != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		if isProgram(path) {
			folders[filepath.Dir(path)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return folders
}

func isProgram(path string) bool {
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
}

func parseFolder(t *testing.T, fset *token.FileSet, dir string) (files []*ast.File) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range slices.DeleteFunc(paths, func(path string) bool { return !isProgram(path) }) {
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	return files
}

func mayAsk(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool {
		path, _ := strconv.Unquote(s.Path.Value)
		return slices.ContainsFunc(asksPostgres, func(p string) bool { return strings.HasPrefix(path, p) })
	})
}

// noImports lets a package be checked alone: the values of its own constants do
// not depend on others, and the errors that follow are of no interest.
type noImports struct{}

func (noImports) Import(string) (*types.Package, error) { return nil, errors.New("not needed") }

// constantString is a largest constant expression, and whether it is sent right there.
type constantString struct {
	text, place string
	sent        bool
}

func constantStrings(fset *token.FileSet, dir string, files []*ast.File) (found []constantString) {
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue)}
	config := types.Config{Importer: noImports{}, Error: func(error) {}}
	_, _ = config.Check(dir, fset, files, info) // see noImports
	sent := make(map[ast.Expr]bool)
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isSending(call) {
				for _, arg := range call.Args[:min(2, len(call.Args))] {
					sent[arg] = true
				}
			}
			expr, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			value := info.Types[expr].Value
			if value == nil || value.Kind() != constant.String {
				return true
			}
			found = append(found, constantString{constant.StringVal(value), fset.Position(expr.Pos()).String(), sent[expr]})
			return false
		})
	}
	return found
}

func isSending(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	return ok && sends.MatchString(method.Sel.Name)
}
