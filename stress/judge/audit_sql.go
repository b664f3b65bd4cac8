package judge

// The queries of the audit. Each returns one text for each offender.
const (
	recallsStored = `
SELECT format('recall %s %s', g.id, CASE
           WHEN r.id IS NULL THEN 'is not there'
           WHEN r.user_id <> g.owner THEN 'is of user ' || r.user_id
           WHEN r.request_id <> g.request THEN 'is of request ' || r.request_id
           WHEN r.thread_id <> g.thread THEN 'is in thread ' || r.thread_id
           ELSE 'has message ' || r.message_id END)
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[]) AS g (id, owner, request, thread, message)
  LEFT JOIN recalls r ON r.id = g.id
 WHERE (r.user_id, r.request_id, r.thread_id, r.message_id) IS DISTINCT FROM (g.owner, g.request, g.thread, g.message)`

	// A recall whose end no device could see has an empty kind: any end will do.
	// The terminal event itself is not there for recalls that went with their thread.
	recallsEnded = `
SELECT format('recall %s was seen %s and is %s', g.id, coalesce(nullif(g.kind, ''), 'nowhere'), r.state)
  FROM unnest($1::uuid[], $2::text[]) AS g (id, kind)
  JOIN recalls r ON r.id = g.id
 CROSS JOIN LATERAL (SELECT CASE WHEN r.state IN ('done', 'refining', 'no_match') THEN 'completed' ELSE r.state END) AS e (kind)
 WHERE r.state = 'open' OR g.kind NOT IN ('', e.kind) OR r.terminal ->> 'type' <> 'recall.' || e.kind`

	messagesStored = `
SELECT format('message %s of thread %s', g.id, g.thread)
  FROM unnest($1::uuid[], $2::uuid[]) AS g (id, thread)
  LEFT JOIN recall_messages m ON m.id = g.id
 WHERE m.thread_id IS DISTINCT FROM g.thread`

	threadsStored = `
SELECT format('thread %s of user %s', g.id, g.owner)
  FROM unnest($1::uuid[], $2::uuid[]) AS g (id, owner)
  LEFT JOIN recall_threads t ON t.id = g.id
 WHERE t.user_id IS DISTINCT FROM g.owner`

	straysLost = `
SELECT format('recall %s %s', g.id, coalesce('of request ' || r.request_id, 'is not there'))
  FROM unnest($1::uuid[]) AS g (id)
  LEFT JOIN recalls r ON r.id = g.id
 WHERE r.id IS NULL
    OR (r.user_id, r.request_id) NOT IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))`

	// The one that is a limit's number of places before it must be a window older.
	storedWindow = `
SELECT format('user %s: %s recalls from %s to %s', user_id, $1::int + 1, before, accepted_at)
  FROM (SELECT user_id, accepted_at, lag(accepted_at, $1::int) OVER (PARTITION BY user_id ORDER BY accepted_at) AS before
          FROM recalls) AS r
 WHERE $1::int > 0 AND accepted_at - before < $2::text::interval`

	// Ends before beginnings at the same moment: a slot that came back is taken
	// again. One whose end came late, since the database was away, holds its slot
	// for 90 s at most.
	storedAtOnce = `
SELECT format('user %s: %s at %s', user_id, running, at)
  FROM (SELECT user_id, at, sum(change) OVER (PARTITION BY user_id ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS running
          FROM recalls,
       LATERAL (VALUES (accepted_at, 1), (least(ended_at, accepted_at + interval '90 s'), -1)) AS c (at, change)
         WHERE ended_at IS NULL OR ended_at > accepted_at) AS r
 WHERE $1::int > 0 AND running > $1::int`
)
