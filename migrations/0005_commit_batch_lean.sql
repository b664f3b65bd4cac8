-- A group of steps asks only what its steps need, and what is long is packed faster.

-- +goose Up

-- The two functions are those of 0004, but write messages without a detour, and leave
-- statements out where no step of the group has anything for them. To set a statement up costs Postgres as much
-- as to write a row or two, and a group of typed questions has none for five of them.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION recall_commits_hold(p_commits jsonb[], OUT p_held uuid[], OUT p_plain uuid[]) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_media   boolean;
    v_without uuid[];
BEGIN
    -- No stronger than the lock that writing takes anyway: a reference to the row is no
    -- reason to pass it over.
    WITH locked AS MATERIALIZED (
        SELECT c.thread, t.fence = c.fence AND t.seq < c.seq AND t.deleted_at IS NULL
                         AND NOT c.step ?| '{judged,unstash,deleted}'
                         AND coalesce(c.step #>> '{ended,id}' <> c.step #>> '{accepted,id}', true) AS plain,
               c.step #> '{accepted,input}' ? 'media_id' AS media
          FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
           FOR NO KEY UPDATE OF t SKIP LOCKED
    ), threads AS (
        SELECT thread, bool_and(plain) AND count(*) = 1 AS plain, bool_or(media) AS media FROM locked GROUP BY thread
    )
    SELECT array_agg(thread), array_agg(thread) FILTER (WHERE plain), bool_or(media)
      INTO p_held, p_plain, v_media FROM threads;
    IF v_media IS NOT TRUE THEN
        RETURN;
    END IF;

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

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION recall_commits_plain(p_commits jsonb[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_taken uuid[];
    v_count bigint;
    v_ended bigint; -- how many of the steps do this
    v_heard bigint;
    v_stash boolean; -- whether one of them does
    v_media boolean;
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

    SELECT count(*) FILTER (WHERE c.step ? 'ended'), count(*) FILTER (WHERE c.step ? 'heard'),
           bool_or(c.step ? 'stash'), bool_or(c.step #> '{accepted,input}' ? 'media_id')
      INTO v_ended, v_heard, v_stash, v_media
      FROM recall_commits(p_commits) c;

    UPDATE recall_threads t
       SET seq = c.seq,
           last_message_at = coalesce((c.step ->> 'last_message_at')::timestamptz, t.last_message_at),
           title    = CASE WHEN c.step ? 'thread' THEN c.step #>> '{thread,title}' ELSE t.title END,
           summary  = CASE WHEN c.step ? 'thread' THEN c.step #>> '{thread,summary}' ELSE t.summary END,
           pinned   = CASE WHEN c.step ? 'thread' THEN (c.step #>> '{thread,pinned}')::boolean ELSE t.pinned END,
           archived = CASE WHEN c.step ? 'thread' THEN (c.step #>> '{thread,archived}')::boolean ELSE t.archived END
      FROM recall_commits(p_commits) c
     WHERE t.id = c.thread;

    -- As insert_recall_messages_batch does it, but without filling in: the program leaves
    -- out the status alone. To take the documents apart and hand them on made writing
    -- them an eighth slower.
    INSERT INTO recall_messages (id, thread_id, user_id, created_at, role, message_type, text, raw_transcript,
           edited_transcript, candidate_json, sources_json, confidence, song_url, song_title, song_artist,
           status, seq, recall_id, media_id, verdict)
    SELECT m.id, m.thread_id, m.user_id, m.created_at, m.role, m.message_type, m.text, m.raw_transcript,
           m.edited_transcript, m.candidate_json, m.sources_json, m.confidence, m.song_url, m.song_title, m.song_artist,
           coalesce(m.status, 'sent'), m.seq, m.recall_id, m.media_id, m.verdict
      FROM recall_commits(p_commits) c, jsonb_populate_recordset(NULL::recall_messages, c.messages) m;

    -- ended_at tells the same as state and is in no index: else the planner, which takes
    -- open recalls for few, would go through all there are. Below, likewise, a message is
    -- found by its id and not among those of its thread.
    IF v_ended > 0 THEN
        UPDATE recalls r
           SET state = c.step #>> '{ended,state}', ended_at = (c.step #>> '{ended,ended_at}')::timestamptz,
               terminal = c.step #> '{ended,terminal}', terminal_seq = c.seq
          FROM recall_commits(p_commits) c
         WHERE c.step ? 'ended' AND r.id = (c.step #>> '{ended,id}')::uuid AND r.thread_id = c.thread AND r.ended_at IS NULL;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> v_ended THEN
            RAISE EXCEPTION 'a recall of the group is not open' USING ERRCODE = 'RC002';
        END IF;
    END IF;

    IF v_stash THEN
        INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title, top_song_artist, top_confidence, top_song_url)
        SELECT t.user_id, c.thread, (c.step #>> '{stash,created_at}')::timestamptz, c.step #>> '{stash,title}',
               c.step #>> '{stash,artist}', (c.step #>> '{stash,confidence}')::numeric, c.step #>> '{stash,url}'
          FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
         WHERE c.step ? 'stash'
        ON CONFLICT (user_id, thread_id) DO UPDATE
           SET created_at = excluded.created_at, top_song_title = excluded.top_song_title,
               top_song_artist = excluded.top_song_artist, top_confidence = excluded.top_confidence,
               top_song_url = excluded.top_song_url;
    END IF;

    IF v_media THEN
        UPDATE recall_media m SET touched_at = now()
          FROM recall_commits(p_commits) c
         WHERE c.step #> '{accepted,input}' ? 'media_id' AND m.id = (c.step #>> '{accepted,input,media_id}')::uuid;
    END IF;

    IF v_heard > 0 THEN
        UPDATE recall_messages m SET text = c.step #>> '{heard,text}', raw_transcript = c.step #>> '{heard,raw_transcript}'
          FROM recall_commits(p_commits) c JOIN recall_threads t ON t.id = c.thread
         WHERE c.step ? 'heard' AND m.id = (c.step #>> '{heard,id}')::uuid AND m.role = 'user' AND t.user_id IS NOT NULL
           AND (m.thread_id, m.user_id) IS NOT DISTINCT FROM (c.thread, t.user_id);
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count <> v_heard THEN
            RAISE EXCEPTION 'a message of the group is not there' USING ERRCODE = 'RC003';
        END IF;
    END IF;

    RETURN ARRAY (SELECT c.thread FROM recall_commits(p_commits) c);
END
$$;
-- +goose StatementEnd

-- A terminal event is long enough to be compressed. LZ4 takes a quarter of the time
-- that Postgres's own method takes; where Postgres is built without it, or is older
-- than 14, things stay as they are. What is stored already remains readable.
-- +goose StatementBegin
DO $$
BEGIN
    EXECUTE 'ALTER TABLE recalls ALTER COLUMN terminal SET COMPRESSION lz4, ALTER COLUMN input SET COMPRESSION lz4';
    EXECUTE 'ALTER TABLE recall_messages ALTER COLUMN candidate_json SET COMPRESSION lz4, ALTER COLUMN text SET COMPRESSION lz4';
EXCEPTION WHEN feature_not_supported OR invalid_parameter_value OR syntax_error THEN
    NULL;
END
$$;
-- +goose StatementEnd
