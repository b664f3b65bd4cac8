package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"recall/actors/provider/catalog/catalogtest"
	"recall/stress/device"
	"recall/stress/emulator/services"
	"recall/wire"
)

// Seeds of everything that is random here, so that two runs ask the same.
const (
	seedSongs     = 1
	seedQuestions = 2
	seedServices  = 3
)

// stage is a data directory with a catalogue, and the outside services.
type stage struct {
	dir      string
	songs    []wire.Song
	services *services.Server
	server   string // the program
	remove   func()
}

// setStage plays the services in this process, so that their clock is ours.
func setStage(ctx context.Context, server string, songs int, o services.Options) (*stage, error) {
	dir, remove, err := folder()
	if err != nil {
		return nil, err
	}
	s := &stage{dir: dir, songs: catalogtest.Generate(songs, seedSongs), server: server, remove: remove}
	progress("importing %d songs", songs)
	if _, err := importSongs(ctx, server, dir, s.songs); err != nil {
		remove()
		return nil, err
	}
	o.Seed = seedServices
	if s.services, err = services.Start(ctx, o); err != nil {
		remove()
		return nil, err
	}
	return s, nil
}

func (s *stage) clear() {
	s.services.Close()
	s.remove()
}

// serve starts a server that uses the services.
func (s *stage) serve(ctx context.Context, env ...string) (*process, error) {
	for _, v := range s.services.Environment() {
		env = append(env, v[0]+"="+v[1])
	}
	return serve(ctx, s.server, s.dir, env...)
}

// questions are n different ones about the songs of the catalogue.
func (s *stage) questions(n int) []string {
	return catalogtest.Queries(s.songs, n, seedQuestions)
}

// callsOf are the calls of each recall in the order of their beginning, all of them
// ended: one that the server has left ends a moment later here.
func (s *stage) callsOf(ctx context.Context) (map[string][]services.Call, error) {
	all := map[string][]services.Call{}
	err := s.services.Wait(ctx, func(calls []services.Call) bool {
		return !slices.ContainsFunc(calls, func(c services.Call) bool { return c.End.IsZero() })
	})
	for _, c := range s.services.Log() {
		all[c.RequestID] = append(all[c.RequestID], c)
	}
	return all, err
}

// asked is a recall that has ended.
type asked struct {
	id, thread string
	sent       time.Time // when the command was sent
	ended      device.Frame
	frames     []device.Frame // of this recall
}

// ask sends a recall in a new thread and waits for its end.
func ask(ctx context.Context, d *device.Device, input device.Fields) (a asked, err error) {
	thread, err := d.NewThread(ctx)
	if err != nil {
		return a, err
	}
	return askIn(ctx, d, thread, input)
}

// askIn is [ask] in a thread that is there.
func askIn(ctx context.Context, d *device.Device, thread string, input device.Fields) (a asked, err error) {
	a.thread, a.sent = thread, time.Now()
	if a.id, err = d.Recall(ctx, thread, input); err != nil {
		return a, err
	}
	if a.ended, err = d.Ending(ctx, a.id); err != nil {
		return a, err
	}
	for _, f := range d.Frames() {
		if f.RecallID == a.id {
			a.frames = append(a.frames, f)
		}
	}
	return a, nil
}

// sound tells an error for a recall that did not go as in everyday life: its time
// would be the time of something else.
func (a asked) sound() error {
	var end struct {
		Degraded []struct{ Provider, Reason string }
	}
	if err := a.ended.Into(&end); err != nil {
		return err
	}
	if a.ended.Type != "recall.completed" || len(end.Degraded) > 0 {
		return fmt.Errorf("recall %s: %s", a.id, a.ended.Raw)
	}
	return nil
}

// progress is for who waits; results alone go to standard output.
func progress(format string, a ...any) { fmt.Fprintf(os.Stderr, format+"\n", a...) }
