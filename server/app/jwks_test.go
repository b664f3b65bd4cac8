package app_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"recall/server/config"
	"recall/stress/device"
	"recall/wire"
)

// craft makes an HS256 token out of any header and claims.
func craft(key, header, claims string) string {
	body := b64(header) + "." + b64(claims)
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(body))
	return body + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// With a key set, tokens of its keys are good and all others are not.
func TestKeySet(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	public, err := key.PublicKey.Bytes() // 4, then x and y of 32 bytes each
	check(t, err)
	set := `{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":"one","x":"` +
		base64.RawURLEncoding.EncodeToString(public[1:33]) + `","y":"` + base64.RawURLEncoding.EncodeToString(public[33:]) + `"}]}`
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(set)) }))
	t.Cleanup(keys.Close)
	w := setup(t, func(c *config.Config) { c.JWKSURL = keys.URL })

	id := wire.NewID()
	claims := jwt.MapClaims{"sub": id.String(), "exp": time.Now().Add(time.Hour).Unix()}
	u := &user{w, id.String(), signES(t, key, claims)}
	u.dial().want("pong", "ping", nil)

	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(t, err)
	for name, token := range map[string]string{
		"another key":                  signES(t, other, claims),
		"the public key as the secret": craft(string(public), `{"alg":"HS256","kid":"one"}`, `{"sub":"`+id.String()+`","exp":99999999999}`),
	} {
		if status, body := w.upgrade("Bearer " + token); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	expired := signES(t, key, jwt.MapClaims{"sub": id.String(), "exp": 1600000000})
	p := w.dial(device.Options{})
	p.refused("token_expired", "hello", fields{"token": expired})
	p.farewell(4001)
}

func signES(t *testing.T, key *ecdsa.PrivateKey, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, claims)
	token.Header["kid"] = "one"
	signed, err := token.SignedString(key)
	check(t, err)
	return signed
}
