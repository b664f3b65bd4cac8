package world

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"recall/stress/emulator/services"
)

// emulator is the process that plays the outside services.
type emulator struct {
	*process
	url         string
	environment []string // NAME=value, for servers
}

func startEmulator(ctx context.Context, program, log string, flags []string) (*emulator, error) {
	e := &emulator{}
	cmd := exec.Command(program, append([]string{"-listen", "127.0.0.1:0"}, flags...)...) //nolint:gosec,noctx // our own program, ended by Close
	var err error
	e.process, err = launch(ctx, cmd, log, e.read)
	return e, err
}

// read takes a line of what the emulator says: a comment with its address, then the
// variables, of which that of the lyrics comes last.
func (e *emulator) read(line string) (last bool) {
	if _, rest, ok := strings.Cut(line, " at http://"); ok {
		host, _, _ := strings.Cut(rest, "/")
		e.url = "http://" + host
	}
	if variable, ok := strings.CutPrefix(line, "export "); ok {
		e.environment = append(e.environment, variable)
		last = strings.HasPrefix(variable, "RECALL_LYRICS_URL=")
	}
	return last
}

func (e *emulator) stop() error { return e.end(syscall.SIGTERM) }

// control sends a command of the emulator's control API and decodes the answer, if any
// is wanted.
func (e *emulator) control(ctx context.Context, method, path string, command, answer any) error {
	body, err := json.Marshal(command)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, e.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("emulator: %s: %s %s", path, resp.Status, text)
	}
	if err != nil || answer == nil {
		return err
	}
	return json.Unmarshal(text, answer)
}

// Outage makes every further call of a service (a name of [services.Names]) fail with
// status 503, until [World.Recover].
func (w *World) Outage(ctx context.Context, service string) error {
	return w.Fault(ctx, service, "status_503", 1)
}

// Fault makes calls of a service go wrong with a probability from 0 to 1; the faults of
// each service are told by [services.Faults].
func (w *World) Fault(ctx context.Context, service, fault string, probability float64) error {
	command := map[string]any{"service": service, "fault": fault, "probability": probability}
	return w.emulator.control(ctx, http.MethodPost, "/control/fault", command, nil)
}

// Recover ends all outages and faults.
func (w *World) Recover(ctx context.Context) error {
	return w.emulator.control(ctx, http.MethodDelete, "/control/faults", nil, nil)
}

// Pace changes how fast answers come from now on: tokens a second of streams (below 0: at
// once) and the median pause before an answer.
func (w *World) Pace(ctx context.Context, tokensPerSecond float64, latency time.Duration) error {
	command := map[string]any{"tokens_per_second": tokensPerSecond, "latency_ms": float64(latency) / float64(time.Millisecond)}
	return w.emulator.control(ctx, http.MethodPost, "/control/pace", command, nil)
}

// Calls counts the calls of each service so far. The emulator sends its whole log with
// them, so this is for once in a while.
func (w *World) Calls(ctx context.Context) (map[string]int, error) {
	var answer struct{ Counts map[string]int }
	err := w.emulator.control(ctx, http.MethodGet, "/control/calls", nil, &answer)
	return answer.Counts, err
}

// Services are the names that [World.Outage] takes.
func Services() []string { return services.Names() }
