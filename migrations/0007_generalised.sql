-- +goose Up

-- Polygons as tiles of low zooms draw them: with the vertices that can be told
-- apart there, and with shared borders shared. A row without shapes is drawn as
-- it is, so shapes may be absent but are never of another geometry than the
-- row's: whatever changes a row takes its shapes away in the same statement.
CREATE TABLE tile_shapes (
    collection  text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    version     bigint NOT NULL,
    srid        int NOT NULL,        -- of the grid, and of the shape
    zoom        smallint NOT NULL,   -- of the grid
    visibility  text COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'internal', 'restricted')), -- of the row
    shape       geometry(MultiPolygon) NOT NULL,
    PRIMARY KEY (collection, id, version, srid, zoom)
);
-- Read at every tile and written once: not compressed.
ALTER TABLE tile_shapes ALTER COLUMN shape SET STORAGE EXTERNAL;

-- The version of each collection that its shapes or ranks were made at. ranked is
-- the last zoom of Web Mercator at which points are taken by rank, -1 for none.
CREATE TABLE tile_states (
    collection  text COLLATE "C" PRIMARY KEY REFERENCES collection_versions ON DELETE CASCADE,
    version     bigint NOT NULL,
    epoch       uuid NOT NULL,
    ranked      smallint NOT NULL DEFAULT -1
);

-- +goose StatementBegin
CREATE FUNCTION shapes_outdated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tile_shapes s USING rows_before b WHERE s.collection = TG_ARGV[0] AND s.id = b.id AND s.version = b.version;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION shapes_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tile_shapes WHERE collection = TG_ARGV[0];
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- watch_shapes makes the polygons of a table ones that can have shapes; a
-- migration that makes such a table calls it. New shapes change tiles and not
-- rows, so they have a counter and blocks of their own, under the name of the
-- collection and "~shapes". The triggers fire after collection_changed, as
-- triggers go by name, and so find no shapes being written: whoever writes them
-- holds the row that collection_changed waits for.
-- +goose StatementBegin
CREATE FUNCTION watch_shapes(collection text, of_table regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    plain text := (SELECT relname FROM pg_class WHERE oid = of_table);
BEGIN
    INSERT INTO collection_versions (collection) VALUES (watch_shapes.collection || '~shapes') ON CONFLICT DO NOTHING;
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION shapes_outdated(%L)', plain || '_changed_shapes_update', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION shapes_outdated(%L)', plain || '_changed_shapes_delete', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %s EXECUTE FUNCTION shapes_truncated(%L)', plain || '_changed_shapes_truncate', of_table, collection);
END
$$;
-- +goose StatementEnd

SELECT watch_shapes(v.collection, g.f_table_name::regclass)
FROM collection_versions v
JOIN geometry_columns g ON g.f_table_schema = current_schema() AND g.f_table_name = replace(v.collection, '-', '_') AND g.f_geometry_column = 'geom_3857' AND g.type = 'MULTIPOLYGON'
ORDER BY v.collection;

-- Points that tiles of low zooms may show: those that come first by the rule of
-- their collection in some tile of zoom or of a zoom before. At zooms
-- beyond tile_states.ranked all points are looked at. New
-- points have zoom 0 until they are ranked, so that none is missed.
CREATE TABLE tile_ranks (
    collection  text COLLATE "C" NOT NULL,
    id          text COLLATE "C" NOT NULL,
    version     bigint NOT NULL,
    srid        int NOT NULL,        -- of the grid
    visibility  text COLLATE "C" NOT NULL CHECK (visibility IN ('public', 'internal', 'restricted')), -- of the row
    zoom        smallint NOT NULL,   -- of the grid: the first that may show it
    geom        geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (collection, id, version, srid)
);
CREATE INDEX tile_ranks_3857_4 ON tile_ranks USING gist (geom) WHERE srid = 3857 AND zoom <= 4;
CREATE INDEX tile_ranks_3857_6 ON tile_ranks USING gist (geom) WHERE srid = 3857 AND zoom <= 6;
CREATE INDEX tile_ranks_3857_8 ON tile_ranks USING gist (geom) WHERE srid = 3857 AND zoom <= 8;
CREATE INDEX tile_ranks_3857_10 ON tile_ranks USING gist (geom) WHERE srid = 3857 AND zoom <= 10;
CREATE INDEX tile_ranks_4326_4 ON tile_ranks USING gist (geom) WHERE srid = 4326 AND zoom <= 4;
CREATE INDEX tile_ranks_4326_6 ON tile_ranks USING gist (geom) WHERE srid = 4326 AND zoom <= 6;
CREATE INDEX tile_ranks_4326_8 ON tile_ranks USING gist (geom) WHERE srid = 4326 AND zoom <= 8;
CREATE INDEX tile_ranks_4326_10 ON tile_ranks USING gist (geom) WHERE srid = 4326 AND zoom <= 10;

-- +goose StatementBegin
CREATE FUNCTION ranks_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tile_ranks (collection, id, version, srid, visibility, zoom, geom)
    SELECT TG_ARGV[0], a.id, a.version, g.srid, a.visibility, 0, a.geom
    FROM rows_after a, (VALUES (3857), (4326)) AS g(srid)
    WHERE NOT ST_IsEmpty(a.geom) AND EXISTS (SELECT FROM tile_states WHERE collection = TG_ARGV[0] AND ranked >= 0)
    ON CONFLICT (collection, id, version, srid) DO UPDATE SET visibility = excluded.visibility, zoom = 0, geom = excluded.geom;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION ranks_outdated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tile_ranks r USING rows_before b WHERE r.collection = TG_ARGV[0] AND r.id = b.id AND r.version = b.version;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION ranks_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM tile_ranks WHERE collection = TG_ARGV[0];
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- watch_ranks is watch_shapes for a table of points. Of the two triggers of an
-- update, the one that takes away fires first.
-- +goose StatementBegin
CREATE FUNCTION watch_ranks(collection text, of_table regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    plain text := (SELECT relname FROM pg_class WHERE oid = of_table);
BEGIN
    INSERT INTO collection_versions (collection) VALUES (watch_ranks.collection || '~shapes') ON CONFLICT DO NOTHING;
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS rows_after EXECUTE FUNCTION ranks_added(%L)', plain || '_changed_ranks_insert', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION ranks_outdated(%L)', plain || '_changed_ranks_update_1', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING NEW TABLE AS rows_after EXECUTE FUNCTION ranks_added(%L)', plain || '_changed_ranks_update_2', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION ranks_outdated(%L)', plain || '_changed_ranks_delete', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %s EXECUTE FUNCTION ranks_truncated(%L)', plain || '_changed_ranks_truncate', of_table, collection);
END
$$;
-- +goose StatementEnd

SELECT watch_ranks(v.collection, g.f_table_name::regclass)
FROM collection_versions v
JOIN geometry_columns g ON g.f_table_schema = current_schema() AND g.f_table_name = replace(v.collection, '-', '_') AND g.f_geometry_column = 'geom_3857' AND g.type = 'POINT'
ORDER BY v.collection;

-- Shapes and ranks are seen by those who see their rows, where roles are.
-- +goose StatementBegin
DO $$
BEGIN
    IF to_regprocedure('guard_rows(regclass, text)') IS NOT NULL THEN
        PERFORM guard_rows('tile_shapes');
        PERFORM guard_rows('tile_ranks');
        GRANT SELECT ON tile_states TO quanyu_public, quanyu_internal, quanyu_all;
    END IF;
END
$$;
-- +goose StatementEnd
