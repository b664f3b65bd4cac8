package main

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"recall/server/config"
)

func TestServeIsTheDefaultCommand(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{}, {"serve"}, {"--listen", "127.0.0.1:7"}, {"serve", "--listen=127.0.0.1:7"}, {"--listen=127.0.0.1:7", "serve"}} {
		served := config.Config{}
		p := &program{serve: func(_ context.Context, _ string, c config.Config, _ *slog.Logger, ready func(string)) error {
			served = c
			ready("[::]:7")
			return nil
		}}
		recallWith(t, p, map[string]string{"RECALL_LISTEN": "127.0.0.1:7"}, args...).want(t, 0, "Recall is ready: http://localhost:7\n", "development mode")
		if served.Listen != "127.0.0.1:7" {
			t.Errorf("%q serves %s", args, served.Listen)
		}
	}
}

func TestServeReportsFailure(t *testing.T) {
	t.Parallel()
	p := &program{serve: func(context.Context, string, config.Config, *slog.Logger, func(string)) error {
		return errors.New("port taken")
	}}
	recallWith(t, p, nil).want(t, exitFailed, "recall: port taken")
}

func TestReadySaysDevelopmentModeOnlyInIt(t *testing.T) {
	t.Parallel()
	p := &program{serve: func(_ context.Context, _ string, _ config.Config, _ *slog.Logger, ready func(string)) error {
		ready("127.0.0.1:7")
		return nil
	}}
	o := recallWith(t, p, map[string]string{"RECALL_JWT_SECRET": testSecret})
	if o.stdout != "Recall is ready: http://127.0.0.1:7\n" {
		t.Errorf("said %q", o.stdout)
	}
}
