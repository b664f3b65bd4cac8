package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.uber.org/goleak"

	"recall/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	testSecret = []byte("0123456789abcdef0123456789abcdef")
	quiet      = slog.New(slog.DiscardHandler)
)

const testUser = "01890a5d-ac96-774b-bcce-b302099a8057"

// claims are good ones, changed by the given pairs; a nil value removes a claim.
func claims(changes ...any) jwt.MapClaims {
	c := jwt.MapClaims{"sub": testUser, "exp": time.Now().Add(time.Hour).Unix()}
	for i := 0; i < len(changes); i += 2 {
		c[changes[i].(string)] = changes[i+1]
		if changes[i+1] == nil {
			delete(c, changes[i].(string))
		}
	}
	return c
}

func sign(t testing.TB, method jwt.SigningMethod, key any, c jwt.MapClaims, header ...any) string {
	t.Helper()
	token := jwt.NewWithClaims(method, c)
	for i := 0; i < len(header); i += 2 {
		token.Header[header[i].(string)] = header[i+1]
	}
	text, err := token.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func hs256(t testing.TB, changes ...any) string {
	t.Helper()
	return sign(t, jwt.SigningMethodHS256, testSecret, claims(changes...))
}

func open(t testing.TB, o Options) *Verifier {
	t.Helper()
	o.Logger = quiet
	v, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(v.Close)
	return v
}

// expect verifies a token and compares the error's code; "" is a good token.
func expect(t *testing.T, v *Verifier, what, token string, want wire.Code) {
	t.Helper()
	c, err := v.Verify(t.Context(), token)
	var e *wire.Error
	switch {
	case err == nil && want == "":
		if c.UserID.String() != testUser || !c.ExpiresAt.After(time.Now()) {
			t.Errorf("%s: claims %+v", what, c)
		}
	case err == nil || !errors.As(err, &e) || e.Code != want:
		t.Errorf("%s: got %v, want %q", what, err, want)
	case c != Claims{}:
		t.Errorf("%s: refused, but with claims %+v", what, c)
	}
}

func TestVerifyHS256(t *testing.T) {
	t.Parallel()
	v := open(t, Options{Secret: testSecret})
	now := time.Now()
	for _, tc := range []struct {
		what, token string
		want        wire.Code
	}{
		{"good", hs256(t), ""},
		{"fractional exp", hs256(t, "exp", float64(now.Add(time.Hour).UnixMilli())/1000), ""},
		{"upper-case sub", hs256(t, "sub", "01890A5D-AC96-774B-BCCE-B302099A8057"), ""},
		{"nbf within the leeway", hs256(t, "nbf", now.Add(2*time.Second).Unix()), ""},
		{"exp within the leeway", hs256(t, "exp", now.Add(-leeway/2).Unix(), "sub", "x"), wire.CodeUnauthorized},
		{"expired", hs256(t, "exp", now.Add(-time.Minute).Unix()), wire.CodeTokenExpired},
		{"expired and not a user's", hs256(t, "exp", now.Add(-time.Minute).Unix(), "sub", "x"), wire.CodeUnauthorized},
		{"expired and not yet valid", hs256(t, "exp", now.Add(-time.Minute).Unix(), "nbf", now.Add(time.Minute).Unix()), wire.CodeUnauthorized},
		{"expired and forged", hs256(t, "exp", now.Add(-time.Minute).Unix()) + "A", wire.CodeUnauthorized},
		{"nbf ahead", hs256(t, "nbf", now.Add(time.Minute).Unix()), wire.CodeUnauthorized},
		{"no exp", hs256(t, "exp", nil), wire.CodeUnauthorized},
		{"exp is text", hs256(t, "exp", "tomorrow"), wire.CodeUnauthorized},
		{"exp in milliseconds", hs256(t, "exp", now.Add(time.Hour).UnixMilli()), wire.CodeUnauthorized},
		{"no sub", hs256(t, "sub", nil), wire.CodeUnauthorized},
		{"sub is no UUID", hs256(t, "sub", "somebody"), wire.CodeUnauthorized},
		{"sub is the nil UUID", hs256(t, "sub", wire.ID{}.String()), wire.CodeUnauthorized},
		{"sub is a number", hs256(t, "sub", 7), wire.CodeUnauthorized},
		{"empty", "", wire.CodeUnauthorized},
		{"no JWT", "a.b.c", wire.CodeUnauthorized},
		{"two parts", "a.b", wire.CodeUnauthorized},
		{"too long", string(make([]byte, maxToken+1)), wire.CodeUnauthorized},
		{"other secret", sign(t, jwt.SigningMethodHS256, []byte("another secret, just as long ...."), claims()), wire.CodeUnauthorized},
		{"HS512", sign(t, jwt.SigningMethodHS512, testSecret, claims()), wire.CodeUnauthorized},
		{"alg none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims()), wire.CodeUnauthorized},
		{"alg None, spelled so", unsigned(`{"alg":"None"}`), wire.CodeUnauthorized},
		{"alg missing", unsigned(`{"typ":"JWT"}`), wire.CodeUnauthorized},
		{"critical extension", sign(t, jwt.SigningMethodHS256, testSecret, claims(), "crit", []string{"b64"}), wire.CodeUnauthorized},
	} {
		expect(t, v, tc.what, tc.token, tc.want)
	}
}

func unsigned(header string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode([]byte(`{"sub":"`+testUser+`","exp":4102444800}`)) + "."
}

// Each byte of a token counts: changing any one makes it a forgery.
func TestEveryByteIsSigned(t *testing.T) {
	t.Parallel()
	v, token := open(t, Options{Secret: testSecret}), hs256(t)
	for i := range token {
		forged := []byte(token)
		forged[i] ^= 1
		if _, err := v.Verify(t.Context(), string(forged)); err == nil {
			t.Errorf("byte %d may be changed", i)
		}
	}
}

func TestIssuerAndAudience(t *testing.T) {
	t.Parallel()
	o := Options{Secret: testSecret, Issuer: "id.example", Audience: "recall"}
	v := open(t, o)
	good := []any{"iss", "id.example", "aud", []string{"other", "recall"}}
	expect(t, v, "good", hs256(t, good...), "")
	expect(t, v, "wrong iss", hs256(t, append(good, "iss", "evil.example")...), wire.CodeUnauthorized)
	expect(t, v, "no iss", hs256(t, append(good, "iss", nil)...), wire.CodeUnauthorized)
	expect(t, v, "wrong aud", hs256(t, append(good, "aud", "other")...), wire.CodeUnauthorized)
	expect(t, v, "no aud", hs256(t, append(good, "aud", nil)...), wire.CodeUnauthorized)
	expect(t, v, "expired, wrong iss", hs256(t, append(good, "iss", "evil.example", "exp", 1)...), wire.CodeUnauthorized)

	user, err := wire.ParseID(testUser)
	if err != nil {
		t.Fatal(err)
	}
	issued, _, err := o.Issue(user, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	expect(t, v, "issued by the same options", issued, "")
}

func TestOpenRefusesWeakOptions(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{{}, {Secret: testSecret[1:]}} {
		if _, err := Open(t.Context(), o); err == nil {
			t.Errorf("%d bytes of secret and no key set were accepted", len(o.Secret))
		}
	}
}

// A token that verifies is one that we signed; nothing else does, and nothing panics.
func FuzzVerify(f *testing.F) {
	good := hs256(f, "exp", time.Now().Add(24*time.Hour).Unix())
	for _, s := range []string{good, good + ".", good[1:], "a.b.c", "..", unsigned(`{"alg":"none"}`), hs256(f, "exp", 1e300), hs256(f, "exp", -1)} {
		f.Add(s)
	}
	v := open(f, Options{Secret: testSecret})
	f.Fuzz(func(t *testing.T, token string) {
		_, err := v.Verify(t.Context(), token)
		var e *wire.Error
		if err == nil && token != good || err != nil && !errors.As(err, &e) {
			t.Errorf("%q: %v", token, err)
		}
	})
}
