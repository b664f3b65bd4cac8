package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"syscall"

	"recall/server/config"
)

type serveCommand struct{}

func (serveCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	for _, name := range config.Unknown(os.Environ()) {
		p.logger().Warn("this variable is no setting", slog.String("name", name))
	}
	err := p.serve(p.ctx, thisVersion(), p.cfg, p.logger(), p.ready)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w; choose another one", err)
	}
	return err
}

// ready tells the address alone on a line, which scripts read to its end.
func (p *program) ready(addr string) {
	fmt.Fprintf(p.stdout, "Recall is ready: http://%s\n", reachable(addr))
	if p.cfg.Dev() {
		fmt.Fprintln(p.stdout, "(development mode: anybody on this machine may sign in)")
	}
}

// reachable is an address that a browser on this machine can open: a server that
// listens everywhere says so in a form that is none.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}
