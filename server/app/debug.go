package app

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// debug serves profiles on an address of their own, so that they are never within
// reach of clients, and answer when the front is full.
type debug struct {
	server   http.Server
	listener net.Listener
}

// startDebug serves on addr, a loopback address (the configuration sees to that).
func startDebug(ctx context.Context, addr string, log *slog.Logger) (*debug, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("--debug-listen (RECALL_DEBUG_LISTEN): %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index) // the named profiles as well: heap, goroutine, mutex, …
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	d := &debug{listener: listener, server: http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}}
	log.Info("profiles", slog.String("url", "http://"+listener.Addr().String()+"/debug/pprof/"))
	go func() { _ = d.server.Serve(listener) }()
	return d, nil
}

func (d *debug) close() { _ = d.server.Close() }
