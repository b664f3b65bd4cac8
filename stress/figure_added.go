package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"recall/stress/device"
	"recall/stress/emulator/services"
)

// The services answer faster than in life, so that a run is short; what the server
// adds does not depend on it.
const (
	addedLatency = 50 * time.Millisecond // median, log-normal
	addedTokens  = 1000                  // a second
	addedWarmup  = 30                    // recalls of each kind that do not count
)

// addedKind is one kind of recall.
type addedKind struct {
	name   string
	slower float64                      // than typed ones: what costs a program costs CPU
	clip   func(question string) []byte // nil: the question is typed
	input  string                       // kind of the input
	mime   string
}

var addedKinds = []addedKind{
	{name: "text", slower: 1, input: "text"},
	{name: "speech", slower: 2, input: "voice", mime: "audio/wav", clip: named(services.KindSpeech, services.Clip)},
	{name: "hum, WAV", slower: 2, input: "voice", mime: "audio/wav", clip: named(services.KindHum, services.Clip)},
	{name: "hum, WebM (ffmpeg)", slower: 5, input: "voice", mime: "audio/webm", clip: named(services.KindHum, webM)},
	{name: "picture", slower: 1, input: "image", mime: "image/png", clip: named(services.KindAlbum, services.Picture)},
}

// named makes media whose content is its name, so that no two recalls are answered by
// one outside call.
func named(kind string, produce func(string) []byte) func(string) []byte {
	const longest = 80 // bytes; more would only make clips long
	return func(question string) []byte {
		return produce(kind + ":" + strings.ToValidUTF8(question[:min(len(question), longest)], ""))
	}
}

// webM is a clip as browsers record it. Where ffmpeg cannot make one, neither can the
// server read one: the empty upload then says so.
func webM(name string) []byte {
	encode := exec.Command("ffmpeg", "-v", "error", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "32k", "-f", "webm", "pipe:1") //nolint:gosec,noctx // nothing of it is from outside, and it is short
	encode.Stdin = bytes.NewReader(services.Clip(name))
	clip, _ := encode.Output()
	return clip
}

// measureAdded tells what the server itself adds to a recall: the time from sending
// it to its terminal event during which no outside call was under way, as their
// log has it. Each kind has a server process of its own.
func measureAdded(ctx context.Context, server string, c figuresCommand) error {
	s, err := setStage(ctx, server, c.Songs, services.Options{TokensPerSecond: addedTokens, Latency: addedLatency})
	if err != nil {
		return err
	}
	defer s.clear()
	fmt.Printf("added time           wall minus outside calls, ms; services: %v, %d tokens a second; %d songs, %.0f recalls a second (voice: half, by ffmpeg: a fifth), seeds %d, %d, %d\n",
		addedLatency, addedTokens, c.Songs, c.Rate, seedSongs, seedQuestions, seedServices)
	fmt.Printf("  %-20s %8s %8s %8s   %26s   %9s %9s\n", "", "p50", "p95", "p99", "server's view p50 p95 p99", "CPU each", "wall p50")
	for _, k := range addedKinds {
		if c.Kind != "" && c.Kind != k.name {
			continue
		}
		if err := k.measure(ctx, s, c); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

func (k addedKind) measure(ctx context.Context, s *stage, c figuresCommand) error {
	questions := s.questions(addedWarmup + int(float64(c.Recalls)/k.slower))
	p, err := s.serve(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = p.stop() }()
	users, err := gather(ctx, p, usersFor(len(questions)))
	if err != nil {
		return err
	}
	progress("%s: preparing %d", k.name, len(questions))
	inputs, err := k.inputs(ctx, users, questions)
	if err != nil {
		return err
	}
	var all []asked
	cpu, err := cpuDuring(p.cmd.Process.Pid, func() (err error) {
		all, err = openLoop(ctx, users, inputs, c.Rate/k.slower, k.name)
		return errors.Join(err, errors.Join(users.leave()...))
	})
	if err != nil {
		return err
	}
	view, err := serversView(ctx, p)
	if err != nil {
		return err
	}
	calls, err := s.callsOf(ctx)
	if err != nil {
		return err
	}
	k.print(all[addedWarmup:], calls, view, cpu/time.Duration(len(all)))
	return nil
}

func (k addedKind) print(all []asked, calls map[string][]services.Call, view operation, cpu time.Duration) {
	var added, walls times
	for _, a := range all {
		wall := a.ended.At.Sub(a.sent)
		walls, added = append(walls, wall), append(added, wall-outside(calls[a.id], a.sent, a.ended.At))
	}
	fmt.Printf("  %-20s %8.2f %8.2f %8.2f   %8.2f %8.2f %8.2f   %9.1f %9.0f   (%d)\n", k.name,
		ms(added.at(50)), ms(added.at(95)), ms(added.at(99)), view.P50, view.P95, view.P99, ms(cpu), ms(walls.at(50)), len(all))
}

// inputs uploads what there is to upload, before the clock runs.
func (k addedKind) inputs(ctx context.Context, users *crowd, questions []string) ([]device.Fields, error) {
	inputs := make([]device.Fields, len(questions))
	uploads, ctx := errgroup.WithContext(ctx)
	uploads.SetLimit(4)
	for i, q := range questions {
		if inputs[i] = (device.Fields{"kind": k.input, "text": q}); k.clip == nil {
			continue
		}
		uploads.Go(func() error {
			stored, err := users.of(i).Upload(ctx, k.input, k.mime, k.clip(q))
			inputs[i] = device.Fields{"kind": k.input, "media_id": stored.ID}
			return err
		})
	}
	return inputs, uploads.Wait()
}
