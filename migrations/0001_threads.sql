-- Threads, messages and stash, adopted from the earlier app or made anew; and
-- the table of recalls.
--
-- The earlier app's tables may lack columns, defaults or constraints, and may
-- have stricter ones than ours. So everything here asks first, adds only, and
-- changes a stored value in one case: where there was none.

-- +goose Up

CREATE TABLE IF NOT EXISTS recall_threads (id uuid PRIMARY KEY);
CREATE TABLE IF NOT EXISTS recall_messages (id uuid PRIMARY KEY);
CREATE TABLE IF NOT EXISTS recall_stash (id uuid PRIMARY KEY);

ALTER TABLE recall_threads
    ADD COLUMN IF NOT EXISTS user_id         uuid,
    ADD COLUMN IF NOT EXISTS created_at      timestamptz,
    ADD COLUMN IF NOT EXISTS last_message_at timestamptz,
    ADD COLUMN IF NOT EXISTS title           text,
    ADD COLUMN IF NOT EXISTS pinned          boolean,
    ADD COLUMN IF NOT EXISTS archived        boolean,
    ADD COLUMN IF NOT EXISTS deleted_at      timestamptz,
    ADD COLUMN IF NOT EXISTS summary         text,
    -- Number of the last stored event.
    ADD COLUMN IF NOT EXISTS seq             bigint NOT NULL DEFAULT 0,
    -- Rises with every activation; a write that carries an older one is refused.
    ADD COLUMN IF NOT EXISTS fence           bigint NOT NULL DEFAULT 0,
    -- Names the numbering; empty until the thread is activated.
    ADD COLUMN IF NOT EXISTS epoch           text   NOT NULL DEFAULT '';

ALTER TABLE recall_messages
    ADD COLUMN IF NOT EXISTS thread_id         uuid,
    ADD COLUMN IF NOT EXISTS user_id           uuid,
    ADD COLUMN IF NOT EXISTS created_at        timestamptz,
    ADD COLUMN IF NOT EXISTS role              text,
    ADD COLUMN IF NOT EXISTS message_type      text,
    ADD COLUMN IF NOT EXISTS text              text,
    ADD COLUMN IF NOT EXISTS raw_transcript    text,
    ADD COLUMN IF NOT EXISTS edited_transcript text,
    ADD COLUMN IF NOT EXISTS media_path        text,
    ADD COLUMN IF NOT EXISTS candidate_json    jsonb,
    ADD COLUMN IF NOT EXISTS sources_json      jsonb,
    ADD COLUMN IF NOT EXISTS confidence        numeric,
    ADD COLUMN IF NOT EXISTS song_url          text,
    ADD COLUMN IF NOT EXISTS song_title        text,
    ADD COLUMN IF NOT EXISTS song_artist       text,
    ADD COLUMN IF NOT EXISTS status            text,
    ADD COLUMN IF NOT EXISTS response_text     text,
    -- Number of the event by which the message was stored.
    ADD COLUMN IF NOT EXISTS seq               bigint,
    ADD COLUMN IF NOT EXISTS recall_id         uuid,
    ADD COLUMN IF NOT EXISTS media_id          uuid,
    ADD COLUMN IF NOT EXISTS verdict           text;

ALTER TABLE recall_stash
    ADD COLUMN IF NOT EXISTS user_id         uuid,
    ADD COLUMN IF NOT EXISTS thread_id       uuid,
    ADD COLUMN IF NOT EXISTS created_at      timestamptz,
    ADD COLUMN IF NOT EXISTS top_song_title  text,
    ADD COLUMN IF NOT EXISTS top_song_artist text,
    ADD COLUMN IF NOT EXISTS top_confidence  numeric,
    ADD COLUMN IF NOT EXISTS top_song_url    text;

CREATE TABLE recalls (
    id           uuid PRIMARY KEY,
    thread_id    uuid NOT NULL REFERENCES recall_threads (id) ON DELETE CASCADE,
    user_id      uuid NOT NULL,
    request_id   uuid NOT NULL,
    message_id   uuid NOT NULL, -- the user's message
    input        jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'open',
    accepted_at  timestamptz NOT NULL,
    ended_at     timestamptz,
    terminal     jsonb,         -- the terminal event as sent
    terminal_seq bigint,
    CONSTRAINT recalls_user_request UNIQUE (user_id, request_id),
    CONSTRAINT recalls_ended CHECK ((state = 'open') = (ended_at IS NULL))
);

-- What the earlier app demanded of its rows, and ours need not meet: lists of
-- allowed words (the vocabulary is the program's), narrower types, and columns
-- that must be filled but that we do not know.
-- +goose StatementBegin
DO $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT k.conname, k.conrelid::regclass AS rel FROM pg_constraint k
             WHERE k.contype = 'c' AND k.conrelid IN ('recall_threads'::regclass, 'recall_messages'::regclass, 'recall_stash'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', c.rel, c.conname);
    END LOOP;

    FOR c IN SELECT a.attname, a.attrelid::regclass AS rel, a.atthasdef FROM pg_attribute a
             WHERE a.attrelid = 'recall_messages'::regclass AND a.atttypid <> 'text'::regtype
               AND a.attname IN ('role', 'message_type', 'status')
    LOOP
        IF c.atthasdef THEN
            EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP DEFAULT', c.rel, c.attname);
        END IF;
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE text USING %I::text', c.rel, c.attname, c.attname);
    END LOOP;

    FOR c IN SELECT a.attname, a.attrelid::regclass AS rel FROM pg_attribute a
             WHERE a.attrelid IN ('recall_threads'::regclass, 'recall_messages'::regclass, 'recall_stash'::regclass)
               AND a.attnum > 0 AND NOT a.attisdropped
               AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
               AND a.attname NOT IN ('user_id', 'thread_id', 'role', 'message_type') -- always filled
               AND NOT EXISTS (SELECT FROM pg_constraint k
                               WHERE k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey))
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN %I DROP NOT NULL', c.rel, c.attname);
    END LOOP;

    FOR c IN SELECT a.attrelid::regclass AS rel FROM pg_attribute a
             WHERE a.attrelid IN ('recall_threads'::regclass, 'recall_messages'::regclass, 'recall_stash'::regclass)
               AND a.attname = 'id' AND a.atttypid = 'uuid'::regtype AND NOT a.atthasdef
    LOOP
        EXECUTE format('ALTER TABLE %s ALTER COLUMN id SET DEFAULT gen_random_uuid()', c.rel);
    END LOOP;

    FOR c IN SELECT r.oid::regclass AS rel FROM pg_class r
             WHERE r.oid IN ('recall_threads'::regclass, 'recall_messages'::regclass, 'recall_stash'::regclass)
               AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'p')
    LOOP
        EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (id)', c.rel);
    END LOOP;
END
$$;
-- +goose StatementEnd

-- Values that lists are ordered and filtered by, where a row has none.
UPDATE recall_messages m
   SET created_at = coalesce((SELECT t.created_at FROM recall_threads t WHERE t.id = m.thread_id), now())
 WHERE m.created_at IS NULL;
UPDATE recall_threads t
   SET created_at      = coalesce(t.created_at, t.last_message_at, now()),
       last_message_at = coalesce(t.last_message_at,
                                  (SELECT max(m.created_at) FROM recall_messages m WHERE m.thread_id = t.id),
                                  t.created_at, now()),
       pinned          = coalesce(t.pinned, false),
       archived        = coalesce(t.archived, false)
 WHERE t.created_at IS NULL OR t.last_message_at IS NULL OR t.pinned IS NULL OR t.archived IS NULL;
UPDATE recall_stash SET created_at = now() WHERE created_at IS NULL;

ALTER TABLE recall_threads
    ALTER COLUMN created_at      SET DEFAULT now(), ALTER COLUMN created_at      SET NOT NULL,
    ALTER COLUMN last_message_at SET DEFAULT now(), ALTER COLUMN last_message_at SET NOT NULL,
    ALTER COLUMN pinned          SET DEFAULT false, ALTER COLUMN pinned          SET NOT NULL,
    ALTER COLUMN archived        SET DEFAULT false, ALTER COLUMN archived        SET NOT NULL;
ALTER TABLE recall_messages
    ALTER COLUMN created_at      SET DEFAULT now(), ALTER COLUMN created_at      SET NOT NULL,
    ALTER COLUMN status          SET DEFAULT 'sent';
ALTER TABLE recall_stash
    ALTER COLUMN created_at      SET DEFAULT now(), ALTER COLUMN created_at      SET NOT NULL;

-- Number the messages there are, in the order in which they were shown.
UPDATE recall_messages m
   SET seq = n.seq
  FROM (SELECT id, row_number() OVER (PARTITION BY thread_id ORDER BY created_at, id) AS seq FROM recall_messages) n
 WHERE n.id = m.id;
UPDATE recall_threads t
   SET seq = n.seq
  FROM (SELECT thread_id, max(seq) AS seq FROM recall_messages GROUP BY thread_id) n
 WHERE n.thread_id = t.id;

-- The last judge between two activations that both believe they own a thread.
CREATE UNIQUE INDEX recall_messages_thread_seq ON recall_messages (thread_id, seq);

-- One stash item for a thread. Where the earlier table lacked the rule, the
-- latest item stays and the others are put aside, not thrown away.
-- +goose StatementBegin
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_index i WHERE i.indrelid = 'recall_stash'::regclass AND i.indisunique AND i.indpred IS NULL
               AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_attribute a
                    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])) = ARRAY ['thread_id', 'user_id'])
    THEN
        RETURN;
    END IF;
    CREATE TABLE recall_stash_superseded AS
        SELECT s.* FROM recall_stash s
        WHERE EXISTS (SELECT FROM recall_stash o WHERE o.user_id = s.user_id AND o.thread_id = s.thread_id
                      AND (o.created_at, o.id) > (s.created_at, s.id));
    DELETE FROM recall_stash s USING recall_stash_superseded o WHERE o.id = s.id;
    ALTER TABLE recall_stash ADD CONSTRAINT recall_stash_user_thread UNIQUE (user_id, thread_id);
    IF NOT EXISTS (SELECT FROM recall_stash_superseded) THEN
        DROP TABLE recall_stash_superseded;
    END IF;
END
$$;
-- +goose StatementEnd

CREATE INDEX IF NOT EXISTS idx_recall_messages_thread_created ON recall_messages (thread_id, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_recall_messages_type ON recall_messages (thread_id, message_type, created_at DESC);
CREATE INDEX IF NOT EXISTS idx_recall_messages_candidate_json ON recall_messages USING gin (candidate_json);
CREATE INDEX IF NOT EXISTS idx_recall_threads_user_last_message ON recall_threads (user_id, last_message_at DESC);
CREATE INDEX IF NOT EXISTS idx_recall_threads_active ON recall_threads (user_id, last_message_at DESC)
    WHERE deleted_at IS NULL AND NOT archived;
CREATE INDEX recall_stash_user_created ON recall_stash (user_id, created_at DESC);
CREATE INDEX recalls_user_accepted ON recalls (user_id, accepted_at DESC);
CREATE INDEX recalls_open ON recalls (thread_id, accepted_at) WHERE state = 'open';

-- A message that comes without a number, as the earlier app writes them, gets
-- the thread's next one. That happens behind the back of an activation that may
-- be counting in memory, so it also ends that activation and its numbering.
-- +goose StatementBegin
CREATE FUNCTION recall_number_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE recall_threads SET seq = seq + 1, fence = fence + 1, epoch = ''
     WHERE id = NEW.thread_id
    RETURNING seq INTO NEW.seq;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER recall_number_message BEFORE INSERT ON recall_messages
    FOR EACH ROW WHEN (NEW.seq IS NULL) EXECUTE FUNCTION recall_number_message();

DROP FUNCTION IF EXISTS get_recall_messages_paginated(uuid, timestamptz, int);
DROP FUNCTION IF EXISTS insert_recall_messages_batch(jsonb[]);

-- The newest messages of a thread, the newest first; with a cursor those before
-- that time. A plain SQL function, so that the planner sees through it.
-- +goose StatementBegin
CREATE FUNCTION get_recall_messages_paginated(p_thread_id uuid, p_cursor timestamptz, p_limit int DEFAULT 50)
RETURNS SETOF recall_messages LANGUAGE sql STABLE AS $$
    SELECT m.* FROM recall_messages m
     WHERE m.thread_id = p_thread_id AND (p_cursor IS NULL OR m.created_at < p_cursor)
     ORDER BY m.seq DESC
     LIMIT p_limit
$$;
-- +goose StatementEnd

-- Stores messages in the order given and returns their ids in that order. Each
-- is an object whose fields are columns of recall_messages; what is left out is
-- filled in: id, owner, time, status and, see above, seq.
-- +goose StatementBegin
CREATE FUNCTION insert_recall_messages_batch(p_messages jsonb[])
RETURNS TABLE (id uuid) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    INSERT INTO recall_messages AS n (id, thread_id, user_id, created_at, role, message_type, text, raw_transcript,
           edited_transcript, media_path, candidate_json, sources_json, confidence, song_url, song_title, song_artist,
           status, response_text, seq, recall_id, media_id, verdict)
    SELECT coalesce(m.id, gen_random_uuid()), m.thread_id,
           coalesce(m.user_id, (SELECT t.user_id FROM recall_threads t WHERE t.id = m.thread_id)),
           coalesce(m.created_at, now()), coalesce(m.role, 'user'), coalesce(m.message_type, 'text'), m.text, m.raw_transcript,
           m.edited_transcript, m.media_path, m.candidate_json, m.sources_json, m.confidence, m.song_url, m.song_title, m.song_artist,
           coalesce(m.status, 'sent'), m.response_text, m.seq, m.recall_id, m.media_id, m.verdict
      FROM unnest(p_messages) WITH ORDINALITY AS given (doc, place),
           jsonb_populate_record(NULL::recall_messages, given.doc) AS m
     ORDER BY given.place
    RETURNING n.id;
END
$$;
-- +goose StatementEnd

-- Writes one step of a thread, whole or not at all (actors: wire.Commit). The
-- custom SQLSTATEs say why a step is refused:
--   RC001  the fence is not the thread's: another activation has taken over
--   RC002  the recall to end is not open
--   RC003  the message to judge is not there
-- +goose StatementBegin
CREATE FUNCTION recall_commit(p_thread uuid, p_fence bigint, p_seq bigint, p_step jsonb, p_messages jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_owner   uuid;
    v_fields  jsonb := p_step -> 'thread';
    v_judged  jsonb := p_step -> 'judged';
    v_recall  jsonb := p_step -> 'accepted';
    v_ended   jsonb := p_step -> 'ended';
    v_stash   jsonb := p_step -> 'stash';
    v_deleted boolean := p_step ? 'deleted';
BEGIN
    UPDATE recall_threads
       SET seq = p_seq,
           last_message_at = coalesce((p_step ->> 'last_message_at')::timestamptz, last_message_at),
           title    = CASE WHEN v_fields IS NULL THEN title ELSE v_fields ->> 'title' END,
           summary  = CASE WHEN v_fields IS NULL THEN summary ELSE v_fields ->> 'summary' END,
           pinned   = CASE WHEN v_fields IS NULL THEN pinned ELSE (v_fields ->> 'pinned')::boolean END,
           archived = CASE WHEN v_fields IS NULL THEN archived ELSE (v_fields ->> 'archived')::boolean END,
           deleted_at = CASE WHEN v_deleted THEN now() END
     WHERE id = p_thread AND fence = p_fence AND seq < p_seq AND deleted_at IS NULL
    RETURNING user_id INTO v_owner;
    IF NOT FOUND THEN
        -- The answer to this very step may have been lost: a number is written
        -- once under a fence, so its being there means that all of it is.
        IF EXISTS (SELECT FROM recall_threads WHERE id = p_thread AND fence = p_fence AND seq = p_seq) THEN
            RETURN;
        END IF;
        RAISE EXCEPTION 'fence % of thread % is stale at seq %', p_fence, p_thread, p_seq USING ERRCODE = 'RC001';
    END IF;

    IF cardinality(p_messages) > 0 THEN
        PERFORM insert_recall_messages_batch(p_messages);
    END IF;

    IF v_judged IS NOT NULL THEN
        UPDATE recall_messages SET verdict = nullif(v_judged ->> 'verdict', '')
         WHERE id = (v_judged ->> 'id')::uuid AND thread_id = p_thread;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'no message % in thread %', v_judged ->> 'id', p_thread USING ERRCODE = 'RC003';
        END IF;
    END IF;

    IF v_ended IS NOT NULL THEN
        UPDATE recalls
           SET state = v_ended ->> 'state', ended_at = (v_ended ->> 'ended_at')::timestamptz,
               terminal = v_ended -> 'terminal', terminal_seq = p_seq
         WHERE id = (v_ended ->> 'id')::uuid AND thread_id = p_thread AND state = 'open';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'recall % is not open', v_ended ->> 'id' USING ERRCODE = 'RC002';
        END IF;
    END IF;

    IF v_recall IS NOT NULL THEN
        INSERT INTO recalls (id, thread_id, user_id, request_id, message_id, input, accepted_at)
        VALUES ((v_recall ->> 'id')::uuid, p_thread, (v_recall ->> 'user_id')::uuid, (v_recall ->> 'request_id')::uuid,
                (v_recall ->> 'message_id')::uuid, v_recall -> 'input', (v_recall ->> 'accepted_at')::timestamptz);
    END IF;

    IF v_stash IS NOT NULL THEN
        INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title, top_song_artist, top_confidence, top_song_url)
        VALUES (v_owner, p_thread, (v_stash ->> 'created_at')::timestamptz, v_stash ->> 'title', v_stash ->> 'artist',
                (v_stash ->> 'confidence')::numeric, v_stash ->> 'url')
        ON CONFLICT (user_id, thread_id) DO UPDATE
           SET created_at = excluded.created_at, top_song_title = excluded.top_song_title,
               top_song_artist = excluded.top_song_artist, top_confidence = excluded.top_confidence,
               top_song_url = excluded.top_song_url;
    ELSIF p_step ? 'unstash' THEN
        DELETE FROM recall_stash WHERE user_id = v_owner AND thread_id = p_thread;
    END IF;

    IF v_deleted THEN
        -- No later step can end them: the thread does not wake again.
        UPDATE recalls SET state = 'cancelled', ended_at = now(), terminal_seq = p_seq
         WHERE thread_id = p_thread AND state = 'open';
    END IF;
END
$$;
-- +goose StatementEnd
