package main

import (
	"fmt"
	"strings"

	"recall/actors/provider/catalog"
	"recall/actors/recall"
	"recall/persistence"
	"recall/wire"
)

type searchCommand struct {
	Query    []string `arg:"" help:"What you remember of the song."`
	Limit    int      `default:"5" help:"Most songs shown, 1 to 100."`
	Database bool     `help:"Ask the database's own full-text and trigram indexes instead of the server's ranking."`
}

func (c searchCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	if c.Limit < 1 || c.Limit > 100 {
		return usageError{fmt.Errorf("--limit: %d is out of bounds, want 1 to 100", c.Limit)}
	}
	text := strings.Join(c.Query, " ")
	return p.withStore(func(db *persistence.DB) error {
		if err := p.seed(db); err != nil {
			return err
		}
		if c.Database {
			return p.searchDatabase(db, text, c.Limit)
		}
		return p.searchIndex(db, text, c.Limit)
	})
}

// seed lets a search find on a fresh machine what the server would.
func (p *program) seed(db *persistence.DB) error {
	if !p.cfg.Seed {
		return nil
	}
	_, err := db.SeedSongs(p.ctx)
	return err
}

// searchIndex is the server's way: the whole catalogue into an index, then one query.
func (p *program) searchIndex(db *persistence.DB, text string, limit int) error {
	var songs []wire.Song
	err := db.Songs(p.ctx, func(batch []wire.Song) error {
		songs = append(songs, batch...)
		return nil
	})
	if err != nil {
		return err
	}
	index := catalog.New()
	index.Reset(songs...)
	found, err := catalog.Provider{Index: index}.Find(p.ctx, recall.Query{Text: text, Limit: limit})
	if err != nil {
		return err
	}
	for i, c := range found.Candidates {
		fmt.Fprintf(p.stdout, "%2d. %3.0f%%  %s\n          %s\n", i+1, 100*c.Confidence, songLine(c.Title, c.Artist, c.Year), c.Reason)
	}
	if len(found.Candidates) == 0 {
		fmt.Fprintln(p.stdout, "no song matches")
	}
	if found.FollowUp != "" {
		fmt.Fprintln(p.stdout, found.FollowUp)
	}
	return nil
}

func (p *program) searchDatabase(db *persistence.DB, text string, limit int) error {
	hits, err := db.SearchSongs(p.ctx, text, limit)
	if err != nil {
		return err
	}
	for i, h := range hits {
		fmt.Fprintf(p.stdout, "%2d. %5.2f  %s\n", i+1, h.Score, songLine(h.Song.Title, h.Song.Artist, h.Song.Year))
	}
	if len(hits) == 0 {
		fmt.Fprintln(p.stdout, "no song matches")
	}
	return nil
}

func songLine(title, artist string, year int) string {
	if year == 0 {
		return title + " – " + artist
	}
	return fmt.Sprintf("%s – %s (%d)", title, artist, year)
}
