-- +goose Up

-- Where each collection last changed, so that only tiles over that place
-- expire. A block is a tile of WorldCRS84Quad at zoom 6: 2.8125 degrees a side,
-- 128 columns and 64 rows, numbered row * 128 + column from the top left.
-- version is that of the collection after the change, so it rises with it.
CREATE TABLE block_versions (
    collection  text COLLATE "C" NOT NULL REFERENCES collection_versions ON DELETE CASCADE,
    block       int NOT NULL,
    version     bigint NOT NULL,
    PRIMARY KEY (collection, block)
);
CREATE INDEX block_versions_since ON block_versions (collection, version);

-- The version after the last change that reached more blocks than are noted
-- one by one: it counts for all of them.
ALTER TABLE collection_versions ADD COLUMN everywhere bigint NOT NULL DEFAULT 1;
UPDATE collection_versions SET everywhere = version;

-- The corner blocks of a geometry's box in one number: first and last column,
-- first and last row, a byte each. Null without geometry.
-- +goose StatementBegin
CREATE FUNCTION block_corners(g geometry) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT least(127, floor((ST_XMin(g) + 180) / 2.8125))::bigint
         | (least(127, floor((ST_XMax(g) + 180) / 2.8125))::bigint << 8)
         | (least(63, floor((90 - ST_YMax(g)) / 2.8125))::bigint << 16)
         | (least(63, floor((90 - ST_YMin(g)) / 2.8125))::bigint << 24)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION note_blocks(changed text, corners bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    most CONSTANT bigint := 100000; -- pairs of box and block that are looked at
    reached bigint := (SELECT sum((((c >> 8) & 255) - (c & 255) + 1) * (((c >> 24) & 255) - ((c >> 16) & 255) + 1)) FROM unnest(corners) c);
BEGIN
    IF reached > most THEN
        UPDATE collection_versions SET everywhere = version WHERE collection = changed;
        RETURN;
    END IF;
    INSERT INTO block_versions AS b (collection, block, version)
    SELECT changed, blocks.block, v.version
    FROM (SELECT DISTINCT (y * 128 + x)::int AS block
          FROM unnest(corners) c, generate_series(c & 255, (c >> 8) & 255) x, generate_series((c >> 16) & 255, (c >> 24) & 255) y) blocks,
         collection_versions v
    WHERE v.collection = changed
    ON CONFLICT (collection, block) DO UPDATE SET version = excluded.version;
END
$$;
-- +goose StatementEnd

-- These fire after collection_changed, as triggers go by name, and so find the
-- collection's new version and its row locked against other writers.
-- +goose StatementBegin
CREATE FUNCTION blocks_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_blocks(TG_ARGV[0], (SELECT array_agg(DISTINCT block_corners(geom)) FROM rows_after WHERE NOT ST_IsEmpty(geom)));
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION blocks_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_blocks(TG_ARGV[0], (SELECT array_agg(DISTINCT block_corners(geom)) FROM rows_before WHERE NOT ST_IsEmpty(geom)));
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION blocks_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_blocks(TG_ARGV[0], (SELECT array_agg(DISTINCT block_corners(geom))
        FROM (SELECT geom FROM rows_before UNION ALL SELECT geom FROM rows_after) g WHERE NOT ST_IsEmpty(geom)));
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION blocks_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE collection_versions SET everywhere = version WHERE collection = TG_ARGV[0];
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- watch_blocks puts the triggers on the table of a collection with geometry; a
-- migration that makes such a table calls it.
-- +goose StatementBegin
CREATE FUNCTION watch_blocks(collection text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_table text := replace(collection, '-', '_');
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS rows_after EXECUTE FUNCTION blocks_inserted(%L)', of_table || '_changed_blocks_insert', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION blocks_deleted(%L)', of_table || '_changed_blocks_delete', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after EXECUTE FUNCTION blocks_updated(%L)', of_table || '_changed_blocks_update', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I EXECUTE FUNCTION blocks_truncated(%L)', of_table || '_changed_blocks_truncate', of_table, collection);
END
$$;
-- +goose StatementEnd

SELECT watch_blocks(v.collection)
FROM collection_versions v
JOIN information_schema.columns i ON i.table_schema = current_schema() AND i.table_name = replace(v.collection, '-', '_') AND i.column_name = 'geom'
ORDER BY v.collection;
