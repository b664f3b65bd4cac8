package auth

import (
	"context"
	"errors"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"recall/wire"
)

const (
	// leeway forgives differing clocks: machines that keep their time by NTP are
	// well within a second of each other, so five cover a bad day, while a token
	// lives no noticeable time longer than its issuer meant.
	leeway = 5 * time.Second
	// maxToken bounds the work that a stranger can cause, in bytes.
	maxToken = 16 << 10
)

// Claims is what a good token says.
type Claims struct {
	UserID    wire.ID
	ExpiresAt time.Time // UTC, before the year 10000, so that it can be written in RFC 3339
}

// Verifier checks tokens; it is safe for use by many goroutines at once.
type Verifier struct {
	secret []byte
	keys   *keySet // nil without a key set
	parser *jwt.Parser
}

// Open prepares a Verifier. With a key set it fetches that first, but an outage
// only delays, since the fetch is repeated in the background until Close.
func Open(ctx context.Context, o Options) (*Verifier, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	v := &Verifier{secret: o.Secret, parser: newParser(o)}
	if o.JWKSURL != "" {
		v.keys = openKeySet(ctx, o.JWKSURL, o.Logger)
	}
	return v, nil
}

// Close ends the background work and waits for it.
func (v *Verifier) Close() {
	if v.keys != nil {
		v.keys.close()
	}
}

func newParser(o Options) *jwt.Parser {
	var algorithms []string
	if len(o.Secret) > 0 {
		algorithms = append(algorithms, "HS256")
	}
	if o.JWKSURL != "" {
		algorithms = append(algorithms, "RS256", "ES256")
	}
	rules := []jwt.ParserOption{
		jwt.WithValidMethods(algorithms), jwt.WithExpirationRequired(), jwt.WithLeeway(leeway), jwt.WithStrictDecoding(),
	}
	if o.Issuer != "" {
		rules = append(rules, jwt.WithIssuer(o.Issuer))
	}
	if o.Audience != "" {
		rules = append(rules, jwt.WithAudience(o.Audience))
	}
	return jwt.NewParser(rules...)
}

// Verify returns what the token says, or an error of the kinds in the package's
// description. ctx bounds a wait for keys that were not seen before.
func (v *Verifier) Verify(ctx context.Context, token string) (Claims, error) {
	if len(token) > maxToken {
		return Claims{}, refuse("it is longer than %d bytes", maxToken)
	}
	var raw jwt.RegisteredClaims
	_, err := v.parser.ParseWithClaims(token, &raw, v.keyFor(ctx))
	expired := isExpiredOnly(err)
	if err != nil && !expired {
		return Claims{}, translate(err)
	}
	claims, err := readClaims(raw)
	if err != nil {
		return Claims{}, err
	}
	if expired {
		return Claims{}, wire.Errorf(wire.CodeTokenExpired, "token: expired at %s", claims.ExpiresAt.Format(time.RFC3339))
	}
	return claims, nil
}

// keyFor picks the key by the algorithm, which the parser has already found
// among those of our configuration.
func (v *Verifier) keyFor(ctx context.Context) jwt.Keyfunc {
	return func(t *jwt.Token) (any, error) {
		if _, has := t.Header["crit"]; has { // RFC 7515, section 4.1.11: what is critical must be understood
			return nil, refuse("its header demands an extension")
		}
		if t.Method == jwt.SigningMethodHS256 {
			return v.secret, nil
		}
		return v.keys.find(ctx, t)
	}
}

func readClaims(raw jwt.RegisteredClaims) (Claims, error) {
	user, err := wire.ParseID(raw.Subject)
	if err != nil || user.IsZero() {
		return Claims{}, refuse("sub must be the user's UUID")
	}
	expires := raw.ExpiresAt.UTC()
	if expires.Year() > 9999 {
		return Claims{}, refuse("exp is not in seconds since 1970")
	}
	return Claims{UserID: user, ExpiresAt: expires}, nil
}

// isExpiredOnly tells whether the token, signed well, would be good again with a
// later exp. Only then is it worth its owner's while to refresh.
func isExpiredOnly(err error) bool {
	if !errors.Is(err, jwt.ErrTokenExpired) {
		return false
	}
	for _, other := range []error{
		jwt.ErrTokenNotValidYet, jwt.ErrTokenInvalidIssuer, jwt.ErrTokenInvalidAudience, jwt.ErrTokenRequiredClaimMissing,
	} {
		if errors.Is(err, other) {
			return false
		}
	}
	return true
}
