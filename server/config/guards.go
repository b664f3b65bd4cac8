package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"time"
)

// Guards are what keeps the server cheap and safe: optimisations that can be switched
// off one by one, so that the worth of each is measured and not claimed, and bounds
// on what one connection, one address and the whole may ask.
type Guards struct {
	// ThreadCache keeps users' lists of threads in memory.
	ThreadCache bool `name:"thread-cache" env:"RECALL_THREAD_CACHE" default:"true" negatable:"" group:"Optimisations" help:"Keep lists of threads in memory."`
	// MessageCache keeps pages of messages in memory.
	MessageCache bool `name:"message-cache" env:"RECALL_MESSAGE_CACHE" default:"true" negatable:"" group:"Optimisations" help:"Keep pages of messages in memory."`
	// Coalescing makes one query of equal loads under way at once, and one call of equal
	// questions to an outside service. (A repeated request_id always joins: that is a
	// promise, not an optimisation.)
	Coalescing bool `name:"coalescing" env:"RECALL_COALESCING" default:"true" negatable:"" group:"Optimisations" help:"Make one of equal loads and calls at the same time."`
	// Debounce makes one load of equal messages.list of one connection within 300 ms.
	Debounce bool `name:"debounce" env:"RECALL_DEBOUNCE" default:"true" negatable:"" group:"Optimisations" help:"Make one load of a connection's equal messages.list within 300 ms."`
	// Batching writes the steps of many threads with one statement for each table.
	Batching bool `name:"batching" env:"RECALL_BATCHING" default:"true" negatable:"" group:"Optimisations" help:"Write what many threads commit together."`
	// BatchWait is how long a commit waits for others at most, while the database is
	// idle; while a group is being written the next one gathers anyway.
	BatchWait time.Duration `name:"batch-wait" env:"RECALL_BATCH_WAIT" default:"2ms" bounds:"0s..100ms" group:"Optimisations" help:"How long a lone commit waits for others to be written with; under load groups begin four times that apart."`
	// BatchMost bounds how many commits are written together. More than 64 can cost the
	// whole database speed for a moment when one of them is amiss (persistence.Options).
	BatchMost int `name:"batch-most" env:"RECALL_BATCH_MOST" default:"64" bounds:"1..10000" group:"Optimisations" help:"Most commits written together."`
	// Prefetch loads in the background what a client is likely to ask for next.
	Prefetch bool `name:"prefetch" env:"RECALL_PREFETCH" default:"true" negatable:"" group:"Optimisations" help:"Load ahead what is likely to be asked for next."`
	// AnswerCache keeps answers of outside services that depend on no conversation.
	AnswerCache bool `name:"answer-cache" env:"RECALL_ANSWER_CACHE" default:"true" negatable:"" group:"Optimisations" help:"Keep answers of outside services."`

	// FrameBurst is how many frames a connection may send at once; a flood beyond
	// it is answered with rate_limited, policy frames.
	FrameBurst int `name:"frame-burst" env:"RECALL_FRAME_BURST" default:"2000" bounds:"1..1000000" group:"Limits" help:"Frames that one connection may send in a burst."`
	// FramesPerSecond is how fast that allowance comes back.
	FramesPerSecond int `name:"frames-per-second" env:"RECALL_FRAMES_PER_SECOND" default:"200" bounds:"1..1000000" group:"Limits" help:"Frames a second that one connection may send lastingly."`
	// ByteBurst is how much a connection may send at full speed; the default is a whole
	// upload and something beside. Beyond it the server reads no faster than
	// BytesPerSecond: nothing is refused, the sender's own buffers fill.
	ByteBurst Bytes `name:"byte-burst" env:"RECALL_BYTE_BURST" default:"32MiB" bounds:"256KiB..1GiB" group:"Limits" help:"Bytes that one connection may send at full speed."`
	// BytesPerSecond is how fast that allowance comes back.
	BytesPerSecond Bytes `name:"bytes-per-second" env:"RECALL_BYTES_PER_SECOND" default:"4MiB" bounds:"16KiB..1GiB" group:"Limits" help:"Bytes a second that one connection may send lastingly."`
	// MaxConnectionsPerAddress bounds the sockets of one client address (of IPv6: one
	// /64). Many people share one behind a mobile network or a school's router.
	MaxConnectionsPerAddress int `name:"max-connections-per-address" env:"RECALL_MAX_CONNECTIONS_PER_ADDRESS" default:"2000" bounds:"1..1000000" group:"Limits" help:"WebSocket connections of one address at once."`
	// HandshakeBurst is how many sockets one address may open at once; a further one is
	// refused with HTTP 429.
	HandshakeBurst int `name:"handshake-burst" env:"RECALL_HANDSHAKE_BURST" default:"1000" bounds:"1..1000000" group:"Limits" help:"WebSocket handshakes of one address in a burst."`
	// HandshakesPerSecond is how fast that allowance comes back.
	HandshakesPerSecond int `name:"handshakes-per-second" env:"RECALL_HANDSHAKES_PER_SECOND" default:"100" bounds:"1..1000000" group:"Limits" help:"WebSocket handshakes a second of one address lastingly."`
	// RequestBurst is how many other HTTP requests one address may send at once.
	RequestBurst int `name:"request-burst" env:"RECALL_REQUEST_BURST" default:"1000" bounds:"1..1000000" group:"Limits" help:"HTTP requests of one address in a burst."`
	// RequestsPerSecond is how fast that allowance comes back.
	RequestsPerSecond int `name:"requests-per-second" env:"RECALL_REQUESTS_PER_SECOND" default:"100" bounds:"1..1000000" group:"Limits" help:"HTTP requests a second of one address lastingly."`
	// TrustedProxies are the networks whose X-Forwarded-For is believed: the proxies
	// before this server. Without them a client's address is that of its socket.
	TrustedProxies []string `name:"trusted-proxies" env:"RECALL_TRUSTED_PROXIES" sep:"," placeholder:"CIDR" group:"Limits" help:"Networks of proxies whose X-Forwarded-For is believed."`
	// UnlimitedAddresses are networks that the limits of one address do not hold for. By
	// default this machine: a proxy or a test on it speaks for many people; - is none.
	UnlimitedAddresses []string `name:"unlimited-addresses" env:"RECALL_UNLIMITED_ADDRESSES" sep:"," default:"127.0.0.0/8,::1/128" placeholder:"CIDR" group:"Limits" help:"Networks without the limits of one address; - for none."`

	// ShedAfter is the wait for the database, or the lateness of the server's own work,
	// beyond which new recalls are refused (unavailable), so that running ones do well.
	ShedAfter time.Duration `name:"shed-after" env:"RECALL_SHED_AFTER" default:"1s" bounds:"10ms..10m" group:"Limits" help:"Wait for the database or the processor beyond which new recalls are refused."`
	// MaxOpenRecalls is how many accepted recalls may be running or waiting in the whole
	// process; each takes some tens of KiB. Further ones are refused (unavailable); of those that
	// come in the same moment a few more may slip in.
	MaxOpenRecalls int `name:"max-open-recalls" env:"RECALL_MAX_OPEN_RECALLS" default:"5000" bounds:"1..1000000" group:"Limits" help:"Recalls under way at once in the whole server."`

	// OTLPEndpoint is where traces are sent by OTLP over HTTP, such as
	// http://127.0.0.1:4318. Empty: nothing is traced. Headers, such as a key, are
	// set by OTEL_EXPORTER_OTLP_HEADERS, the service's name by OTEL_SERVICE_NAME.
	OTLPEndpoint string `name:"otlp-endpoint" env:"OTEL_EXPORTER_OTLP_ENDPOINT" placeholder:"URL" group:"Operation" help:"Collector of traces (OTLP over HTTP); empty: none."`
	// TracePercent is how many of a hundred commands are traced. Tracing all of them
	// costs a noticeable part of a busy machine.
	TracePercent int `name:"trace-percent" env:"RECALL_TRACE_PERCENT" default:"10" bounds:"0..100" group:"Operation" help:"Percentage of commands that are traced."`
	// DebugListen serves profiles (pprof). They show the inside of the process, so that
	// it must be a loopback address.
	DebugListen string `name:"debug-listen" env:"RECALL_DEBUG_LISTEN" placeholder:"ADDRESS" group:"Operation" help:"Loopback address of pprof, such as 127.0.0.1:6060; empty: none."`
}

// Networks reads a list such as [Guards.TrustedProxies], which [Config.Validate] has
// accepted. An address alone is the network of that one address.
func Networks(list []string) []netip.Prefix {
	networks := make([]netip.Prefix, 0, len(list))
	for _, text := range list {
		if network, err := network(text); err == nil && text != None {
			networks = append(networks, network)
		}
	}
	return networks
}

func network(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		addr = addr.Unmap()
		return addr.Prefix(addr.BitLen())
	}
	p, err := netip.ParsePrefix(text)
	if within := p.Bits() - mappedBits; err == nil && p.Addr().Is4In6() && within >= 0 {
		return p.Addr().Unmap().Prefix(within)
	}
	return p, err
}

// mappedBits come before an IPv4 address in the clothes of IPv6 (RFC 4291, 2.5.5.2).
const mappedBits = 96

func checkNetworks(list []string) error {
	for _, text := range list {
		if _, err := network(text); err != nil && text != None {
			return fmt.Errorf("%q is not a network such as 10.0.0.0/8 or an address", text)
		}
	}
	return nil
}

// checkDebugListen keeps profiles from strangers: they show what is in memory.
func (g *Guards) checkDebugListen() error {
	if g.DebugListen == "" {
		return nil
	}
	host, port, err := splitAddress(g.DebugListen)
	if err != nil {
		return err
	}
	if !isLoopback(host) {
		return fmt.Errorf("%q is reachable from elsewhere; profiles are served on loopback only, such as 127.0.0.1:%s", g.DebugListen, port)
	}
	return nil
}

// Off are the optimisations that are switched off, by their variables.
func (g *Guards) Off() []string {
	off := []string{}
	for name, on := range map[string]bool{
		"ThreadCache": g.ThreadCache, "MessageCache": g.MessageCache, "Coalescing": g.Coalescing, "Debounce": g.Debounce,
		"Batching": g.Batching, "Prefetch": g.Prefetch, "AnswerCache": g.AnswerCache,
	} {
		if field, _ := reflect.TypeFor[Guards]().FieldByName(name); !on {
			off = append(off, field.Tag.Get("env"))
		}
	}
	slices.Sort(off)
	return off
}
