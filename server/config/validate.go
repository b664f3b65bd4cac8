package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// minSecret is RFC 7518, section 3.2: an HS256 key has at least 256 bits.
const minSecret = 32

// Validate returns all that is wrong, each error naming flag and environment
// variable, and none showing a secret.
func (c *Config) Validate() error {
	bad := c.outOfBounds()
	for _, check := range []struct {
		field string
		err   error
	}{
		{"Listen", c.checkListen()},
		{"AllowedOrigins", c.checkOrigins()},
		{"JWTSecret", c.checkSecret()},
		{"JWKSURL", c.checkJWKS()},
		{"DatabaseURL", c.checkDatabase()},
		{"DataDir", c.checkDataDir()},
		{"OpenAIURL", checkService(c.OpenAIURL)},
		{"WhisperURL", checkService(c.WhisperURL)},
		{"ACRCloudURL", checkService(c.ACRCloudURL)},
		{"ACRCloudKey", c.checkACRCloud()},
		{"ShazamURL", checkService(c.ShazamURL)},
		{"AudDURL", checkService(c.AudDURL)},
		{"LyricsURL", checkService(c.LyricsURL)},
		{"MediaURL", c.checkMedia()},
		{"FFmpeg", c.checkFFmpeg()},
		{"TrustedProxies", checkNetworks(c.TrustedProxies)},
		{"UnlimitedAddresses", checkNetworks(c.UnlimitedAddresses)},
		{"OTLPEndpoint", checkService(c.OTLPEndpoint)},
		{"DebugListen", c.checkDebugListen()},
	} {
		if check.err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", keyOf(check.field), check.err))
		}
	}
	return errors.Join(bad...)
}

func (c *Config) checkListen() error {
	host, port, err := splitAddress(c.Listen)
	if err != nil {
		return err
	}
	if c.Dev() && !isLoopback(host) {
		return fmt.Errorf("%q is reachable from elsewhere, but in development mode anybody may sign in as anybody: "+
			"set RECALL_JWT_SECRET or RECALL_JWKS_URL, or listen on 127.0.0.1:%s", c.Listen, port)
	}
	return nil
}

// splitAddress takes a TCP address apart, whose port may be a name such as http.
func splitAddress(address string) (host, port string, err error) {
	if host, port, err = net.SplitHostPort(address); err != nil {
		return "", "", fmt.Errorf("%q is not host:port", address)
	}
	if _, err = net.LookupPort("tcp", port); err != nil {
		return "", "", fmt.Errorf("%q is not a port", port)
	}
	return host, port, nil
}

// isLoopback does not resolve names other than localhost: an address may change
// between the check and the bind.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

func (c *Config) checkOrigins() error {
	for _, origin := range c.AllowedOrigins {
		u, err := url.Parse(origin)
		web := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		if !web || origin != u.Scheme+"://"+u.Host || strings.ContainsAny(u.Host, "*?") {
			return fmt.Errorf("%q is not an origin such as https://app.example.com", origin)
		}
	}
	return nil
}

func (c *Config) checkSecret() error {
	if n := len(c.JWTSecret); n > 0 && n < minSecret {
		return fmt.Errorf("it has %d bytes and needs at least %d; a good one: openssl rand -hex 32", n, minSecret)
	}
	return nil
}

func (c *Config) checkJWKS() error {
	return checkService(c.JWKSURL)
}

// checkDatabase keeps the parser's own words back: they may quote the password.
func (c *Config) checkDatabase() error {
	if c.DatabaseURL == "" {
		return nil
	}
	if _, err := pgconn.ParseConfig(c.DatabaseURL); err != nil {
		return errors.New("it is not a usable Postgres connection string; want postgres://user:password@host:5432/database " +
			"with special characters of the password percent-encoded, and files it names must exist")
	}
	return nil
}

func (c *Config) checkDataDir() error {
	if strings.TrimSpace(c.DataDir) == "" {
		return errors.New("it is empty")
	}
	return nil
}
