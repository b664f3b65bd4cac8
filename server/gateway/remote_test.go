package gateway

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
)

func networks(list ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range list {
		all = append(all, netip.MustParsePrefix(text))
	}
	return all
}

func TestRemote(t *testing.T) {
	t.Parallel()
	g := &Gateway{cfg: Config{TrustedProxies: networks("10.0.0.0/8", "fd00::/8")}}
	for name, c := range map[string]struct {
		socket string
		lines  []string
		want   string
	}{
		"no proxy":                     {"198.51.100.1:4711", nil, "198.51.100.1"},
		"a stranger's word":            {"198.51.100.1:4711", []string{"203.0.113.1"}, "198.51.100.1"},
		"a proxy without a word":       {"10.0.0.1:4711", nil, "10.0.0.1"},
		"a proxy":                      {"10.0.0.1:4711", []string{"203.0.113.1"}, "203.0.113.1"},
		"a proxy in clothes of IPv6":   {"[::ffff:10.0.0.1]:4711", []string{"::ffff:203.0.113.1"}, "203.0.113.1"},
		"a proxy of IPv6 with a zone":  {"[fd00::1%eth0]:4711", []string{"2001:db8::1"}, "2001:db8::1"},
		"the client's own words":       {"10.0.0.1:4711", []string{"127.0.0.1, 1.2.3.4, 203.0.113.1"}, "203.0.113.1"},
		"two proxies":                  {"10.0.0.1:4711", []string{"203.0.113.1, 10.0.0.2"}, "203.0.113.1"},
		"two proxies, two lines":       {"10.0.0.1:4711", []string{"1.2.3.4, 203.0.113.1", "10.0.0.2"}, "203.0.113.1"},
		"only proxies":                 {"10.0.0.1:4711", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		"a port":                       {"10.0.0.1:4711", []string{"203.0.113.1:80"}, "203.0.113.1"},
		"brackets":                     {"10.0.0.1:4711", []string{"[2001:db8::1]"}, "2001:db8::1"},
		"brackets and a port":          {"10.0.0.1:4711", []string{"\t[2001:db8::1]:80 "}, "2001:db8::1"},
		"garbage":                      {"10.0.0.1:4711", []string{"203.0.113.1, unknown"}, "10.0.0.1"},
		"garbage behind a proxy":       {"10.0.0.1:4711", []string{"203.0.113.1, unknown, 10.0.0.2"}, "10.0.0.2"},
		"garbage the client has put":   {"10.0.0.1:4711", []string{"<script>, 203.0.113.1"}, "203.0.113.1"},
		"an empty entry":               {"10.0.0.1:4711", []string{"203.0.113.1,"}, "10.0.0.1"},
		"an empty line":                {"10.0.0.1:4711", []string{"203.0.113.1", ""}, "10.0.0.1"},
		"IPv4 in brackets":             {"10.0.0.1:4711", []string{"[203.0.113.1]"}, "10.0.0.1"},
		"a bracket that is not closed": {"10.0.0.1:4711", []string{"[2001:db8::1"}, "10.0.0.1"},
		"a socket without an address":  {"@", []string{"203.0.113.1"}, "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = c.socket, c.lines
		if got := g.remote(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestHousehold(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		"203.0.113.1": "203.0.113.1", "2001:db8:1:2:3:4:5:6": "2001:db8:1:2::", "::1": "::",
	} {
		if got := ClientKey(netip.MustParseAddr(addr)).String(); got != want {
			t.Errorf("%s counts as %s", addr, got)
		}
	}
	ClientKey(netip.Addr{}) // sockets without an address are one
}

// FuzzForwarded compares with the plainest reading of the rule, and sees to it that
// nobody behind an untrusted address is believed.
func FuzzForwarded(f *testing.F) {
	f.Add("203.0.113.1, 10.0.0.2\n10.0.0.3")
	f.Add("[2001:db8::1]:80,::ffff:10.1.2.3")
	f.Add(",,\n, [fd00::1%x],unknown")
	proxy, trusted := netip.MustParseAddr("10.0.0.1"), networks("10.0.0.0/8", "fd00::/8")
	f.Fuzz(func(t *testing.T, header string) {
		want := proxy
		hops := strings.Split(strings.ReplaceAll(header, "\n", ","), ",")
		for i := len(hops) - 1; i >= 0 && among(trusted, want); i-- {
			hop, ok := parseHop(hops[i])
			if !ok {
				break
			}
			want = hop
		}
		got := forwarded(strings.Split(header, "\n"), proxy, trusted)
		if got != want || !got.IsValid() || got.Zone() != "" || got.Is4In6() {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
		if among(trusted, got) {
			return
		}
		if again := forwarded(append([]string{"198.51.100.1, 10.9.9.9"}, strings.Split(header, "\n")...), proxy, trusted); again != got {
			t.Errorf("%q: a client that writes a way of its own before it becomes %v", header, again)
		}
	})
}
