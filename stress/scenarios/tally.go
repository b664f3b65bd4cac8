package scenarios

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// tally counts what the apps of a stage have seen, all together.
type tally struct {
	accepted, ended                      atomic.Int64 // recalls
	unavailable                          atomic.Int64 // recalls refused so
	connected, recovered, gaps, goodbyes atomic.Int64

	mu     sync.Mutex
	closes map[int]int // connections by close code
}

func (t *tally) close(code int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closes == nil {
		t.closes = map[int]int{}
	}
	t.closes[code]++
}

func (t *tally) closed(code int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.closes[code]
}

func (t *tally) refusal(code string) {
	if code == "unavailable" {
		t.unavailable.Add(1)
	}
}

// endIsStored asks the database, which may be away, whether a recall has ended.
func (s *stage) endIsStored(ctx context.Context, recallID string) (ended bool) {
	conn, err := pgx.Connect(ctx, s.world.DatabaseURL())
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, `SELECT state <> 'open' FROM recalls WHERE id = $1`, recallID).Scan(&ended)
	return err == nil && ended
}
