package config

import "testing"

func TestBytesText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Bytes{
		"0": 0, "17": 17, "17B": 17, "512KiB": 512 << 10, "64MiB": 64 << 20, "64 mib": 64 << 20, "64M": 64 << 20, "64MB": 64 << 20, "2G": 2 << 30, "1TiB": 1 << 40,
	} {
		var got Bytes
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %d, %v, want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5GiB", "1 PiB", "9223372036854775808", "9223372036854775807KiB", "1 2"} {
		if err := new(Bytes).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is no size, but was taken", text)
		}
	}
}

// Whatever is read can be written and read again as the same size.
func FuzzBytes(f *testing.F) {
	for _, s := range []string{"0", "1KiB", "1536KiB", "8388607TiB", "64 MB", "9999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var b, again Bytes
		if b.UnmarshalText([]byte(text)) != nil {
			return
		}
		if err := again.UnmarshalText([]byte(b.String())); err != nil || again != b || b < 0 {
			t.Errorf("%q is %d, written %s, read %d, %v", text, b, b, again, err)
		}
	})
}
