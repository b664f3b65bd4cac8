package main

import (
	"fmt"

	"recall/persistence"
)

type migrateCommand struct {
	Status bool `help:"Only tell how far the database is."`
}

func (c migrateCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	log := p.toolLogger()
	return p.withDatabase(log, func(url string) error {
		if !c.Status {
			if err := persistence.Migrate(p.ctx, url, log); err != nil {
				return err
			}
		}
		schema, err := persistence.MigrationStatus(p.ctx, url)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.stdout, schemaText(schema))
		return err
	})
}

func schemaText(s persistence.Schema) string {
	text := fmt.Sprintf("database version %d, program version %d: ", s.Current, s.Target)
	switch {
	case s.Current < s.Target:
		return text + "recall migrate will update it"
	case s.Current > s.Target:
		return text + "the database needs a newer program"
	default:
		return text + "up to date"
	}
}
