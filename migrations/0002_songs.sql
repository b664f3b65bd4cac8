-- +goose Up
-- The catalogue of songs: the truth that the in-memory index is built from.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- Text as people type it: no accents, no capitals, no apostrophes ("Don't" and
-- "dont" are one word). unaccent() is only STABLE because its dictionary could
-- be swapped; naming the dictionary makes IMMUTABLE an honest promise, which
-- generated columns require. Its schema is looked up because hosted databases
-- keep extensions outside public. The ICU collation is named because under the
-- C locale lower() knows ASCII only and would leave Cyrillic capitals alone.
-- Plain ASCII, which most text is, takes the short way. None of these functions
-- is STRICT, as that would keep the planner from inlining them.
-- +goose StatementBegin
DO $do$
DECLARE
    home text := (SELECT quote_ident(nspname) FROM pg_extension e
                  JOIN pg_namespace n ON n.oid = e.extnamespace WHERE extname = 'unaccent');
BEGIN
    EXECUTE replace($def$
        CREATE FUNCTION song_plain(t text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN translate(
            CASE WHEN octet_length(t) = char_length(t) THEN lower(t COLLATE "C") COLLATE "default"
            ELSE lower(@.unaccent('@.unaccent'::regdictionary, normalize(t, NFKC)) COLLATE "und-x-icu") COLLATE "default" END,
            '''', '');
    $def$, '@', home);
END
$do$;
-- +goose StatementEnd

-- Plain text with every run of punctuation and space as one space. A name made
-- of punctuation alone ("!!!") is kept, so that it still tells songs apart.
-- +goose StatementBegin
CREATE FUNCTION song_fold(t text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(
    nullif(btrim(regexp_replace(song_plain(t), '[[:punct:][:space:][:cntrl:]]+' COLLATE "und-x-icu", ' ', 'g')), ''),
    lower(btrim(t)));
-- +goose StatementEnd

-- What makes two rows the same song when no ISRC says so. Cut so that the
-- widest text fits a B-tree entry (2,704 bytes).
-- +goose StatementBegin
CREATE FUNCTION song_key(title text, artist text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN left(song_fold(title), 250) || chr(31) || left(song_fold(artist), 250);
-- +goose StatementEnd

-- array_to_string() is STABLE because of elements of other types than text.
-- +goose StatementBegin
CREATE FUNCTION song_words(list text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1
RETURN array_to_string(list, ' ');
-- +goose StatementEnd

-- The searchable text, weighted: A what it is called, B what people sing,
-- C what it is about, D how it is described. 'simple' does not stem, as songs
-- come in many languages. All these functions have parsed bodies (RETURN), so
-- that a restore from a dump, which runs with an empty search_path, finds them.
-- +goose StatementBegin
CREATE FUNCTION song_document(title text, artist text, phrase text, themes text[], album text, description text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('pg_catalog.simple'::regconfig, song_plain(title || ' ' || artist)), 'A')
    || setweight(to_tsvector('pg_catalog.simple'::regconfig, song_plain(phrase)), 'B')
    || setweight(to_tsvector('pg_catalog.simple'::regconfig, song_plain(song_words(themes) || ' ' || album)), 'C')
    || setweight(to_tsvector('pg_catalog.simple'::regconfig, song_plain(description)), 'D');
-- +goose StatementEnd

-- Empty text means unknown. A check's name is songs_<field>_check: the program
-- turns it into an error about that field. The two unique constraints are
-- deferrable because an import may let two songs exchange their names.
CREATE TABLE songs (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title       text NOT NULL,
    artist      text NOT NULL,
    album       text NOT NULL DEFAULT '',
    year        integer,
    genre       text NOT NULL DEFAULT '',
    mood        text[] NOT NULL DEFAULT '{}',
    tempo       text NOT NULL DEFAULT '',
    language    text NOT NULL DEFAULT '',
    isrc        text,
    themes      text[] NOT NULL DEFAULT '{}',
    description text NOT NULL DEFAULT '',
    phrase      text NOT NULL DEFAULT '',
    popularity  smallint NOT NULL DEFAULT 0,
    updated_at  timestamptz NOT NULL DEFAULT now(),

    title_folded  text NOT NULL GENERATED ALWAYS AS (song_fold(title)) STORED,
    artist_folded text NOT NULL GENERATED ALWAYS AS (song_fold(artist)) STORED,
    song_key      text NOT NULL GENERATED ALWAYS AS (song_key(title, artist)) STORED,
    document      tsvector NOT NULL GENERATED ALWAYS AS
                  (song_document(title, artist, phrase, themes, album, description)) STORED,

    CONSTRAINT songs_isrc_key UNIQUE (isrc) DEFERRABLE,
    CONSTRAINT songs_song_key_key UNIQUE (song_key) DEFERRABLE,
    CONSTRAINT songs_title_check CHECK (btrim(title) <> '' AND char_length(title) <= 250),
    CONSTRAINT songs_artist_check CHECK (btrim(artist) <> '' AND char_length(artist) <= 250),
    CONSTRAINT songs_album_check CHECK (char_length(album) <= 250),
    CONSTRAINT songs_year_check CHECK (year BETWEEN 1000 AND 2100),
    CONSTRAINT songs_genre_check CHECK (char_length(genre) <= 60),
    CONSTRAINT songs_mood_check CHECK (cardinality(mood) <= 16),
    CONSTRAINT songs_tempo_check CHECK (tempo IN ('', 'slow', 'medium', 'fast')),
    CONSTRAINT songs_language_check CHECK (language ~ '^([a-z]{2}|zxx|)$'),
    CONSTRAINT songs_isrc_check CHECK (isrc ~ '^[A-Z0-9]{12}$'),
    CONSTRAINT songs_themes_check CHECK (cardinality(themes) <= 32),
    CONSTRAINT songs_description_check CHECK (char_length(description) <= 2000),
    CONSTRAINT songs_phrase_check CHECK
        (char_length(phrase) <= 160 AND cardinality(regexp_split_to_array(btrim(phrase), '\s+')) <= 8),
    CONSTRAINT songs_popularity_check CHECK (popularity BETWEEN 0 AND 100)
);

CREATE INDEX songs_document_idx ON songs USING gin (document);
CREATE INDEX songs_names_trgm_idx ON songs USING gin (title_folded gin_trgm_ops, artist_folded gin_trgm_ops);

-- One notification a statement, not a row. Up to 200 ids are named (at most
-- 4.2 kB of the 8 kB a payload may have); beyond that reading everything again
-- is cheaper than asking for each. Equal payloads of one transaction are
-- delivered once, so an import of any size says "reload" once.
-- +goose StatementBegin
CREATE FUNCTION songs_notify() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    n   integer;
    ids text;
BEGIN
    SELECT count(*), string_agg(id::text, ',') INTO n, ids FROM (SELECT id FROM changed LIMIT 201) c;
    IF n > 200 THEN
        PERFORM pg_notify('songs', 'reload');
    ELSIF n > 0 THEN
        PERFORM pg_notify('songs', TG_ARGV[0] || ' ' || ids);
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION songs_notify_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('songs', 'reload');
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TRIGGER songs_inserted AFTER INSERT ON songs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION songs_notify('upsert');
CREATE TRIGGER songs_updated AFTER UPDATE ON songs REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION songs_notify('upsert');
CREATE TRIGGER songs_deleted AFTER DELETE ON songs REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION songs_notify('remove');
CREATE TRIGGER songs_truncated AFTER TRUNCATE ON songs
    FOR EACH STATEMENT EXECUTE FUNCTION songs_notify_truncated();

-- Which edition of the starter catalogue this database was given.
CREATE TABLE catalog_seed (
    name      text PRIMARY KEY,
    hash      text NOT NULL,
    seeded_at timestamptz NOT NULL DEFAULT now()
);
