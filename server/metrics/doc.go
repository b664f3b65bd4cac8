// Package metrics counts and times what the server does, once for two readers:
// `GET /v1/stats` (exact percentiles of the last 1000 measurements of each
// operation, PROTOCOL.md, section 8) and `GET /metrics` (Prometheus).
//
// # Metrics
//
// All begin with recall_; those of Go's runtime (go_) and of the process (process_)
// come with them. Every label has a fixed set of values; of what the code reports by
// name 40 values are kept, and "other" stands for the rest. Counters are there with 0
// before their first event where their labels are known beforehand. What only the app
// knows (recall_songs) it adds itself, by [Recorder.Gauge].
//
//	name                                type       labels           what
//	recall_connections                  gauge      -                WebSocket connections
//	recall_connected_users              gauge      -                users with one
//	recall_closes_total                 counter    code             connections that the server closed
//	recall_active_recalls               gauge      -                recalls being resolved
//	recall_open_recalls                 gauge      -                accepted recalls that have not ended
//	recall_recalls_total                counter    status           ended: done, refining, no_match, failed, cancelled, expired
//	recall_resolve_seconds              histogram  kind             time to resolve: text, voice, image
//	recall_resolve_added_seconds        histogram  kind             the same without the outside services
//	recall_stage_seconds                histogram  stage            stages, by their names in recall.status
//	recall_operation_seconds            histogram  operation        operations of the database
//	recall_operation_errors_total       counter    operation        those that failed ("not found" is no failure)
//	recall_coalesced_total              counter    operation        requests that shared another's run
//	recall_debounced_total              counter    operation        requests that had the result of an equal one of their connection a moment before
//	recall_prefetched_total             counter    operation        loads that nobody had asked for yet
//	recall_cache_lookups_total          counter    cache,result     hit or miss
//	recall_cache_entries                gauge      cache            entries
//	recall_cache_bytes                  gauge      cache            bytes, as weighed
//	recall_service_calls_total          counter    outcome,service  ok, crashed, a class of fault, or our own refusal
//	recall_service_seconds              histogram  service          calls that went out
//	recall_service_state                gauge      service,state    1 for the breaker's state, 0 for the others
//	recall_service_state_changes_total  counter    service,state    changes, by the new state
//	recall_admitted_total               counter    -                recalls that the users' limits let in
//	recall_refusals_total               counter    policy           recalls that they did not
//	recall_users                        gauge      state            of the last five minutes: active, of these limited, hammering
//	recall_floods_total                 counter    what             frames, bytes, handshakes, connections, requests
//	recall_shed_total                   counter    reason           recalls refused by an overloaded server: recalls, database, processor
//	recall_shedding                     gauge      -                1 while it refuses them
//	recall_lag_seconds                  gauge      -                lateness of the server's own work
//	recall_db_queries_total             counter    -                round trips
//	recall_db_connections               gauge      -                open
//	recall_db_connections_in_use        gauge      -                in use
//	recall_db_connections_max           gauge      -                at most
//	recall_db_waits_total               counter    -                times that somebody waited for a connection
//	recall_db_waited_seconds_total      counter    -                all waits together
//	recall_db_pressure_seconds          gauge      -                longest wait at this moment
//	recall_db_groups_total              counter    -                groups of commits written together
//	recall_db_grouped_commits_total     counter    -                commits in them
//
// # Users of the last five minutes
//
// A user is active who asked for a recall, limited if a limit refused him, and
// hammering (instead of limited) if that happened ten times or more. Time moves by
// whole minutes: the running one and the five before count. Of each minute 50,000
// users are known; further ones are not counted.
//
// # Monitoring
//
// The folder monitoring holds alert rules for Prometheus with their tests (promtool)
// and a dashboard for Grafana. Its tests hold both, and the table above, against what
// a recorder exposes.
package metrics
