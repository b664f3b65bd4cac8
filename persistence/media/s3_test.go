package media

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"recall/wire"
)

func openS3(t *testing.T, o Options) (*Store, *fakeS3) {
	t.Helper()
	fake := new(fakeS3)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	o.URL, o.SpoolDir = fake.url(server), t.TempDir()
	return openStore(t, o), fake
}

// Everything that the URL says reaches the service, the bytes come back, also from
// the middle, and one request writes them, however many they are.
func TestS3RoundTrip(t *testing.T) {
	t.Parallel()
	s, fake := openS3(t, Options{})
	testRanges(t, s)
	large := make([]byte, 20<<20)
	copy(large, "GIF89a")
	id := stored(t, s, wire.NewID(), wire.InputImage, large)
	fake.mu.Lock()
	defer fake.mu.Unlock()
	blob := fake.blobs["media/"+key(id)]
	if blob.content != string(large) || blob.contentType != "image/gif" || blob.encryption != "AES256" {
		t.Errorf("%d bytes arrived, type %q, encryption %q", len(blob.content), blob.contentType, blob.encryption)
	}
	if fake.calls[http.MethodPut] != 2 || fake.calls[http.MethodPost] != 0 {
		t.Errorf("calls %v, want one PUT for each upload", fake.calls)
	}
}

func TestS3Sweep(t *testing.T) {
	t.Parallel()
	table := newRows()
	later := time.Now().Add(2 * time.Hour)
	s, fake := openS3(t, Options{Rows: table, Now: func() time.Time { return later }})
	kept := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	orphan := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	if err := table.DropMedia(t.Context(), orphan); err != nil {
		t.Fatal(err)
	}
	fake.blobs["elsewhere/"+key(orphan)] = fakeBlob{}
	if swept, err := s.Sweep(t.Context()); err != nil || swept != (Swept{Orphans: 1}) {
		t.Errorf("swept %+v, error %v, want one orphan", swept, err)
	}
	if _, there := fake.blobs["media/"+key(kept)]; !there || len(fake.blobs) != 2 {
		t.Errorf("%d blobs are left, the kept one among them: %v", len(fake.blobs), there)
	}
}

// A service that does not serve is unavailable, and an upload to it leaves no row.
func TestS3Outage(t *testing.T) {
	t.Parallel()
	table := newRows()
	s, fake := openS3(t, Options{Rows: table})
	id := stored(t, s, wire.NewID(), wire.InputImage, []byte("GIF89a"))
	fake.mu.Lock()
	fake.broken = true
	fake.mu.Unlock()
	u := begin(t, s, wire.NewID(), wire.MediaOpen{Kind: wire.InputImage})
	write(t, u, []byte("GIF89a"))
	_, err := u.Finish(t.Context(), "")
	if e := wantCode(t, err, wire.CodeUnavailable); e.RetryAfterMS <= 0 {
		t.Error("it is not said when to come again")
	}
	if table.count() != 1 {
		t.Errorf("%d rows, want the one from before", table.count())
	}
	_, err = content(t, s, wire.Media{ID: id, Size: 6})
	wantCode(t, err, wire.CodeUnavailable)
	if _, err := s.Sweep(t.Context()); err == nil {
		t.Error("a sweep without a service succeeded")
	}
}

func TestBadURL(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "ftp://recall", "s3://recall?region=eu&" + strconv.Quote("x") + "=1"} {
		if s, err := Open(t.Context(), Options{URL: url, SpoolDir: t.TempDir()}); err == nil {
			t.Errorf("%q was opened", url)
			_ = s.Close()
		}
	}
}
