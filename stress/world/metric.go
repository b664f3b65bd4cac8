package world

import (
	"bufio"
	"context"
	"net/http"
	"strconv"
	"strings"
)

// HeapStack is the heap and the stacks that the server has in use, in bytes, garbage
// included.
func (s *Server) HeapStack(ctx context.Context) (int64, error) {
	m, err := s.Metrics(ctx, "go_memstats_heap_inuse_bytes", "go_memstats_stack_inuse_bytes")
	return int64(m["go_memstats_heap_inuse_bytes"] + m["go_memstats_stack_inuse_bytes"]), err
}

// Metrics reads some values of /metrics by their names, labels included as the server
// writes them: `recall_closes_total{code="4008"}`. One that is not there is left out.
func (s *Server) Metrics(ctx context.Context, names ...string) (map[string]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.HTTP()+"/metrics", nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	wanted, values := map[string]bool{}, map[string]float64{}
	for _, name := range names {
		wanted[name] = true
	}
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ") // labels of ours hold no spaces
		if !wanted[name] {
			continue
		}
		if values[name], err = strconv.ParseFloat(value, 64); err != nil {
			return nil, err
		}
	}
	return values, lines.Err()
}
