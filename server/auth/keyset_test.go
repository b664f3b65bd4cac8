package auth

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"recall/wire"
)

// Keys are made once: RSA takes a while.
var (
	rsaKey   = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) })
	smallKey = sync.OnceValue(func() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 1024)) })
	ecKey    = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
	ecKey2   = sync.OnceValue(func() *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)) })
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// issuer serves a key set over real HTTP; it counts, changes and breaks.
type issuer struct {
	*httptest.Server
	body    atomic.Value // string; "" is an outage
	fetches atomic.Int32
	fetched chan struct{} // gets a value with each fetch that somebody awaits
}

func newIssuer(t *testing.T, body string) *issuer {
	is := &issuer{fetched: make(chan struct{})}
	is.body.Store(body)
	is.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		is.fetches.Add(1)
		if text := is.body.Load().(string); text != "" {
			_, _ = w.Write([]byte(text))
		} else {
			w.WriteHeader(http.StatusBadGateway)
		}
		select {
		case is.fetched <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(is.Close)
	return is
}

// keysOf is a key set of kid, key pairs.
func keysOf(t *testing.T, pairs ...any) string {
	t.Helper()
	store := jwkset.NewMemoryStorage()
	for i := 0; i < len(pairs); i += 2 {
		o := jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: pairs[i].(string)}, Marshal: jwkset.JWKMarshalOptions{Private: true}}
		key, err := jwkset.NewJWKFromKey(pairs[i+1], o)
		if err != nil {
			t.Fatal(err)
		}
		_ = store.KeyWrite(t.Context(), key)
	}
	text, err := store.JSONPrivate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestVerifyByKeySet(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, keysOf(t, "r", rsaKey().Public(), "e", ecKey().Public(), "small", smallKey().Public(), "shared", testSecret))
	v := open(t, Options{JWKSURL: is.URL})
	rs, es, hs := jwt.SigningMethodRS256, jwt.SigningMethodES256, jwt.SigningMethodHS256
	expired := claims("exp", time.Now().Add(-time.Minute).Unix())
	for _, tc := range []struct {
		what, token string
		want        wire.Code
	}{
		{"RS256", sign(t, rs, rsaKey(), claims(), "kid", "r"), ""},
		{"ES256", sign(t, es, ecKey(), claims(), "kid", "e"), ""},
		{"no kid", sign(t, es, ecKey(), claims()), ""},
		{"expired", sign(t, rs, rsaKey(), expired, "kid", "r"), wire.CodeTokenExpired},
		{"expired, forged", sign(t, es, ecKey2(), expired, "kid", "e"), wire.CodeUnauthorized},
		{"other key of that kid", sign(t, es, ecKey2(), claims(), "kid", "e"), wire.CodeUnauthorized},
		{"RS256 with the EC key's kid", sign(t, rs, rsaKey(), claims(), "kid", "e"), wire.CodeUnauthorized},
		{"RS512", sign(t, jwt.SigningMethodRS512, rsaKey(), claims(), "kid", "r"), wire.CodeUnauthorized},
		{"PS256", sign(t, jwt.SigningMethodPS256, rsaKey(), claims(), "kid", "r"), wire.CodeUnauthorized},
		{"short RSA key", sign(t, rs, smallKey(), claims(), "kid", "small"), wire.CodeUnauthorized},
		{"kid is a number", sign(t, rs, rsaKey(), claims(), "kid", 7), wire.CodeUnauthorized},
		{"HS256 with a secret in the set", sign(t, hs, testSecret, claims(), "kid", "shared"), wire.CodeUnauthorized},
		{"HS256 with the public key, PEM", sign(t, hs, publicPEM(rsaKey().Public()), claims(), "kid", "r"), wire.CodeUnauthorized},
		{"HS256 with the public key, DER", sign(t, hs, must(x509.MarshalPKIXPublicKey(rsaKey().Public())), claims(), "kid", "r"), wire.CodeUnauthorized},
		{"alg none", sign(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims(), "kid", "r"), wire.CodeUnauthorized},
	} {
		expect(t, v, tc.what, tc.token, tc.want)
	}
}

func publicPEM(key crypto.PublicKey) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: must(x509.MarshalPKIXPublicKey(key))})
}

// With both configured, each algorithm still goes with its own key only.
func TestSecretAndKeySetTogether(t *testing.T) {
	t.Parallel()
	v := open(t, Options{Secret: testSecret, JWKSURL: newIssuer(t, keysOf(t, "r", rsaKey().Public())).URL})
	expect(t, v, "HS256", hs256(t), "")
	expect(t, v, "RS256", sign(t, jwt.SigningMethodRS256, rsaKey(), claims(), "kid", "r"), "")
	confused := sign(t, jwt.SigningMethodHS256, publicPEM(rsaKey().Public()), claims(), "kid", "r")
	expect(t, v, "HS256 with the public key", confused, wire.CodeUnauthorized)
}

func TestRotationIsNoticed(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, keysOf(t, "old", ecKey().Public()))
	v := open(t, Options{JWKSURL: is.URL})
	oldToken := sign(t, jwt.SigningMethodES256, ecKey(), claims(), "kid", "old")
	newToken := sign(t, jwt.SigningMethodES256, ecKey2(), claims(), "kid", "new")
	expect(t, v, "old key", oldToken, "")

	is.body.Store(keysOf(t, "new", ecKey2().Public()))
	var all sync.WaitGroup
	for range 20 { // all of them wait for the one fetch
		all.Go(func() { expect(t, v, "new key", newToken, "") })
	}
	all.Wait()
	expect(t, v, "withdrawn key", oldToken, wire.CodeUnauthorized)
	if n := is.fetches.Load(); n != 2 {
		t.Errorf("%d fetches, want 2: at the start and for the new key", n)
	}
}

func TestMadeUpKeyIDsCauseFewFetches(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, keysOf(t, "e", ecKey().Public()))
	v := open(t, Options{JWKSURL: is.URL})
	v.keys.unknown = rate.NewLimiter(rate.Every(time.Hour), 3)
	for range 50 {
		expect(t, v, "made up", sign(t, jwt.SigningMethodES256, ecKey2(), claims(), "kid", wire.NewID().String()), wire.CodeUnauthorized)
	}
	if n := is.fetches.Load(); n != 1+3 {
		t.Errorf("%d fetches, want 4", n)
	}
}

func TestOutageKeepsKeys(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, keysOf(t, "e", ecKey().Public()))
	v := open(t, Options{JWKSURL: is.URL})
	v.keys.unknown.SetLimit(rate.Inf)
	known := sign(t, jwt.SigningMethodES256, ecKey(), claims(), "kid", "e")
	unknown := sign(t, jwt.SigningMethodES256, ecKey2(), claims(), "kid", "new")
	for what, body := range map[string]string{"down": "", "no JSON": "<html>", "no keys": `{"keys":[]}`, "only a secret": keysOf(t, "e", testSecret)} {
		is.body.Store(body)
		expect(t, v, what+": unknown key", unknown, wire.CodeUnavailable)
		expect(t, v, what+": known key", known, "")
	}
}

func TestOutageAtTheStartIsMendedInTheBackground(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, "")
	k := newKeySet(is.URL, quiet)
	k.unknown.SetLimit(0)
	v := &Verifier{keys: k, parser: newParser(Options{JWKSURL: is.URL})}
	k.refresh(t.Context())
	token := sign(t, jwt.SigningMethodES256, ecKey(), claims(), "kid", "e")
	k.unknown.AllowN(time.Now(), 1) // so that only the background fetches
	expect(t, v, "no keys yet", token, wire.CodeUnavailable)

	is.body.Store(keysOf(t, "e", ecKey().Public()))
	go k.keepFresh(0)
	<-is.fetched
	k.serial.Lock()   // until that fetch is taken in
	k.serial.Unlock() //nolint:staticcheck // the wait is the point
	expect(t, v, "keys", token, "")
	v.Close()
}

func TestCallerNeedNotWaitForTheIssuer(t *testing.T) {
	t.Parallel()
	is := newIssuer(t, keysOf(t, "e", ecKey().Public()))
	v := open(t, Options{JWKSURL: is.URL})
	v.keys.serial.Lock() // as if a fetch were hanging
	defer v.keys.serial.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := v.Verify(ctx, sign(t, jwt.SigningMethodES256, ecKey2(), claims(), "kid", "new"))
	if e := wire.AsError(err); e.Code != wire.CodeUnavailable {
		t.Errorf("got %v", err)
	}
}
