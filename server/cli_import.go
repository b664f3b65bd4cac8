package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"recall/persistence"
)

type catalogCommand struct {
	Import importCommand `cmd:"" help:"Read songs from a CSV or JSON Lines file into the catalogue."`
	Search searchCommand `cmd:"" help:"Find songs by a description, as a recall does."`
}

type importCommand struct {
	File    string `arg:"" help:"File of songs; - for standard input."`
	Format  string `enum:"auto,csv,jsonl" default:"auto" help:"csv or jsonl; auto goes by the file's name and beginning."`
	SkipBad bool   `help:"Leave bad rows out, telling of each, instead of refusing the file."`
}

// Run stores the whole file or, when it fails (exit code 1), nothing of it. With
// --skip-bad rows that are no songs are left out, and that is no failure.
func (c importCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	file, size, err := c.open(p)
	if err != nil {
		return err
	}
	defer file.Close()
	return p.withStore(func(db *persistence.DB) error {
		bars := newImportBars(p.stderr, size)
		result, err := db.ImportSongs(p.ctx, file, c.options(p, bars))
		bars.finish()
		if err != nil {
			return c.explain(err)
		}
		return p.showImport(result)
	})
}

// open returns size -1 where it is not known.
func (c importCommand) open(p *program) (io.ReadCloser, int64, error) {
	if c.File == "-" {
		return io.NopCloser(p.stdin), -1, nil
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a directory", c.File)
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	if !info.Mode().IsRegular() {
		return file, -1, nil
	}
	return file, info.Size(), nil
}

func (c importCommand) options(p *program, bars *importBars) persistence.ImportOptions {
	o := persistence.ImportOptions{
		Name: c.File, SkipBad: c.SkipBad, OnProgress: bars.show,
		OnBad: func(bad *persistence.RowError) {
			bars.clear()
			fmt.Fprintf(p.stderr, "%s: %v (left out)\n", c.name(), bad)
		},
	}
	if c.Format != "auto" {
		o.Format = c.Format
	}
	return o
}

// explain puts the file before the line, as compilers do, and says what to do.
func (c importCommand) explain(err error) error {
	var bad *persistence.RowError
	if !errors.As(err, &bad) {
		return fmt.Errorf("%s: %w", c.name(), err)
	}
	hint := "Nothing was imported."
	if !c.SkipBad && bad.Field != persistence.HeaderField {
		hint += " Mend the row, or leave such rows out with --skip-bad"
	}
	return fmt.Errorf("%s: %w\n%s", c.name(), bad, hint)
}

func (c importCommand) name() string {
	if c.File == "-" {
		return "standard input"
	}
	return c.File
}

func (p *program) showImport(r persistence.ImportResult) error {
	text := fmt.Sprintf("%s read: %d added, %d updated, %d unchanged", counted(r.Read, "song"), r.Added, r.Updated, r.Unchanged)
	if r.Repeated > 0 {
		text += fmt.Sprintf(", %d repeated in the file", r.Repeated)
	}
	if r.Merged > 0 {
		text += fmt.Sprintf(", %d merged into another by its ISRC", r.Merged)
	}
	if r.Bad > 0 {
		text += ", " + counted(r.Bad, "bad row") + " left out"
	}
	_, err := fmt.Fprintln(p.stdout, text)
	return err
}

// counted is for nouns with a plural in s.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
