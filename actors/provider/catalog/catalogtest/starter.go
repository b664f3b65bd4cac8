package catalogtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"recall/wire"
)

// Starter reads every *.jsonl file below dir, one song a line, and numbers the
// songs from 1 in the order of files and lines.
func Starter(dir string) ([]wire.Song, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil {
		return nil, err
	}
	var songs []wire.Song
	for _, file := range files {
		if songs, err = appendFile(songs, file); err != nil {
			return nil, err
		}
	}
	return songs, nil
}

func appendFile(songs []wire.Song, file string) ([]wire.Song, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var s wire.Song
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		s.ID = int64(len(songs) + 1)
		songs = append(songs, s)
	}
	return songs, lines.Err()
}
