package services

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// Server is [Services] on a port of this machine.
type Server struct {
	*Services
	URL string // such as http://127.0.0.1:8099
	// Base addresses, as clients are configured with them.
	OpenAI, ACRCloud, Shazam, AudD, Lyrics string
	Keys                                   Keys // that are accepted

	http   *http.Server
	served chan struct{}
}

// Start serves on a free port of the loopback until Close, or until ctx is done.
func Start(ctx context.Context, o Options) (*Server, error) {
	return Listen(ctx, "127.0.0.1:0", o)
}

// Listen serves on an address.
func Listen(ctx context.Context, address string, o Options) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &Server{Services: New(o), URL: "http://" + listener.Addr().String(), served: make(chan struct{})}
	s.OpenAI, s.ACRCloud, s.Shazam = s.URL+"/openai/v1", s.URL+"/acrcloud", s.URL+"/shazam"
	s.AudD, s.Lyrics, s.Keys = s.URL+"/audd", s.URL+"/lyrics", s.options.Keys
	if tcp, ok := listener.(*net.TCPListener); ok {
		listener = corkedListener{tcp}
	}
	s.http = &http.Server{
		Handler: s.Services, ReadHeaderTimeout: 10 * time.Second, ConnContext: withCorked,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, 0), // of connections that the faults break on purpose
	}
	go func() {
		defer close(s.served)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.options.Logger.Error("serving ended", "err", err)
		}
	}()
	context.AfterFunc(ctx, s.Close)
	return s, nil
}

// Close ends every call, stalled ones as well, and returns when all are gone.
func (s *Server) Close() {
	s.endStalls()
	_ = s.http.Close()
	<-s.served
	s.awaitCalls()
}

// Environment is what points a server of Recall at this one: name and value.
func (s *Server) Environment() [][2]string {
	return [][2]string{
		{"RECALL_OPENAI_URL", s.OpenAI},
		{"RECALL_OPENAI_KEY", s.Keys.OpenAI},
		{"RECALL_ACRCLOUD_URL", s.ACRCloud},
		{"RECALL_ACRCLOUD_KEY", s.Keys.ACRCloud},
		{"RECALL_ACRCLOUD_SECRET", s.Keys.ACRCloudSecret},
		{"RECALL_SHAZAM_URL", s.Shazam},
		{"RECALL_SHAZAM_KEY", s.Keys.Shazam},
		{"RECALL_AUDD_URL", s.AudD},
		{"RECALL_AUDD_TOKEN", s.Keys.AudD},
		{"RECALL_LYRICS_URL", s.Lyrics},
	}
}
