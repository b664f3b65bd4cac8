package main

import (
	"errors"
	"fmt"
	"time"

	"recall/server/auth"
	"recall/wire"
)

type tokenCommand struct {
	User *wire.ID      `placeholder:"UUID" help:"User to sign in as; without it a new one."`
	TTL  time.Duration `name:"ttl" default:"24h" help:"How long the token is good."`
}

// Run prints the token alone to standard output, so that a shell can take it.
func (c tokenCommand) Run(p *program) error {
	if err := p.validate(); err != nil {
		return err
	}
	if c.TTL < time.Second {
		return usageError{errors.New("--ttl: must be at least 1s")}
	}
	made := p.willMake("dev-secret")
	options, err := auth.OptionsFor(p.cfg, p.toolLogger())
	if err != nil {
		return err
	}
	if p.cfg.Dev() {
		made("a development secret")
	}
	user := wire.NewID()
	if c.User != nil {
		user = *c.User
	}
	token, expiresAt, err := options.Issue(user, c.TTL)
	if errors.Is(err, auth.ErrNoSecret) {
		return usageError{fmt.Errorf("%w: set RECALL_JWT_SECRET, or ask the issuer of RECALL_JWKS_URL", err)}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stderr, "user %s, good until %s\n", user, expiresAt.Format(time.RFC3339))
	_, err = fmt.Fprintln(p.stdout, token)
	return err
}
