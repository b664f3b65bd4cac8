package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	switch os.Getenv(playing) {
	case "emulator":
		main()
		os.Exit(0)
	case "program":
		os.Exit(programWithServices())
	}
	goleak.VerifyTestMain(m)
}

// What is printed points at services that answer, and the end is clean.
func TestPrintsTheEnvironmentOfARunningServer(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-latency", "0"}, in, io.Discard)
		_ = in.Close()
	}()
	values := map[string]string{}
	export := regexp.MustCompile(`^export (RECALL_[A-Z_]+)=(\S+)$`)
	for lines := bufio.NewScanner(out); len(values) < 10 && lines.Scan(); {
		if m := export.FindStringSubmatch(lines.Text()); m != nil {
			values[m[1]] = m[2]
		}
	}
	if len(values) != 10 {
		t.Fatalf("printed %v", values)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, values["RECALL_LYRICS_URL"]+"/v1/Toto/Africa", nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.Contains(string(text), "lyrics") {
		t.Errorf("%d %s", resp.StatusCode, text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRefusesBadFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-listen", "nowhere:x"}, {"-tokens-per-second", "fast"}, {"-burst", "-1ms"}, {"-candidates", "0"}, {"-other"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}
