package auth

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"recall/server/config"
	"recall/wire"
)

func TestIssueIsVerified(t *testing.T) {
	t.Parallel()
	v, user := open(t, Options{Secret: testSecret}), wire.NewID()
	token, expiresAt, err := Issue(testSecret, user, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	c, err := v.Verify(t.Context(), token)
	if err != nil || c.UserID != user || !c.ExpiresAt.Equal(expiresAt) {
		t.Errorf("issued for %s until %s, verified %+v, %v", user, expiresAt, c, err)
	}
}

func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	user := wire.NewID()
	if _, _, err := (Options{JWKSURL: "https://id.example"}).Issue(user, time.Hour); !errors.Is(err, ErrNoSecret) {
		t.Errorf("without a secret: %v", err)
	}
	for what, f := range map[string]func() (string, time.Time, error){
		"a short secret": func() (string, time.Time, error) { return Issue(testSecret[1:], user, time.Hour) },
		"nobody":         func() (string, time.Time, error) { return Issue(testSecret, wire.ID{}, time.Hour) },
		"no time":        func() (string, time.Time, error) { return Issue(testSecret, user, time.Millisecond) },
	} {
		if _, _, err := f(); err == nil {
			t.Errorf("a token was issued with %s", what)
		}
	}
}

func TestDevSecretIsOneForAllAndPrivate(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "data")
	var secrets [16][]byte
	var all sync.WaitGroup
	for i := range secrets {
		all.Go(func() {
			var err error
			if secrets[i], err = DevSecret(dir); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, s := range secrets {
		if !bytes.Equal(s, secrets[0]) || len(s) < minSecret {
			t.Fatalf("%q and %q", s, secrets[0])
		}
	}
	if other, err := DevSecret(t.TempDir()); err != nil || bytes.Equal(other, secrets[0]) {
		t.Errorf("another directory has the secret %q, %v", other, err)
	}
	info, err := os.Stat(filepath.Join(dir, devSecretFile))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestDevSecretHealsAndRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, devSecretFile)
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("") // a process died before it wrote
	if _, err := DevSecret(dir); err != nil {
		t.Error(err)
	}
	write("short")
	if secret, err := DevSecret(dir); err == nil {
		t.Errorf("took %q for a secret", secret)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestOptionsForDevelopmentMode(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.DataDir = t.TempDir()
	o, err := OptionsFor(c, quiet)
	if err != nil || len(o.Secret) != 64 {
		t.Fatalf("%q, %v", o.Secret, err)
	}
	c.JWTSecret = string(testSecret)
	if o, err = OptionsFor(c, quiet); err != nil || !bytes.Equal(o.Secret, testSecret) {
		t.Errorf("%q, %v", o.Secret, err)
	}
}
