package main

import (
	"context"
	"fmt"
)

// startRuns is how often each kind of start is measured.
const startRuns = 5

// measureStart times the program from its start to taking connections: cold
// (creating its Postgres, schema and starter catalogue) and warm.
func measureStart(ctx context.Context, server string, _ figuresCommand) error {
	var cold, warm times
	for range startRuns {
		if err := startTwice(ctx, server, &cold, &warm); err != nil {
			return err
		}
	}
	fmt.Printf("start, cold          %v\nstart, warm          %v\n", cold, warm)
	return nil
}

func startTwice(ctx context.Context, server string, cold, warm *times) error {
	dir, remove, err := folder()
	if err != nil {
		return err
	}
	defer remove()
	for _, into := range []*times{cold, warm} {
		p, err := serve(ctx, server, dir)
		if err != nil {
			return err
		}
		*into = append(*into, p.ready)
		if err := p.stop(); err != nil {
			return err
		}
	}
	return nil
}
