// Package config declares every setting of the program in one place. The struct
// [Config] is the declaration: its tags name flag, environment variable, default
// and bounds, from which parsing (load.go), checking (validate.go), the help and
// the listing of `recall config` (effective.go) all follow.
package config

import (
	"log/slog"
	"time"
)

// Config is how a server is to run. A flag wins over its environment variable,
// which wins over the default; a variable that is set but empty counts as not set.
//
// Durations are written like 250ms, 5s or 2m, sizes like 512KiB or 64MiB. The
// tag `bounds` is the inclusive range that [Config.Validate] accepts.
type Config struct {
	// Listen is the TCP address of HTTP and WebSocket. Port 0 takes a free one.
	// In development mode (see [Config.Dev]) it must be a loopback address.
	Listen string `name:"listen" env:"RECALL_LISTEN" default:"127.0.0.1:8080" group:"Network" help:"Address to serve HTTP and WebSocket on."`
	// AllowedOrigins are the web pages, besides those of the server's own host,
	// whose scripts may open the socket: scheme://host[:port] as browsers send it.
	// Without an entry, pages of other sites are refused; apps are not concerned.
	AllowedOrigins []string `name:"allowed-origins" env:"RECALL_ALLOWED_ORIGINS" sep:"," placeholder:"ORIGIN" group:"Network" help:"Browser origins allowed besides this host, such as https://app.example.com."`
	// MaxConnections is how many sockets are open at once; a further one is refused
	// with HTTP 503. Each idle one takes about 16 KiB and one file descriptor, so the
	// default leaves room below a limit of 20,000 descriptors.
	MaxConnections int `name:"max-connections" env:"RECALL_MAX_CONNECTIONS" default:"19000" bounds:"1..1000000" group:"Network" help:"WebSocket connections at once."`
	// MaxConnectionsPerUser bounds one user's devices and tabs; a further
	// connection is closed with 4504 and is not to come back by itself.
	MaxConnectionsPerUser int `name:"max-connections-per-user" env:"RECALL_MAX_CONNECTIONS_PER_USER" default:"256" bounds:"1..100000" group:"Network" help:"WebSocket connections of one user at once."`
	// PingInterval is how often a socket is pinged. Longer saves traffic and finds
	// dead connections later; proxies often cut what is silent for 60 s.
	PingInterval time.Duration `name:"ping-interval" env:"RECALL_PING_INTERVAL" default:"25s" bounds:"100ms..10m" group:"Network" help:"Time between WebSocket pings."`
	// PongTimeout is how long after a ping a pong or another frame must come, or
	// the connection is closed with 4012.
	PongTimeout time.Duration `name:"pong-timeout" env:"RECALL_PONG_TIMEOUT" default:"10s" bounds:"100ms..10m" group:"Network" help:"Wait for the answer to a ping."`
	// HelloTimeout is how long a socket without a token may stay before its hello
	// brings one; then it is closed with 4500 (PROTOCOL.md, section 1).
	HelloTimeout time.Duration `name:"hello-timeout" env:"RECALL_HELLO_TIMEOUT" default:"10s" bounds:"100ms..5m" group:"Network" help:"Wait for hello on a connection without a token."`
	// OutboxBytes is how much a connection may have queued. A reader slower than
	// that is closed with 4008 and resumes; the memory is taken only when needed.
	OutboxBytes Bytes `name:"outbox-bytes" env:"RECALL_OUTBOX_BYTES" default:"1MiB" bounds:"64KiB..1GiB" group:"Network" help:"Bytes queued for one connection before it counts as too slow."`
	// OutboxFrames is the same bound in frames, for many small ones. It should exceed
	// the frame burst and what one thread may resume (512): both are answered at once.
	OutboxFrames int `name:"outbox-frames" env:"RECALL_OUTBOX_FRAMES" default:"4096" bounds:"16..1000000" group:"Network" help:"Frames queued for one connection before it counts as too slow."`

	// JWTSecret verifies HS256 tokens, and `recall token` signs with it. Whoever
	// knows it can be any user. Bytes of the text itself, at least 32.
	JWTSecret string `name:"jwt-secret" env:"RECALL_JWT_SECRET" secret:"" placeholder:"TEXT" group:"Sign-in" help:"Secret of HS256 tokens, at least 32 bytes; better given by the environment, since others can see a process's flags."`
	// JWKSURL is where the public keys of RS256 and ES256 tokens are fetched from,
	// http or https. Plain http trusts the network on the way. With a secret given
	// as well, tokens of both kinds are accepted.
	JWKSURL string `name:"jwks-url" env:"RECALL_JWKS_URL" placeholder:"URL" group:"Sign-in" help:"Address of the JSON Web Key Set of RS256 and ES256 tokens."`
	// JWTIssuer, when set, must be a token's iss. Set it when one key signs for
	// several services.
	JWTIssuer string `name:"jwt-issuer" env:"RECALL_JWT_ISSUER" placeholder:"NAME" group:"Sign-in" help:"Required iss of tokens; empty: any."`
	// JWTAudience, when set, must be in a token's aud. Set it when the issuer
	// serves several programs, or their tokens open this one too.
	JWTAudience string `name:"jwt-audience" env:"RECALL_JWT_AUDIENCE" placeholder:"NAME" group:"Sign-in" help:"Required aud of tokens; empty: any."`

	// DatabaseURL is a Postgres connection string (URL or keyword form). Empty
	// starts a private Postgres in the data directory.
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" group:"Database" help:"Postgres to use; empty: an embedded one in the data directory."`
	// DataDir holds the embedded database and the development secret. The default
	// is .data, or for root, where Postgres cannot enter that, /var/lib/recall.
	DataDir string `name:"data-dir" env:"RECALL_DATA_DIR" default:"${data_dir}" group:"Database" help:"Directory of the embedded database and the development secret."`
	// DBMaxConns bounds the statements that run at once; further ones wait in
	// order. More than the database has cores and disks for only moves the queue.
	DBMaxConns int `name:"db-max-conns" env:"RECALL_DB_MAX_CONNS" default:"16" bounds:"2..1000" group:"Database" help:"Database connections of this server."`
	// StatementTimeout ends a statement that takes longer; its caller gets
	// `unavailable`. Imports and migrations are exempt.
	StatementTimeout time.Duration `name:"statement-timeout" env:"RECALL_STATEMENT_TIMEOUT" default:"5s" bounds:"100ms..10m" group:"Database" help:"Longest time of one database statement."`
	// Seed adds the catalogue that ships with the program at the start: missing
	// songs only, once for each edition. Without it an empty database finds nothing.
	Seed bool `name:"seed" env:"RECALL_SEED" default:"true" negatable:"" group:"Database" help:"Add the starter catalogue to the database at the start."`

	// RecallBudget is the longest a recall takes from acceptance to its terminal
	// event, waiting included; then it expires. Clients count on at most 55 s.
	RecallBudget time.Duration `name:"recall-budget" env:"RECALL_RECALL_BUDGET" default:"55s" bounds:"100ms..55s" group:"Limits" help:"Longest time of one recall."`
	// RecallsPerMinute is how many recalls of a user are admitted in any 60 s.
	RecallsPerMinute int `name:"recalls-per-minute" env:"RECALL_RECALLS_PER_MINUTE" default:"10" bounds:"1..100000" group:"Limits" help:"Recalls of one user in any 60 s."`
	// RecallsPerHour is how many are admitted in any 3600 s. The user's grain
	// keeps a small record of each, so large numbers cost memory.
	RecallsPerHour int `name:"recalls-per-hour" env:"RECALL_RECALLS_PER_HOUR" default:"100" bounds:"1..1000000" group:"Limits" help:"Recalls of one user in any 3600 s."`
	// RecallsAtOnce is how many recalls of a user may be running or waiting.
	RecallsAtOnce int `name:"recalls-at-once" env:"RECALL_RECALLS_AT_ONCE" default:"5" bounds:"1..1000" group:"Limits" help:"Recalls of one user under way at once."`
	// RecallsWaiting is how many recalls wait in a thread behind the running one;
	// a further one is refused with busy.
	RecallsWaiting int `name:"recalls-waiting" env:"RECALL_RECALLS_WAITING" default:"4" bounds:"1..1000" group:"Limits" help:"Recalls waiting in one thread behind the running one."`

	// MessageCacheBytes bounds the messages kept in memory, least recently used
	// out first. Too small costs database reads, nothing else.
	MessageCacheBytes Bytes `name:"message-cache-bytes" env:"RECALL_MESSAGE_CACHE_BYTES" default:"64MiB" bounds:"1MiB..1TiB" group:"Memory" help:"Memory of the cache of messages."`
	// MessageCacheTTL is how long the pages of a thread stay cached after the last change.
	MessageCacheTTL time.Duration `name:"message-cache-ttl" env:"RECALL_MESSAGE_CACHE_TTL" default:"1m" bounds:"1s..24h" group:"Memory" help:"Time that messages stay cached."`
	// ThreadCacheBytes bounds the lists of threads kept in memory likewise.
	ThreadCacheBytes Bytes `name:"thread-cache-bytes" env:"RECALL_THREAD_CACHE_BYTES" default:"32MiB" bounds:"1MiB..1TiB" group:"Memory" help:"Memory of the cache of thread lists."`
	// ThreadCacheTTL is how long such a list stays.
	ThreadCacheTTL time.Duration `name:"thread-cache-ttl" env:"RECALL_THREAD_CACHE_TTL" default:"5m" bounds:"1s..24h" group:"Memory" help:"Time that thread lists stay cached."`
	// IdleAfter is how long a thread or user that nobody uses stays an actor in
	// memory. Nothing is lost when it goes; coming back costs a database read.
	IdleAfter time.Duration `name:"idle-after" env:"RECALL_IDLE_AFTER" default:"2m" bounds:"100ms..24h" group:"Memory" help:"Time until unused threads and users leave memory."`

	Services
	Guards

	// DrainTimeout is how long running recalls may finish after SIGTERM, while
	// /readyz says 503; then sockets close with 1012. The process manager must
	// wait longer than this before it kills.
	DrainTimeout time.Duration `name:"drain-timeout" env:"RECALL_DRAIN_TIMEOUT" default:"20s" bounds:"0s..10m" group:"Operation" help:"Time for running recalls to finish at shutdown."`
	// LogLevel is debug, info, warn or error; lower levels are left out.
	LogLevel slog.Level `name:"log-level" env:"RECALL_LOG_LEVEL" default:"INFO" group:"Operation" help:"Lowest level logged: debug, info, warn or error."`
	// LogFormat is text or json; auto is text on a terminal, else json.
	LogFormat LogFormat `name:"log-format" env:"RECALL_LOG_FORMAT" default:"auto" group:"Operation" help:"auto, text or json; auto is text on a terminal."`
}

// Dev reports development mode: neither secret nor key set is configured. The
// server then signs tokens for anybody who asks (POST /v1/dev/token), with a
// secret of its own in the data directory, and so serves loopback only.
func (c *Config) Dev() bool { return c.JWTSecret == "" && c.JWKSURL == "" }
