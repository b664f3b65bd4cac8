package auth

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"

	"recall/wire"
)

func refuse(format string, args ...any) *wire.Error {
	return wire.Errorf(wire.CodeUnauthorized, "token: "+format, args...)
}

// reasons say what is wrong in words that help an app's author, and no more: the
// library's own text would quote the token.
var reasons = []struct {
	err    error
	reason string
}{
	{jwt.ErrTokenMalformed, "it is not a JWT"},
	{jwt.ErrTokenNotValidYet, "its nbf lies in the future"},
	{jwt.ErrTokenInvalidIssuer, "its iss is not the one this server trusts"},
	{jwt.ErrTokenInvalidAudience, "its aud does not name this server"},
	{jwt.ErrTokenRequiredClaimMissing, "exp, iss or aud is missing"},
	{jwt.ErrTokenSignatureInvalid, "its signature or algorithm is not accepted"},
	{jwt.ErrTokenUnverifiable, "its signature cannot be verified with any key of this server"},
}

// translate turns the library's errors into ours, once.
func translate(err error) *wire.Error {
	var ours *wire.Error
	if errors.As(err, &ours) {
		return ours
	}
	for _, r := range reasons {
		if errors.Is(err, r.err) {
			return refuse("%s", r.reason)
		}
	}
	return refuse("it is not valid")
}
