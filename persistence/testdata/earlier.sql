-- A database as the earlier app may have left it: stricter in some places than
-- ours, looser in others, with rows of several of its versions. All values are
-- computed, so that two loads are the same.

CREATE TYPE sending AS ENUM ('sending', 'sent', 'failed');

CREATE TABLE recall_threads (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id         uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_message_at timestamptz,
    title           varchar(120),
    pinned          boolean DEFAULT false,
    archived        boolean DEFAULT false,
    deleted_at      timestamptz,
    summary         text,
    colour          text NOT NULL -- not known to us
);

CREATE TABLE recall_messages (
    id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    thread_id         uuid NOT NULL,
    user_id           uuid NOT NULL,
    created_at        timestamptz DEFAULT now(),
    role              text NOT NULL CHECK (role IN ('user', 'assistant')),
    message_type      varchar(16) NOT NULL DEFAULT 'text' CHECK (message_type <> 'answer'),
    text              text,
    raw_transcript    text,
    edited_transcript text,
    media_path        text,
    candidate_json    jsonb,
    sources_json      jsonb,
    confidence        numeric,
    song_url          text,
    song_title        text,
    song_artist       text,
    status            sending NOT NULL DEFAULT 'sent',
    response_text     text
);

CREATE TABLE recall_stash (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id         uuid NOT NULL,
    thread_id       uuid NOT NULL REFERENCES recall_threads (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    top_song_title  text,
    top_song_artist text,
    top_confidence  numeric,
    top_song_url    text,
    UNIQUE (user_id, thread_id)
);

CREATE INDEX idx_recall_messages_thread_created ON recall_messages (thread_id, created_at DESC);
CREATE INDEX idx_recall_threads_active ON recall_threads (user_id, last_message_at DESC)
    WHERE deleted_at IS NULL AND archived = false;

CREATE FUNCTION get_recall_messages_paginated(p_thread_id uuid, p_cursor timestamptz, p_limit int DEFAULT 20)
RETURNS TABLE (message_id uuid, said text) LANGUAGE sql AS 'SELECT id, text FROM recall_messages LIMIT 0';
CREATE FUNCTION insert_recall_messages_batch(p_messages jsonb[])
RETURNS int LANGUAGE sql AS 'SELECT 0';

-- 40 threads of 4 users. Each tenth is archived, each eighth deleted; thread 7
-- lacks what may be missing; thread 40 has no message.
INSERT INTO recall_threads (id, user_id, created_at, last_message_at, title, pinned, archived, deleted_at, summary, colour)
SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
       ('00000000-0000-4000-9000-' || lpad((n % 4)::text, 12, '0'))::uuid,
       timestamptz '2025-01-01 00:00:00.123456Z' + n * interval '1 hour',
       CASE WHEN n <> 7 THEN timestamptz '2025-02-01 00:00:00.654321Z' + (n / 3) * interval '1 day' END,
       CASE WHEN n % 5 > 0 THEN 'Thread ' || n END,
       CASE WHEN n <> 7 THEN n % 6 = 0 END,
       CASE WHEN n <> 7 THEN n % 10 = 0 END,
       CASE WHEN n % 8 = 0 THEN timestamptz '2025-03-01 00:00:00Z' END,
       CASE WHEN n % 3 = 0 THEN 'About thread ' || n END,
       'blue'
  FROM generate_series(1, 40) n;

-- 390 messages, ten a thread; four at a time share a created_at.
INSERT INTO recall_messages (id, thread_id, user_id, created_at, role, message_type, text, raw_transcript, edited_transcript,
       media_path, candidate_json, sources_json, confidence, song_url, song_title, song_artist, status, response_text)
SELECT md5('message ' || n)::uuid,
       ('00000000-0000-4000-8000-' || lpad((1 + n % 39)::text, 12, '0'))::uuid,
       ('00000000-0000-4000-9000-' || lpad(((1 + n % 39) % 4)::text, 12, '0'))::uuid,
       timestamptz '2025-01-15 00:00:00.000777Z' + ((400 - n) / 156) * interval '1 minute',
       CASE WHEN n % 2 = 0 THEN 'user' ELSE 'assistant' END,
       (ARRAY ['text', 'voice', 'image', 'candidate', 'status', 'follow_up', 'whispered'])[1 + n % 7],
       CASE WHEN n % 4 > 0 THEN 'Message ' || n END,
       CASE WHEN n % 7 = 1 THEN 'la la la' END,
       CASE WHEN n % 14 = 1 THEN 'la la land' END,
       CASE WHEN n % 7 IN (1, 2) THEN 'media/' || n END,
       CASE WHEN n % 7 = 3 THEN (ARRAY [
           '{"title": "Plain", "artist": "Object", "confidence": 0.5}',
           '{"songTitle": "Camel", "songArtist": "Case", "sourceUrls": ["https://example.org/camel"]}',
           '{"song": {"name": "Nested", "artist_name": "Song"}, "score": 0.25, "reason": "because"}',
           '[{"title": "Listed", "artist": "First"}, {"title": "Second"}]',
           '"{\"title\": \"Quoted\", \"artist\": \"Twice\"}"',
           '"no object at all"', '[]', 'null', '17', '{"title": 5, "year": "old"}'])[1 + n % 10]::jsonb END,
       CASE WHEN n % 9 = 0 THEN (ARRAY ['["https://example.org"]', '{"from": "radio"}', 'null'])[1 + n % 3]::jsonb END,
       CASE WHEN n % 11 = 0 THEN 'NaN' WHEN n % 3 = 0 THEN round(n / 400.0, 4) END,
       CASE WHEN n % 21 = 3 THEN 'https://example.org/song/' || n END,
       CASE WHEN n % 7 = 3 THEN 'Song ' || n END,
       CASE WHEN n % 7 = 3 THEN 'Artist ' || n END,
       (ARRAY ['sent', 'failed', 'sending'])[1 + n % 3]::sending,
       CASE WHEN n % 8 = 0 THEN 'Response ' || n END
  FROM generate_series(1, 390) n;

-- Messages whose thread is gone.
INSERT INTO recall_messages (thread_id, user_id, created_at, role, text)
SELECT '00000000-0000-4000-8000-00000000dead', '00000000-0000-4000-9000-000000000000', NULL, 'user', 'lost ' || n
  FROM generate_series(1, 3) n;

INSERT INTO recall_stash (user_id, thread_id, created_at, top_song_title, top_song_artist, top_confidence, top_song_url)
SELECT user_id, id, created_at, 'Song of ' || title, NULL, 0.875, NULL FROM recall_threads WHERE pinned;
