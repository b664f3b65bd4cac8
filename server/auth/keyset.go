package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"recall/wire"
)

const (
	// refreshEvery is also how long a key that the issuer withdrew is still taken.
	refreshEvery = 15 * time.Minute
	// retryEvery follows a fetch that failed.
	retryEvery = 10 * time.Second
	// unknownEvery bounds the fetches that strangers can cause with made-up key
	// ids, and so how long a rotated key may stay unknown while they try.
	unknownEvery = 5 * time.Second
	// fetchTimeout bounds one fetch.
	fetchTimeout = 5 * time.Second
)

// keySet holds the issuer's public keys. One goroutine, ended by close, fetches
// them again and again; a key id that is not known makes a caller fetch at once,
// all such callers together. While fetches fail, the keys from before stay.
type keySet struct {
	url    string
	client *http.Client
	log    *slog.Logger

	store   *jwkset.MemoryJWKSet
	keyfunc keyfunc.Keyfunc

	serial sync.Mutex  // fetches come one at a time, so that an older answer never replaces a newer
	outage atomic.Bool // the last fetch failed

	flight  singleflight.Group
	unknown *rate.Limiter

	ctx  context.Context // of all fetches after the first; ends with close
	stop context.CancelFunc
	done chan struct{}
}

func openKeySet(ctx context.Context, url string, log *slog.Logger) *keySet {
	k := newKeySet(url, log)
	wait := k.refresh(ctx)
	go k.keepFresh(wait)
	return k
}

func newKeySet(url string, log *slog.Logger) *keySet {
	if log == nil {
		log = slog.Default()
	}
	k := &keySet{
		url: url, log: log, store: jwkset.NewMemoryStorage(),
		// A transport of its own, so that close can drop its connections.
		client:  &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
		unknown: rate.NewLimiter(rate.Every(unknownEvery), 1),
		done:    make(chan struct{}),
	}
	k.keyfunc, _ = keyfunc.New(keyfunc.Options{Storage: k.store}) // fails without a storage only
	k.ctx, k.stop = context.WithCancel(context.Background())
	return k
}

func (k *keySet) close() {
	k.stop()
	<-k.done
	k.client.CloseIdleConnections()
}

func (k *keySet) keepFresh(wait time.Duration) {
	defer close(k.done)
	for {
		select {
		case <-k.ctx.Done():
			return
		case <-time.After(wait):
			wait = k.refresh(k.ctx)
		}
	}
}

// refresh fetches once and returns when to do so again.
func (k *keySet) refresh(ctx context.Context) time.Duration {
	k.serial.Lock()
	defer k.serial.Unlock()
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	keys, err := fetchKeys(ctx, k.client, k.url)
	k.outage.Store(err != nil)
	if err != nil {
		k.log.Warn(k.failure(ctx), slog.Any("error", err), slog.String("retry_in", retryEvery.String()))
		return retryEvery
	}
	_ = k.store.KeyReplaceAll(ctx, keys) // in memory: cannot fail
	return refreshEvery
}

// failure says what a fetch that failed means for the tokens.
func (k *keySet) failure(ctx context.Context) string {
	if keys, _ := k.store.KeyReadAll(ctx); len(keys) == 0 {
		return "fetching the key set failed; there are no keys yet"
	}
	return "fetching the key set failed; the keys from before stay"
}

// find returns the key, or the keys, that may verify the token.
func (k *keySet) find(ctx context.Context, t *jwt.Token) (any, error) {
	key, err := k.keyfunc.KeyfuncCtx(ctx)(t)
	if !isUnknown(key, err) {
		return key, err
	}
	if err := k.refreshSoon(ctx); err != nil {
		return nil, wire.Errorf(wire.CodeUnavailable, "token: its key is not known yet")
	}
	key, err = k.keyfunc.KeyfuncCtx(ctx)(t)
	if isUnknown(key, err) && k.outage.Load() {
		return nil, wire.Errorf(wire.CodeUnavailable, "token: the keys of its issuer cannot be fetched just now")
	}
	return key, err
}

// isUnknown: the named key is not there, or no key was named and there is none.
func isUnknown(key any, err error) bool {
	all, many := key.(jwt.VerificationKeySet)
	return errors.Is(err, jwkset.ErrKeyNotFound) || many && len(all.Keys) == 0
}

// refreshSoon lets callers share one fetch, and returns without one when the
// last is too recent. It fails only when ctx ends before the fetch.
func (k *keySet) refreshSoon(ctx context.Context) error {
	fetched := k.flight.DoChan("", func() (any, error) {
		if k.unknown.Allow() {
			k.refresh(k.ctx)
		}
		return nil, nil
	})
	select {
	case <-fetched:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
