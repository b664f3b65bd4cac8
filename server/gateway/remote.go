package gateway

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// remote is the address that a request comes from: that of its socket or, behind
// proxies of ours, the one that they name. The zero address stands for everybody
// whose socket has none.
func (g *Gateway) remote(r *http.Request) netip.Addr {
	from, _ := parseHop(r.RemoteAddr)
	if !among(g.cfg.TrustedProxies, from) {
		return from
	}
	return forwarded(r.Header.Values("X-Forwarded-For"), from, g.cfg.TrustedProxies)
}

// forwarded goes back the way that a request says it came, from the proxy that it came
// through last. Each hop is the word of the one behind it, so that the first one that
// is no trusted proxy is the client: whatever it has written itself is further left.
// Where nothing can be understood the way ends at the last address that could.
func forwarded(lines []string, proxy netip.Addr, trusted []netip.Prefix) netip.Addr {
	from := proxy
	for _, line := range slices.Backward(lines) {
		for more := true; more; {
			var hop string
			line, hop, more = cutLast(line)
			addr, ok := parseHop(hop)
			if !ok {
				return from
			}
			if from = addr; !among(trusted, from) {
				return from
			}
		}
	}
	return from
}

// cutLast cuts a list at its last comma; more tells whether it had one.
func cutLast(list string) (rest, last string, more bool) {
	i := strings.LastIndexByte(list, ',')
	return list[:max(0, i)], list[i+1:], i >= 0
}

// parseHop reads an address as sockets and proxies write it: alone, with a port, IPv6
// also in brackets. An IPv4 address in the clothes of IPv6 is IPv4; zones are links of
// this machine and say nothing of the client.
func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	addr, err := netip.ParseAddr(text)
	if err != nil {
		var withPort netip.AddrPort
		withPort, err = netip.ParseAddrPort(text)
		addr = withPort.Addr()
	}
	if inner, bracketed := strings.CutPrefix(text, "["); err != nil && bracketed {
		inner, closed := strings.CutSuffix(inner, "]")
		if addr, err = netip.ParseAddr(inner); !closed || !addr.Is6() {
			return netip.Addr{}, false
		}
	}
	return addr.Unmap().WithZone(""), err == nil
}

func among(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(n netip.Prefix) bool { return n.Contains(addr) })
}

// ClientKey is what the limits of one address count by, whoever counts: an IPv4 address, or of IPv6 the
// network of 64 bits, within which a customer changes the address at will.
func ClientKey(addr netip.Addr) netip.Addr {
	if !addr.Is6() {
		return addr
	}
	return netip.PrefixFrom(addr, 64).Masked().Addr()
}
