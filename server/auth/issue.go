package auth

import (
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"recall/wire"
)

// ErrNoSecret says that tokens are signed elsewhere: only a key set is configured.
var ErrNoSecret = errors.New("auth: tokens are signed by the issuer of the key set; without a secret this program can make none")

// Issue signs a token for the user that expires after ttl (whole seconds, at
// least one) and that a [Verifier] of the same options accepts.
func (o Options) Issue(user wire.ID, ttl time.Duration) (token string, expiresAt time.Time, err error) {
	if len(o.Secret) == 0 {
		return "", time.Time{}, ErrNoSecret
	}
	if len(o.Secret) < minSecret {
		return "", time.Time{}, o.check()
	}
	now := time.Now().UTC().Truncate(time.Second)
	expiresAt = now.Add(ttl.Truncate(time.Second))
	if user.IsZero() || ttl < time.Second || expiresAt.Year() > 9999 {
		return "", time.Time{}, fmt.Errorf("auth: no token for user %s and a lifetime of %s", user, ttl)
	}
	claims := jwt.RegisteredClaims{
		Subject: user.String(), Issuer: o.Issuer, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(expiresAt),
	}
	if o.Audience != "" {
		claims.Audience = jwt.ClaimStrings{o.Audience}
	}
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(o.Secret)
	return token, expiresAt, err
}

// Issue signs a token with no more than sub, iat and exp.
func Issue(secret []byte, user wire.ID, ttl time.Duration) (token string, expiresAt time.Time, err error) {
	return Options{Secret: secret}.Issue(user, ttl)
}
