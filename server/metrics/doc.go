// Package metrics counts and times what the server does, once for two readers:
// `GET /v1/stats` (exact percentiles of the last 1000 measurements of each
// operation, PROTOCOL.md, section 8) and `GET /metrics` (Prometheus).
package metrics
