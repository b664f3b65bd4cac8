package app

import (
	"context"
	"net/http"
	"time"

	"recall/actors"
	"recall/actors/crew"
	"recall/actors/grain"
	"recall/actors/provider/catalog"
	"recall/actors/recall"
	"recall/actors/session"
	"recall/actors/thread"
	"recall/actors/user"
	"recall/server/config"
	"recall/server/gateway"
	"recall/server/metrics"
	"recall/server/web"
)

// verifier judges a token.
type verifier = func(ctx context.Context, token string) (session.Claims, error)

// wire connects the parts and begins to take connections.
func (a *App) wire(verify verifier, issue *issuer) {
	cache := newCaches(a.cfg)
	a.caches = cache
	a.overload = &overload{
		after: a.cfg.ShedAfter, most: int64(a.cfg.MaxOpenRecalls), open: &a.open,
		pressure: a.db.Pressure, watch: a.watch,
	}
	a.gateway = gateway.New(a.gatewayConfig(), gateway.Deps{
		Session: a.actors.Session,
		Verify:  verify,
		Media:   uploads{a.media},
		Ready:   a.ready,
		Metrics: a.recorder,
		Tracer:  a.tracing.tracer(),
		Logger:  a.log,
		Now:     time.Now,
		Pages:   a.pages(cache, issue),
	})
	a.actors.Use(actors.Deps{
		Thread:  a.threadDeps(cache),
		User:    a.userDeps(cache),
		Session: a.sessionDeps(verify),
	})
	a.publish(cache)
	a.front.show(a.gateway.Handler())
}

func (a *App) gatewayConfig() gateway.Config {
	return gateway.Config{
		PingInterval: a.cfg.PingInterval, PongTimeout: a.cfg.PongTimeout, WriteTimeout: writeTimeout,
		OutboxFrames: a.cfg.OutboxFrames, OutboxBytes: int(a.cfg.OutboxBytes),
		InFlight:   commandsAtOnce,
		FrameBurst: a.cfg.FrameBurst, FramesPerSecond: a.cfg.FramesPerSecond,
		ByteBurst: int(a.cfg.ByteBurst), BytesPerSecond: int(a.cfg.BytesPerSecond),
		MaxPerAddress:  a.cfg.MaxConnectionsPerAddress,
		HandshakeBurst: a.cfg.HandshakeBurst, HandshakesPerSecond: a.cfg.HandshakesPerSecond,
		RequestBurst: a.cfg.RequestBurst, RequestsPerSecond: a.cfg.RequestsPerSecond,
		TrustedProxies: config.Networks(a.cfg.TrustedProxies), Unlimited: config.Networks(a.cfg.UnlimitedAddresses),
		MaxConnections: a.cfg.MaxConnections, MaxPerUser: a.cfg.MaxConnectionsPerUser,
		AllowedOrigins: a.cfg.AllowedOrigins,
	}
}

const (
	// writeTimeout is how long one frame may take to get into the client's TCP.
	writeTimeout = 15 * time.Second
	// commandsAtOnce is how many commands of one connection are under way at once;
	// further ones wait in the socket.
	commandsAtOnce = 64
	// commandTimeout bounds one command up to its direct reply.
	commandTimeout = 15 * time.Second
)

func (a *App) threadDeps(c *caches) thread.Deps {
	return thread.Deps{
		Config:   thread.Config{Waiting: a.cfg.RecallsWaiting, Budget: a.cfg.RecallBudget, Idle: a.cfg.IdleAfter, Without: a.without(), Meter: a.meter()},
		Store:    a.db,
		Media:    uploads{a.media},
		Resolver: timed{a.engine(), a.recorder, a.tracing.tracer()},
		Shelf:    c.shelf(),
		Spare:    a.db.Spare,
		Open:     &a.open,
		Logger:   a.log,
		Now:      time.Now,
	}
}

// waitingCallers is how many goroutines that make the calls of recalls wait for more.
const waitingCallers = 64

func (a *App) engine() *recall.Engine {
	a.callers = crew.New(waitingCallers)
	return &recall.Engine{
		Services: a.services.team,
		Tasks:    a.callers,
		Sources:  []recall.Source{&catalog.Provider{Index: a.songs.index}},
		Logger:   a.log,
	}
}

func (a *App) userDeps(c *caches) user.Deps {
	return user.Deps{
		Config: user.Config{
			PerMinute: a.cfg.RecallsPerMinute, PerHour: a.cfg.RecallsPerHour, AtOnce: a.cfg.RecallsAtOnce,
			Idle: a.cfg.IdleAfter, Without: a.without(), Meter: a.meter(),
		},
		Store:  a.db,
		Lists:  c.listsOf,
		Spare:  a.db.Spare,
		Logger: a.log,
		Now:    time.Now,
	}
}

// meter is who the actors report to.
func (a *App) meter() meter { return meter{a.recorder, a.log, &a.shedTold} }

// without names the optimisations that are switched off.
func (a *App) without() grain.Without {
	return grain.Without{Coalescing: !a.cfg.Coalescing, Debounce: !a.cfg.Debounce, Prefetch: !a.cfg.Prefetch}
}

func (a *App) sessionDeps(verify verifier) session.Deps {
	return session.Deps{
		Config:   session.Config{HelloTimeout: a.cfg.HelloTimeout, Heartbeat: a.cfg.PingInterval, Timeout: commandTimeout},
		Verify:   verify,
		Store:    a.db,
		Media:    uploads{a.media},
		Admit:    a.gateway.AdmitUser,
		Draining: a.gateway.Draining, Overloaded: a.overload.refusal,
		Logger: a.log,
		Now:    time.Now,
	}
}

func (a *App) pages(c *caches, issue *issuer) map[string]http.Handler {
	console := web.Handler(issue != nil)
	pages := map[string]http.Handler{
		"/":             console,
		"GET /v1/stats": metrics.StatsHandler(func() metrics.Stats { return a.stats(c) }),
		"GET /metrics":  a.recorder.Handler(),
	}
	if issue != nil {
		pages["POST /v1/dev/token"] = issue
	}
	return pages
}
