package config

import (
	"net/netip"
	"slices"
	"testing"
)

func TestNetworks(t *testing.T) {
	t.Parallel()
	got := Networks([]string{"10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1", "::ffff:192.0.2.8", "::ffff:198.51.100.0/120", None})
	want := []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("192.0.2.7/32"),
		netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("192.0.2.8/32"), netip.MustParsePrefix("198.51.100.0/24"),
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

// This machine is free of the limits of one address, and every optimisation is on,
// unless somebody says otherwise.
func TestGuardsByDefault(t *testing.T) {
	t.Parallel()
	c := Default()
	if own := Networks(c.UnlimitedAddresses); !slices.ContainsFunc(own, func(n netip.Prefix) bool { return n.Contains(netip.MustParseAddr("127.0.0.1")) }) {
		t.Errorf("unlimited: %v", own)
	}
	for name, on := range map[string]bool{
		"thread cache": c.ThreadCache, "message cache": c.MessageCache, "coalescing": c.Coalescing, "debounce": c.Debounce,
		"batching": c.Batching, "prefetch": c.Prefetch, "answer cache": c.AnswerCache,
	} {
		if !on {
			t.Errorf("%s is off", name)
		}
	}
}

func TestProfilesStayOnThisMachine(t *testing.T) {
	t.Parallel()
	for listen, fine := range map[string]bool{
		"": true, "127.0.0.1:6060": true, "localhost:0": true, "[::1]:6060": true, "0.0.0.0:6060": false, "192.0.2.1:6060": false,
	} {
		c := Default()
		c.DebugListen = listen
		if err := c.Validate(); (err == nil) != fine {
			t.Errorf("%q: %v", listen, err)
		}
	}
}
