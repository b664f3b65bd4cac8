package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"recall/stress/world"
)

// worthSongs is small: searching is not what is measured, and each row reads the
// catalogue when its server starts.
const worthSongs = 5000

// worthBlock is where the README has the table.
var worthBlock = block{path: "README.md", name: "worth"}

// measureWorth plays the same script against a server with everything on, then with
// each optimisation off, then with none at all, and tells what each row took.
func measureWorth(ctx context.Context, server string, c figuresCommand) error {
	if c.Rewrite { // a README without its marks is told before minutes of work
		if _, _, err := worthBlock.find(); err != nil {
			return err
		}
	}
	report, err := takeWorth(ctx, server, c.Users, max(c.Rounds, 1))
	if err != nil {
		return err
	}
	fmt.Print(report)
	if c.Rewrite {
		return worthBlock.write(report.String())
	}
	return nil
}

func takeWorth(ctx context.Context, server string, people, rounds int) (t worthReport, err error) {
	made, err := makePast(ctx, server, people, worthSongs)
	if err != nil {
		return t, err
	}
	defer made.clear()
	script := made.script()
	t = worthReport{script: script.String(), machine: machine(), rounds: rounds}
	for _, s := range settings() {
		var runs []worth
		for range rounds {
			progress("worth: without %s", s.name)
			w, err := made.measure(ctx, s, script)
			if err != nil {
				return t, fmt.Errorf("without %s: %w", s.name, err)
			}
			progress("%s", strings.TrimSpace(w.markdown()))
			runs = append(runs, w)
		}
		t.rows = append(t.rows, middle(runs))
	}
	return t, nil
}

// middle is the run whose 95th percentile of recalls is the median: on a machine that
// others use, one run in some is disturbed, and all of its times with it.
func middle(runs []worth) worth {
	slices.SortFunc(runs, func(a, b worth) int { return cmp.Compare(a.recalls.at(95), b.recalls.at(95)) })
	return runs[(len(runs)-1)/2]
}

// worth is what a row is made of.
type worth struct {
	setting
	reading, asking, talking part
	recalls                  times // from sending to the terminal event
	turns                    times // of a page, from asking to the reply
	calls                    int   // of outside services
	before, after            counts
}

// part is what one part of the load took.
type part struct {
	recalls, reads int
	queries        int64
	cpu, database  time.Duration // of the server's own process, and of its Postgres
}

// and is two parts as one.
func (p part) and(q part) part {
	return part{p.recalls + q.recalls, p.reads + q.reads, p.queries + q.queries, p.cpu + q.cpu, p.database + q.database}
}

// measure plays the script against a server of its own.
func (p *past) measure(ctx context.Context, s setting, script loadScript) (w worth, err error) {
	w.setting = s
	stage, err := p.copied(ctx)
	if err != nil {
		return w, err
	}
	defer stage.clear()
	server, err := stage.serve(ctx, s.environment()...)
	if err != nil {
		return w, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	a := newAudience(server, p, script.devices)
	err = errors.Join(w.take(ctx, a, script), errors.Join(a.leave()...))
	w.recalls, w.turns, w.calls = a.recalls, a.turns, len(stage.services.Log())
	return w, err
}

func (w *worth) take(ctx context.Context, a *audience, script loadScript) (err error) {
	if w.before, err = whenQuiet(ctx, a.server); err != nil {
		return err
	}
	for _, p := range []struct {
		took   *part
		visits []visit
	}{{&w.reading, script.reading}, {&w.asking, script.asking}, {&w.talking, script.talking}} {
		if *p.took, err = takePart(ctx, a, p.visits); err != nil {
			return err
		}
	}
	w.after, err = statsOf(ctx, a.server)
	return err
}

// takePart counts until the server is quiet again: what it does behind the replies
// belongs to the part that has caused it.
func takePart(ctx context.Context, a *audience, visits []visit) (p part, err error) {
	pid, recalls, reads := a.server.cmd.Process.Pid, len(a.recalls), a.reads
	before, err := statsOf(ctx, a.server)
	if err != nil {
		return p, err
	}
	database, err := world.CPUBelow(pid)
	if err != nil {
		return p, err
	}
	var after counts
	p.cpu, err = cpuDuring(pid, func() (err error) {
		if err = a.play(ctx, visits); err == nil {
			after, err = whenQuiet(ctx, a.server)
		}
		return err
	})
	if err != nil {
		return p, err
	}
	p.recalls, p.reads, p.queries = len(a.recalls)-recalls, a.reads-reads, after.DB.Queries-before.DB.Queries
	p.database, err = world.CPUBelow(pid)
	p.database -= database
	return p, err
}
