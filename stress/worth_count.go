package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// counts is what /v1/stats counts from the server's start, as far as this command
// looks at it.
type counts struct {
	Cache      map[string]lookups
	Coalesced  map[string]int64
	Debounced  map[string]int64
	Prefetched map[string]int64
	Operations map[string]operation

	ActiveRecalls int64 `json:"active_recalls"`
	DB            struct{ Queries int64 }
}

// lookups are those of one cache.
type lookups struct{ Hits, Misses int64 }

// rate is the share of hits; ok is false when nobody looked anything up.
func (l lookups) rate() (share float64, ok bool) {
	all := l.Hits + l.Misses
	return float64(l.Hits) / float64(max(all, 1)), all > 0
}

// since are the lookups of a cache after an earlier count.
func (c counts) since(earlier counts, cache string) lookups {
	now, before := c.Cache[cache], earlier.Cache[cache]
	return lookups{now.Hits - before.Hits, now.Misses - before.Misses}
}

func total(of map[string]int64) (sum int64) {
	for _, n := range of {
		sum += n
	}
	return sum
}

// statsOf asks the server for its counts.
func statsOf(ctx context.Context, p *process) (c counts, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.http()+"/v1/stats", nil)
	if err != nil {
		return c, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return c, err
	}
	defer func() { _ = resp.Body.Close() }()
	return c, json.NewDecoder(resp.Body).Decode(&c)
}

// A server is quiet when it has no recall and has asked the database nothing for so
// long: what it does in the background for a load belongs to that load.
const (
	quietFor   = 600 * time.Millisecond
	quietEvery = 100 * time.Millisecond
	quietAfter = 30 * time.Second // else it never will be, and its counts mean nothing
)

// whenQuiet waits until the server has done all that the load has asked of it.
func whenQuiet(ctx context.Context, p *process) (last counts, err error) {
	begin := time.Now()
	for busy := begin; time.Since(begin) < quietAfter; {
		now, err := statsOf(ctx, p)
		if err != nil {
			return now, err
		}
		if now.ActiveRecalls > 0 || now.DB.Queries != last.DB.Queries {
			busy = time.Now()
		}
		if last = now; time.Since(busy) >= quietFor {
			return now, nil
		}
		if err := until(ctx, time.Now().Add(quietEvery)); err != nil {
			return now, err
		}
	}
	return last, fmt.Errorf("the server still works %v after the load: %d recalls, %d queries", quietAfter, last.ActiveRecalls, last.DB.Queries)
}

// shared is how many requests needed no run of their own because of an equal one.
func (c counts) shared() int64 { return total(c.Coalesced) + total(c.Debounced) }
