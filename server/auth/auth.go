// Package auth tells who a token speaks for.
//
// A token is a JWT (RFC 7519) with sub, the user's UUID, and exp. Which key may
// verify it is decided by our configuration, never by the token: HS256 goes with
// the shared secret only, RS256 and ES256 with the public keys of the key set
// only. So neither `alg: none` nor an HS256 signature made with a public key as
// its secret can pass.
//
// All errors that a client causes are [wire.Error] values:
//
//	unauthorized   the token is not good
//	token_expired  it was good until its exp, and nothing else is wrong with it
//	unavailable    the key set cannot be fetched, so nobody can tell
package auth

import (
	"fmt"
	"log/slog"

	"recall/server/config"
)

// Options say which tokens are good. At least one of Secret and JWKSURL is set.
type Options struct {
	Secret   []byte // of HS256, at least 32 bytes; empty: HS256 is refused
	JWKSURL  string // key set of RS256 and ES256; empty: both are refused
	Issuer   string // required iss; empty: any
	Audience string // required in aud; empty: any
	Logger   *slog.Logger
}

// OptionsFor takes the options out of a validated configuration. In development
// mode it reads the secret in the data directory, and makes it when it is missing.
func OptionsFor(c config.Config, log *slog.Logger) (Options, error) {
	o := Options{Secret: []byte(c.JWTSecret), JWKSURL: c.JWKSURL, Issuer: c.JWTIssuer, Audience: c.JWTAudience, Logger: log}
	if !c.Dev() {
		return o, nil
	}
	secret, err := DevSecret(c.DataDir)
	if err != nil {
		return Options{}, err
	}
	o.Secret = secret
	return o, nil
}

// minSecret is RFC 7518, section 3.2: a key as long as the hash.
const minSecret = 32

func (o Options) check() error {
	switch n := len(o.Secret); {
	case n == 0 && o.JWKSURL == "":
		return fmt.Errorf("auth: neither a secret nor a key set is configured")
	case n > 0 && n < minSecret:
		return fmt.Errorf("auth: the secret has %d bytes and needs at least %d", n, minSecret)
	}
	return nil
}
