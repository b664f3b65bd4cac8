-- What people upload, and the words that are found in it.
--
-- Messages of the earlier app name their media by media_path, a place in a bucket
-- that this server does not know. They have no row here and lose nothing.

-- +goose Up

CREATE TABLE recall_media (
    id           uuid PRIMARY KEY,
    owner        uuid NOT NULL,
    kind         text NOT NULL,        -- voice or image
    content_type text NOT NULL,        -- by content
    extension    text NOT NULL,        -- that fits it, with the dot
    size         bigint NOT NULL CHECK (size > 0),
    sha256       text NOT NULL,        -- hex, lower case
    created_at   timestamptz NOT NULL,
    touched_at   timestamptz NOT NULL  -- stored, or last about to be used by a message
);

-- The sweep walks along the rows that nobody touched for long, and asks of each
-- whether a message refers to it. There is no foreign key: it would hold up every
-- message for a row that Use has just looked at, and forbid the ones of old.
CREATE INDEX recall_media_touched ON recall_media (touched_at, id);
CREATE INDEX recall_messages_media ON recall_messages (media_id) WHERE media_id IS NOT NULL;

-- A step may also tell what was heard or read in the media of the user's message.
-- What a step was before stays as it is and judges the fence; what it refuses is
-- refused here too, since the exception ends both.
ALTER FUNCTION recall_commit(uuid, bigint, bigint, jsonb, jsonb[]) RENAME TO recall_commit_step;

-- +goose StatementBegin
CREATE FUNCTION recall_commit(p_thread uuid, p_fence bigint, p_seq bigint, p_step jsonb, p_messages jsonb[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_heard jsonb := p_step -> 'heard';
BEGIN
    PERFORM recall_commit_step(p_thread, p_fence, p_seq, p_step, p_messages);
    IF v_heard IS NULL THEN
        RETURN;
    END IF;
    UPDATE recall_messages m SET text = v_heard ->> 'text', raw_transcript = v_heard ->> 'raw_transcript'
      FROM recall_threads t
     WHERE m.id = (v_heard ->> 'id')::uuid AND m.thread_id = p_thread AND m.role = 'user'
       AND t.id = p_thread AND t.user_id = m.user_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no message % of the user in thread %', v_heard ->> 'id', p_thread USING ERRCODE = 'RC003';
    END IF;
END
$$;
-- +goose StatementEnd
