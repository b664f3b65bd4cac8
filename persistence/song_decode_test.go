package persistence

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"recall/wire"
)

// readAll lists each row as "line title" and each bad one as its error.
func readAll(file string, opt ImportOptions) []string {
	lines := newSongLines(bufio.NewReader(strings.NewReader(file)))
	rows, err := newSongReader(lines, opt)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	for {
		row, line, err := rows.next()
		switch _, bad := asRowError(err); {
		case errors.Is(err, io.EOF):
			return out
		case bad:
			out = append(out, err.Error())
		case err != nil:
			return append(out, "fatal: "+err.Error())
		default:
			out = append(out, fmt.Sprintf("%d %s", line, row.Title))
		}
	}
}

func TestCSVRows(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", MaxSongRow+1)
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"bom, crlf, empty lines": {"\xef\xbb\xbftitle,artist\r\nA,B\r\n\r\nC,D\r\n", []string{"2 A", "4 C"}},
		"no last line end":       {"title,artist\nA,B", []string{"2 A"}},
		"header in capitals":     {"Title, ARTIST\nA,B\n", []string{"2 A"}},
		"quoted line ends":       {"artist,title\n\"x\ny\nz\",A\nb,C\n", []string{"2 A", "5 C"}},
		"quotes and commas":      {"title,artist\n\"say \"\"hi\"\", you\",B\n", []string{`2 say "hi", you`}},
		"quote inside":           {"title,artist\n12\" mix,B\nC,D\n", []string{`2 12" mix`, "3 C"}},
		"text after quote":       {"title,artist\n\"A\"x,B\nC,D\n", []string{"line 2: has text after a closing quote", "3 C"}},
		"quote left open": {"title,artist\nA,B\n\"C,D\nE,F\n", []string{
			"2 A", "line 3: opens a quote that is not closed within 1 MiB (lines 3 to 4 are lost)"}},
		"too few fields":  {"title,artist\nA\nC,D\n", []string{"line 2: must have 2 fields as the header has, not 1", "3 C"}},
		"line too long":   {"title,artist\n" + long + ",B\nC,D\n", []string{"line 2: is longer than 1 MiB", "3 C"}},
		"empty file":      {"", []string{"line 1: header: the file is empty, want one that names the columns"}},
		"unknown column":  {"title,artist,populariy\n", []string{`line 1: header: "populariy" is not a column of a song; there are ` + strings.Join(songColumns, ", ")}},
		"semicolons":      {"title;artist\n", []string{`line 1: header: "title;artist" is not a column of a song; there are ` + strings.Join(songColumns, ", ") + "; separate columns with commas"}},
		"column twice":    {"title,artist,title\n", []string{"line 1: header: names title twice"}},
		"no artist":       {"title,year\n", []string{"line 1: header: lacks the column artist"}},
		"year not number": {"title,artist,year\nA,B,85s\n", []string{`line 2: year: "85s" is not a whole number`}},
		"invalid utf-8":   {"title,artist\nA,B\xff\n", []string{"line 2: artist: is not valid UTF-8"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantSame(t, readAll(c.file, ImportOptions{Format: "csv"}), c.want)
		})
	}
}

func TestJSONLRows(t *testing.T) {
	t.Parallel()
	song := func(more string) string { return `{"title":"A","artist":"B"` + more + "}\n" }
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"bom, crlf, empty lines": {"\xef\xbb\xbf" + `{"title":"A","artist":"B"}` + "\r\n\r\n" + song(""), []string{"1 A", "3 A"}},
		"not json":               {"{title}\n" + song(""), []string{"line 1: is not valid JSON: invalid character 't' looking for beginning of object key string", "2 A"}},
		"cut off":                {`{"title":"A`, []string{"line 1: is not valid JSON: it ends too early"}},
		"not an object":          {"[1]\n", []string{"line 1: is a JSON array, not an object"}},
		"two objects":            {`{"title":"A","artist":"B"} {}`, []string{"line 1: has something after the JSON object"}},
		"unknown field":          {song(`,"populariy":1`), []string{"line 1: populariy: is not a field of a song"}},
		"wrong type":             {song(`,"year":"1985"`), []string{"line 1: year: string does not fit, want a whole number"}},
		"fraction":               {song(`,"popularity":1.5`), []string{"line 1: popularity: number 1.5 does not fit, want a whole number"}},
		"list wanted":            {song(`,"mood":"sad"`), []string{"line 1: mood: string does not fit, want a list of strings"}},
		"nul":                    {song(`,"album":"\u0000"`), []string{"line 1: album: contains a NUL character"}},
		"invalid utf-8":          {song(",\"album\":\"\xff\""), []string{"line 1: is not valid UTF-8"}},
		"null":                   {"null\n", []string{"line 1: title: is required"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantSame(t, readAll(c.file, ImportOptions{Format: "jsonl"}), c.want)
		})
	}
}

func TestFormatIsDetected(t *testing.T) {
	t.Parallel()
	const csv, jsonl = "title,artist\nA,B\n", ` {"title":"A","artist":"B"}`
	for _, c := range []struct {
		opt  ImportOptions
		file string
		want string
	}{
		{ImportOptions{Name: "x.CSV"}, csv, "2 A"},
		{ImportOptions{Name: "x.ndjson"}, jsonl, "1 A"},
		{ImportOptions{Name: "-"}, csv, "2 A"},
		{ImportOptions{}, jsonl, "1 A"},
		{ImportOptions{}, "\xef\xbb\xbf" + jsonl, "1 A"},
		{ImportOptions{Format: "xml"}, jsonl, `format: "xml" is neither csv nor jsonl`},
	} {
		wantSame(t, readAll(c.file, c.opt), []string{c.want})
	}
}

func TestSongCheckNamesTheField(t *testing.T) {
	t.Parallel()
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("la ", n)) }
	number := func(n int) *int { return &n }
	for want, row := range map[string]songRow{
		"title: is required":                         {Song: wire.Song{Title: " ", Artist: "B"}},
		"artist: is required":                        {Song: wire.Song{Title: "A"}},
		"title: has 251 characters, the most is 250": {Song: wire.Song{Title: strings.Repeat("é", 251), Artist: "B"}},
		"year: 999 is not between 1000 and 2100":     {Song: wire.Song{Title: "A", Artist: "B", Year: 999}},
		"popularity: 101 is not between 0 and 100":   {Song: wire.Song{Title: "A", Artist: "B"}, Popularity: number(101)},
		"popularity: -1 is not between 0 and 100":    {Song: wire.Song{Title: "A", Artist: "B"}, Popularity: number(-1)},
		`tempo: "brisk" is not slow, medium or fast`: {Song: wire.Song{Title: "A", Artist: "B", Tempo: "brisk"}},
		"phrase: has 9 words, the most is 8":         {Song: wire.Song{Title: "A", Artist: "B", Phrase: words(9)}},
		"themes: has 33 entries, the most is 32":     {Song: wire.Song{Title: "A", Artist: "B", Themes: strings.Fields(words(33))}},
		`language: "english" is not a two-letter ISO 639-1 code, nor zxx for an instrumental`: {
			Song: wire.Song{Title: "A", Artist: "B", Language: "english"}},
		`isrc: "US123" is not an ISRC (12 letters and digits, as in USRC17607839)`: {
			Song: wire.Song{Title: "A", Artist: "B", ISRC: "US123"}},
	} {
		bad := row.check()
		if bad == nil || bad.Field+": "+bad.Problem != want {
			t.Errorf("got %v, want %s", bad, want)
		}
	}
}

func TestSongCheckNormalizes(t *testing.T) {
	t.Parallel()
	row := songRow{Song: wire.Song{
		Title: " Cafe\u0301 ", Artist: "B", Tempo: "Fast", Language: "EN",
		ISRC: "us-rc1-76-07839", Mood: []string{" sad", ""}, Phrase: strings.Repeat("la ", 8),
	}}
	if bad := row.check(); bad != nil {
		t.Fatal(bad)
	}
	wantSame(t, row.Song, wire.Song{
		Title: "Café", Artist: "B", Tempo: "fast", Language: "en",
		ISRC: "USRC17607839", Mood: []string{"sad"}, Phrase: "la la la la la la la la",
	})
}

// Whatever a file holds: reading ends, lines only grow, and what passes is
// valid and passes again.
func fuzzRows(t *testing.T, file string, format string) {
	lines := newSongLines(bufio.NewReader(strings.NewReader(file)))
	rows, err := newSongReader(lines, ImportOptions{Format: format})
	if err != nil {
		return
	}
	for last := 0; ; {
		row, line, err := rows.next()
		if errors.Is(err, io.EOF) {
			if lines.read != int64(len(file)) {
				t.Fatalf("read %d of %d bytes", lines.read, len(file))
			}
			return
		}
		if line <= last {
			t.Fatalf("line %d after %d", line, last)
		}
		last = line
		if _, bad := asRowError(err); bad {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		again := row
		if bad := again.check(); bad != nil || !utf8.ValidString(again.Title+again.Artist) || again.Title != row.Title {
			t.Fatalf("a row that passed does not pass again: %v", bad)
		}
	}
}

func FuzzSongCSV(f *testing.F) {
	f.Add("title,artist\n\"A\"\"\nB\",C\n,\n\"")
	f.Add("\xef\xbb\xbftitle,artist,year,mood\r\nA,B,1985,sad;slow\r\nx\"y,\"z\"q,,")
	f.Fuzz(func(t *testing.T, file string) { fuzzRows(t, file, "csv") })
}

func FuzzSongJSONL(f *testing.F) {
	f.Add(`{"title":"A","artist":"B","year":1985,"themes":["x"]}` + "\n[]\n")
	f.Add("\xef\xbb\xbf{\"title\":\"\\ud800\"}\r\n\r\nnull")
	f.Fuzz(func(t *testing.T, file string) { fuzzRows(t, file, "jsonl") })
}
