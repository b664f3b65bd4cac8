-- Steps of many threads are written together; and the step that accepts a recall
-- marks the media that it asks with.

-- +goose Up

-- A step that accepts a recall with media also touches their row, so that the
-- sweep leaves them alone:
--   RC004  the owner has no such media (any more)
-- Thread, media, recall: in this order a step takes its locks, here and in a group
-- of steps, so that none waits for another in a circle.
--
-- A session keeps the plans of a function. One that was made while the tables were
-- small would read them from end to end when they have grown; hence the settings,
-- which hold for the functions called from here too.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION recall_commit(p_thread uuid, p_fence bigint, p_seq bigint, p_step jsonb, p_messages jsonb[])
RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
DECLARE
    v_heard  jsonb := p_step -> 'heard';
    v_recall jsonb := p_step -> 'accepted';
BEGIN
    IF v_recall -> 'input' ? 'media_id' THEN
        -- A step that is stale, or a repetition, is for recall_commit_step to tell.
        PERFORM FROM recall_threads
          WHERE id = p_thread AND fence = p_fence AND seq < p_seq AND deleted_at IS NULL
            FOR NO KEY UPDATE;
        IF FOUND THEN
            UPDATE recall_media SET touched_at = now()
             WHERE id = (v_recall #>> '{input,media_id}')::uuid AND owner = (v_recall ->> 'user_id')::uuid;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no media % of the user', v_recall #>> '{input,media_id}' USING ERRCODE = 'RC004';
            END IF;
        END IF;
    END IF;

    PERFORM recall_commit_step(p_thread, p_fence, p_seq, p_step, p_messages);

    IF v_heard IS NOT NULL THEN
        UPDATE recall_messages m SET text = v_heard ->> 'text', raw_transcript = v_heard ->> 'raw_transcript'
          FROM recall_threads t
         WHERE m.id = (v_heard ->> 'id')::uuid AND m.thread_id = p_thread AND m.role = 'user'
           AND t.id = p_thread AND t.user_id = m.user_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no message % of the user in thread %', v_heard ->> 'id', p_thread USING ERRCODE = 'RC003';
        END IF;
    END IF;
END
$$;
-- +goose StatementEnd

-- The steps of a group as rows; thread, fence, seq, step and messages of each are
-- what recall_commit takes. A plain SQL function, so that the planner sees through it.
-- +goose StatementBegin
CREATE FUNCTION recall_commits(p_commits jsonb[])
RETURNS TABLE (place int, doc jsonb, thread uuid, fence bigint, seq bigint, step jsonb, messages jsonb)
LANGUAGE sql IMMUTABLE AS $$
    SELECT place::int, doc, (doc ->> 'thread')::uuid, (doc ->> 'fence')::bigint, (doc ->> 'seq')::bigint,
           doc -> 'step', doc -> 'messages'
      FROM unnest(p_commits) WITH ORDINALITY AS given (doc, place)
$$;
-- +goose StatementEnd

-- Locks the rows that the group needs, and waits for none of them: the steps of
-- p_held may be written now, those of p_plain by one statement for each table. A step
-- is plain when it is its thread's next, changes nothing that was written before and
-- does not end the recall that it accepts, which none may.
-- +goose StatementBegin
CREATE FUNCTION recall_commits_hold(p_commits jsonb[], OUT p_held uuid[], OUT p_plain uuid[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_without uuid[];
BEGIN
    -- No stronger than the lock that writing takes anyway: a reference to the row is no
    -- reason to pass it over.
    WITH locked AS MATERIALIZED (
        SELECT c.thread, t.fence = c.fence AND t.seq < c.seq AND t.deleted_at IS NULL
                         AND NOT c.step ?| '{judged,unstash,deleted}'
                         AND coalesce(c.step #>> '{ended,id}' <> c.step #>> '{accepted,id}', true) AS plain
          FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
           FOR NO KEY UPDATE OF t SKIP LOCKED
    ), threads AS (
        SELECT thread, bool_and(plain) AND count(*) = 1 AS plain FROM locked GROUP BY thread
    )
    SELECT array_agg(thread), array_agg(thread) FILTER (WHERE plain) INTO p_held, p_plain FROM threads;

    -- A row of media that is not there may be one that a sweep is just removing.
    WITH wanted AS (
        SELECT c.thread, (c.step #>> '{accepted,input,media_id}')::uuid AS media, (c.step #>> '{accepted,user_id}')::uuid AS owner
          FROM recall_commits(p_commits) c
         WHERE c.step #> '{accepted,input}' ? 'media_id' AND c.thread = ANY (p_held)
    ), locked AS MATERIALIZED (
        SELECT w.thread FROM wanted w JOIN recall_media m ON m.id = w.media AND m.owner = w.owner
           FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    SELECT array_agg(w.thread) INTO v_without FROM wanted w WHERE w.thread NOT IN (SELECT thread FROM locked);
    IF v_without IS NOT NULL THEN
        p_held  := ARRAY (SELECT unnest(p_held) EXCEPT SELECT unnest(v_without));
        p_plain := ARRAY (SELECT unnest(p_plain) EXCEPT SELECT unnest(v_without));
    END IF;
END
$$;
-- +goose StatementEnd

-- Writes plain steps, of which no two are of one thread: each table once. Returns the
-- threads of those that are written; the others' request_id is taken. Where anything
-- else is amiss it raises an exception, and which step it was is not told.
-- +goose StatementBegin
CREATE FUNCTION recall_commits_plain(p_commits jsonb[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_taken uuid[];
    v_count bigint;
BEGIN
    -- First, so that nothing of a step is there when its request_id turns out to be
    -- taken; and in the order of the key, in which every group waits for others.
    WITH accepted AS MATERIALIZED (
        SELECT c.thread, c.place, c.step -> 'accepted' AS doc FROM recall_commits(p_commits) c WHERE c.step ? 'accepted'
    ), made AS (
        INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, accepted_at)
        SELECT (doc ->> 'id')::uuid, thread, (doc ->> 'user_id')::uuid, (doc ->> 'request_id')::uuid,
               (doc ->> 'message_id')::uuid, doc -> 'input', (doc ->> 'accepted_at')::timestamptz
          FROM accepted ORDER BY doc ->> 'user_id', doc ->> 'request_id', place
        ON CONFLICT DO NOTHING
        RETURNING thread_id
    )
    SELECT array_agg(thread) INTO v_taken FROM accepted WHERE thread NOT IN (SELECT thread_id FROM made);
    IF v_taken IS NOT NULL THEN
        p_commits := ARRAY (SELECT c.doc FROM recall_commits(p_commits) c WHERE c.thread <> ALL (v_taken) ORDER BY c.place);
    END IF;

    UPDATE recall_threads t
       SET seq = c.seq,
           last_message_at = coalesce((c.step ->> 'last_message_at')::timestamptz, t.last_message_at),
           title    = CASE WHEN c.step ? 'thread' THEN c.step #>> '{thread,title}' ELSE t.title END,
           summary  = CASE WHEN c.step ? 'thread' THEN c.step #>> '{thread,summary}' ELSE t.summary END,
           pinned   = CASE WHEN c.step ? 'thread' THEN (c.step #>> '{thread,pinned}')::boolean ELSE t.pinned END,
           archived = CASE WHEN c.step ? 'thread' THEN (c.step #>> '{thread,archived}')::boolean ELSE t.archived END
      FROM recall_commits(p_commits) c
     WHERE t.id = c.thread;

    PERFORM insert_recall_messages_batch(ARRAY (
        SELECT m.doc FROM recall_commits(p_commits) c, jsonb_array_elements(c.messages) WITH ORDINALITY AS m (doc, place)
         ORDER BY c.place, m.place));

    -- ended_at tells the same as state and is in no index: else the planner, which takes
    -- open recalls for few, would go through all there are. Below, likewise, a message is
    -- found by its id and not among those of its thread.
    UPDATE recalls r
       SET state = c.step #>> '{ended,state}', ended_at = (c.step #>> '{ended,ended_at}')::timestamptz,
           terminal = c.step #> '{ended,terminal}', terminal_seq = c.seq
      FROM recall_commits(p_commits) c
     WHERE c.step ? 'ended' AND r.id = (c.step #>> '{ended,id}')::uuid AND r.thread_id = c.thread AND r.ended_at IS NULL;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> (SELECT count(*) FROM recall_commits(p_commits) c WHERE c.step ? 'ended') THEN
        RAISE EXCEPTION 'a recall of the group is not open' USING ERRCODE = 'RC002';
    END IF;

    INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title, top_song_artist, top_confidence, top_song_url)
    SELECT t.user_id, c.thread, (c.step #>> '{stash,created_at}')::timestamptz, c.step #>> '{stash,title}',
           c.step #>> '{stash,artist}', (c.step #>> '{stash,confidence}')::numeric, c.step #>> '{stash,url}'
      FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
     WHERE c.step ? 'stash'
    ON CONFLICT (user_id, thread_id) DO UPDATE
       SET created_at = excluded.created_at, top_song_title = excluded.top_song_title,
           top_song_artist = excluded.top_song_artist, top_confidence = excluded.top_confidence,
           top_song_url = excluded.top_song_url;

    UPDATE recall_media m SET touched_at = now()
      FROM recall_commits(p_commits) c
     WHERE c.step #> '{accepted,input}' ? 'media_id' AND m.id = (c.step #>> '{accepted,input,media_id}')::uuid;

    UPDATE recall_messages m SET text = c.step #>> '{heard,text}', raw_transcript = c.step #>> '{heard,raw_transcript}'
      FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
     WHERE c.step ? 'heard' AND m.id = (c.step #>> '{heard,id}')::uuid AND m.role = 'user' AND t.user_id IS NOT NULL
       AND (m.thread_id, m.user_id) IS NOT DISTINCT FROM (c.thread, t.user_id);
    GET DIAGNOSTICS v_count = ROW_COUNT;
    IF v_count <> (SELECT count(*) FROM recall_commits(p_commits) c WHERE c.step ? 'heard') THEN
        RAISE EXCEPTION 'a message of the group is not there' USING ERRCODE = 'RC003';
    END IF;

    RETURN ARRAY (SELECT c.thread FROM recall_commits(p_commits) c);
END
$$;
-- +goose StatementEnd

-- Writes the steps of many threads, each whole or not at all, and tells of each in
-- the order given: '' when it is written, else what recall_commit has to say of it
-- (SQLSTATE, constraint, message), or 'locked' when somebody else holds its rows: then
-- recall_commit, which waits, has to be asked. Plain steps, which nearly all are, cost
-- a statement for each table together; the others, one that would be alone in that,
-- and all of them when one of the plain ones is bad, go through recall_commit one by
-- one in the order given. Those are a subtransaction each, of which Postgres finds up
-- to 64 fast; a larger group slows everybody else down for as long as it takes.
--
-- For rows other than the thread's and the media's a group does wait, but only for
-- what is as good as done: one that is held for longer must not hold up the others.
-- After a wait in vain it hardly waits any more, so that many such rows cost no more
-- than one. The other settings are there for the reason that recall_commit has.
-- +goose StatementBegin
CREATE FUNCTION recall_commit_batch(p_commits jsonb[])
RETURNS TABLE (place int, state text, constraint_name text, message text) LANGUAGE plpgsql
SET lock_timeout = '100ms'
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
    v_held    uuid[];
    v_plain   uuid[];
    v_written uuid[];
    v_commit  record;
BEGIN
    SELECT p_held, p_plain INTO v_held, v_plain FROM recall_commits_hold(p_commits);

    IF cardinality(v_plain) > 1 THEN
        BEGIN
            v_written := recall_commits_plain(ARRAY (
                SELECT c.doc FROM recall_commits(p_commits) c WHERE c.thread = ANY (v_plain) ORDER BY c.place));
        EXCEPTION -- which of them was it? Below each is told its own.
            WHEN lock_not_available OR deadlock_detected THEN
                PERFORM set_config('lock_timeout', '1ms', true); -- until this function ends
            WHEN OTHERS THEN
                NULL;
        END;
    END IF;

    FOR v_commit IN SELECT * FROM recall_commits(p_commits) c ORDER BY c.place LOOP
        place := v_commit.place;
        state := '';
        constraint_name := '';
        message := '';
        IF v_commit.thread = ANY (v_written) THEN
            NULL;
        ELSIF v_held IS NULL OR v_commit.thread <> ALL (v_held) THEN
            state := 'locked';
        ELSE
            BEGIN
                PERFORM recall_commit(v_commit.thread, v_commit.fence, v_commit.seq, v_commit.step,
                                      ARRAY (SELECT jsonb_array_elements(v_commit.messages)));
            EXCEPTION
                WHEN lock_not_available OR deadlock_detected THEN
                    state := 'locked';
                    PERFORM set_config('lock_timeout', '1ms', true);
                WHEN OTHERS THEN
                    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, constraint_name = CONSTRAINT_NAME, message = MESSAGE_TEXT;
            END;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
-- +goose StatementEnd
