package main

import (
	"context"
	"fmt"
	"os/exec"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
	"recall/stress/emulator/services"
)

// The past of everybody in the figure "worth": one thread that was talked in for long,
// and so many others that their list has a second page.
const (
	pastTalks   = 58 // of two messages each: three pages
	pastThreads = 21 // beside it, with nothing in them
	pastAtOnce  = 16 // people whose past is made side by side

	worthTokens = 5000 // a second: long answers would hide what the server takes
)

// somebody is a person with a past.
type somebody struct {
	token string
	old   string // the thread with the long past
}

// past is a data directory in which everything has happened that each row begins
// with. Rows work on copies of it: none sees what another has left behind.
type past struct {
	*stage
	people []somebody
	spoken map[string][]byte // clips of questions; making them would take the processor that a server needs
}

// script is what these people do.
func (p *past) script() loadScript {
	s := scriptFor(len(p.people), p.questions(questionsNeeded(len(p.people))))
	speak := named(services.KindSpeech, services.Clip)
	for _, v := range s.asking {
		for _, st := range v.steps {
			if st.do == askAloud {
				p.spoken[st.text] = speak(st.text)
			}
		}
	}
	return s
}

// makePast lets people talk with a server. Greetings cost no outside call.
func makePast(ctx context.Context, server string, people, songs int) (*past, error) {
	s, err := setStage(ctx, server, songs, services.Options{})
	if err != nil {
		return nil, err
	}
	made := &past{s, make([]somebody, people), map[string][]byte{}}
	if err := made.live(ctx); err != nil {
		s.clear()
		return nil, fmt.Errorf("making a past: %w", err)
	}
	return made, nil
}

func (p *past) live(ctx context.Context) error {
	progress("worth: a past for %d people", len(p.people))
	server, err := p.serve(ctx, unlimited...)
	if err != nil {
		return err
	}
	lives, inner := errgroup.WithContext(ctx)
	lives.SetLimit(pastAtOnce)
	for i := range p.people {
		lives.Go(func() (err error) {
			p.people[i], err = live(inner, server)
			return err
		})
	}
	if err := lives.Wait(); err != nil {
		_ = server.stop()
		return err
	}
	return server.stop()
}

func live(ctx context.Context, p *process) (s somebody, err error) {
	if s.token, _, err = device.Token(ctx, p.http(), ""); err != nil {
		return s, err
	}
	d, err := device.Dial(ctx, p.ws(), device.Options{Token: s.token})
	if err != nil {
		return s, err
	}
	defer d.Drop()
	for range pastThreads {
		if _, err := d.NewThread(ctx); err != nil {
			return s, err
		}
	}
	if s.old, err = d.NewThread(ctx); err != nil {
		return s, err
	}
	for range pastTalks {
		if _, err := askIn(ctx, d, s.old, device.Fields{"kind": "text", "text": "thank you"}); err != nil {
			return s, err
		}
	}
	return s, nil
}

// copied is a stage of its own with the same past. The doubles of the services are new
// as well: their random pauses begin anew, and their log is empty.
func (p *past) copied(ctx context.Context) (*stage, error) {
	dir, remove, err := folder()
	if err != nil {
		return nil, err
	}
	// Postgres insists on the owner and the mode of its files.
	if out, err := exec.CommandContext(ctx, "cp", "-a", p.dir+"/.", dir).CombinedOutput(); err != nil { //nolint:gosec // both paths are ours
		remove()
		return nil, fmt.Errorf("copying the data directory: %w: %s", err, out)
	}
	s := &stage{dir: dir, songs: p.songs, server: p.server, remove: remove}
	o := services.Options{Seed: seedServices, Latency: addedLatency, TokensPerSecond: worthTokens}
	if s.services, err = services.Start(ctx, o); err != nil {
		remove()
		return nil, err
	}
	return s, nil
}
