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

-- The version of each collection that its shapes were made at.
CREATE TABLE tile_states (
    collection  text COLLATE "C" PRIMARY KEY REFERENCES collection_versions ON DELETE CASCADE,
    version     bigint NOT NULL,
    epoch       uuid NOT NULL
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

-- Shapes are seen by those who see their rows, where roles are.
-- +goose StatementBegin
DO $$
BEGIN
    IF to_regprocedure('guard_rows(regclass, text)') IS NOT NULL THEN
        PERFORM guard_rows('tile_shapes');
    END IF;
END
$$;
-- +goose StatementEnd
