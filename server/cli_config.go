package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"recall/server/config"
)

type configCommand struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run lists the settings also when they are wrong, since that is when one looks.
func (c configCommand) Run(p *program) error {
	list := config.Effective(p.parsed)
	show := p.showTable
	if c.JSON {
		show = p.showJSON
	}
	if err := show(list); err != nil {
		return err
	}
	return p.validate()
}

func (p *program) showJSON(list []config.Setting) error {
	e := json.NewEncoder(p.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(list)
}

func (p *program) showTable(list []config.Setting) error {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FLAG\tVALUE\tSOURCE\tVARIABLE")
	for _, s := range list {
		value := s.Value
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(w, "--%s\t%s\t%s\t%s\n", s.Flag, value, s.Source, s.Env)
	}
	return w.Flush()
}
