package main

import (
	"fmt"
	"net"
	"net/netip"
)

type serveCommand struct{}

func (serveCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	return p.serve(p.ctx, p.cfg, p.logger(), func(addr string) {
		fmt.Fprintf(p.stdout, "Recall is ready: http://%s\n", reachable(addr))
	})
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
