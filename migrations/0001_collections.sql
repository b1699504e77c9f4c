-- +goose Up

-- Every collection has one table. The columns of a collection are those of
-- spatial/catalog.go, and a test keeps the two equal. In all of them:
--   id          URL-safe, from a natural key, never reused
--   version     of this row, from one sequence; the row's ETag
--   valid_from, valid_to   half-open civil dates (UTC+8), null = open; an id has
--               at most one row valid at any date
--   loaded_by   the loader that owns the row, null for rows of no loader
--   geom_3857   what tiles show. They find it by the index on geom, since a tile
--               is a box in longitude and latitude as well
-- Codes and identifiers sort by bytes, names by their language, whatever the
-- default of the server is.
CREATE EXTENSION IF NOT EXISTS postgis;

CREATE SEQUENCE row_version;

-- One counter a collection, raised by every statement that may have changed
-- it. Writers of a collection wait for each other on its row, so the counter
-- rises in the order of commits. epoch tells this database from another one
-- whose counters happen to stand as high.
CREATE TABLE collection_versions (
    collection  text COLLATE "C" PRIMARY KEY,
    version     bigint NOT NULL DEFAULT 1,
    changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    epoch       uuid NOT NULL DEFAULT gen_random_uuid()
);

-- +goose StatementBegin
CREATE FUNCTION collection_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO collection_versions AS v (collection) VALUES (TG_ARGV[0])
    ON CONFLICT (collection) DO UPDATE SET version = v.version + 1, changed_at = clock_timestamp();
    PERFORM pg_notify('quanyu_changed', TG_ARGV[0]);
    RETURN NULL;
END
$$;
-- +goose StatementEnd

CREATE TABLE divisions (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    adcode      text COLLATE "C",
    level       text COLLATE "C" CHECK (level IN ('country', 'province', 'prefecture', 'county', 'township')),
    division_type text COLLATE "C",
    parent_adcode text COLLATE "C",
    resident_population bigint,
    resident_population_year bigint,
    urban_population bigint,
    urban_population_year bigint,
    hukou_population bigint,
    hukou_population_year bigint,
    urban_district_population bigint,
    area_km2    double precision,
    population_source text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX divisions_one_start ON divisions (id, coalesce(valid_from, '-infinity'));
CREATE INDEX divisions_loaded_by ON divisions (loaded_by);
CREATE INDEX divisions_geom ON divisions USING gist (geom);
CREATE INDEX divisions_adcode ON divisions (adcode);
CREATE INDEX divisions_parent_adcode ON divisions (parent_adcode);
CREATE INDEX divisions_level ON divisions (level);
CREATE INDEX divisions_name_zh ON divisions (name_zh);
CREATE TRIGGER divisions_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON divisions EXECUTE FUNCTION collection_changed('divisions');
INSERT INTO collection_versions (collection) VALUES ('divisions');

CREATE TABLE seats (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    adcode      text COLLATE "C",
    level       text COLLATE "C" CHECK (level IN ('country', 'province', 'prefecture', 'county', 'township')),
    division_type text COLLATE "C",
    parent_adcode text COLLATE "C",
    province_adcode text COLLATE "C",
    seat_name_zh text COLLATE "zh-x-icu",
    resident_population bigint,
    resident_population_year bigint,
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX seats_one_start ON seats (id, coalesce(valid_from, '-infinity'));
CREATE INDEX seats_loaded_by ON seats (loaded_by);
CREATE INDEX seats_geom ON seats USING gist (geom);
CREATE INDEX seats_adcode ON seats (adcode);
CREATE INDEX seats_level ON seats (level);
CREATE INDEX seats_name_zh ON seats (name_zh);
CREATE TRIGGER seats_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON seats EXECUTE FUNCTION collection_changed('seats');
INSERT INTO collection_versions (collection) VALUES ('seats');

CREATE TABLE airports (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    iata        text COLLATE "C",
    icao        text COLLATE "C",
    kind        text COLLATE "C" CHECK (kind IN ('transport', 'general')),
    opened      date,
    opened_precision text COLLATE "C" CHECK (opened_precision IN ('day', 'month', 'year')),
    closed      date,
    closed_precision text COLLATE "C" CHECK (closed_precision IN ('day', 'month', 'year')),
    province_adcode text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX airports_one_start ON airports (id, coalesce(valid_from, '-infinity'));
CREATE INDEX airports_loaded_by ON airports (loaded_by);
CREATE INDEX airports_geom ON airports USING gist (geom);
CREATE INDEX airports_iata ON airports (iata);
CREATE INDEX airports_name_zh ON airports (name_zh);
CREATE TRIGGER airports_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON airports EXECUTE FUNCTION collection_changed('airports');
INSERT INTO collection_versions (collection) VALUES ('airports');

CREATE TABLE border_places (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    tier        text COLLATE "C" CHECK (tier IN ('prefecture', 'county', 'port', 'town')),
    role        text COLLATE "C" CHECK (role IN ('support', 'build', 'upgrade', 'none')),
    kind        text COLLATE "C",
    neighbour   text COLLATE "C",
    adcode      text COLLATE "C",
    plan        text COLLATE "C" CHECK (plan IN ('national-14fyp', 'sichuan-14fyp')),
    article     bigint,
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX border_places_one_start ON border_places (id, coalesce(valid_from, '-infinity'));
CREATE INDEX border_places_loaded_by ON border_places (loaded_by);
CREATE INDEX border_places_geom ON border_places USING gist (geom);
CREATE TRIGGER border_places_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON border_places EXECUTE FUNCTION collection_changed('border-places');
INSERT INTO collection_versions (collection) VALUES ('border-places');

-- Roads are hundreds of thousands of rows a network, replaced as a whole, so
-- this table has only the indexes that are used; ids are unique by how the
-- network makes them.
CREATE TABLE roads (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    network     text COLLATE "C",
    network_kind text COLLATE "C" CHECK (network_kind IN ('imported', 'condensed')),
    mode        text COLLATE "C" CHECK (mode IN ('car', 'bike', 'walk')),
    profile     text COLLATE "C",
    from_node   bigint,
    to_node     bigint,
    class       text COLLATE "C",
    length_m    double precision,
    speed_kmh   double precision,
    seconds_forward double precision,
    seconds_backward double precision,
    geom        geometry(LineString, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE INDEX roads_loaded_by ON roads (loaded_by);
CREATE INDEX roads_geom ON roads USING gist (geom);
CREATE INDEX roads_network_mode ON roads (network, mode);
-- What tiles of low zooms take: the bounds of TileRule.Details.
CREATE INDEX roads_geom_2km ON roads USING gist (geom) WHERE length_m >= 2000;
CREATE INDEX roads_geom_5km ON roads USING gist (geom) WHERE length_m >= 5000;
CREATE TRIGGER roads_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON roads EXECUTE FUNCTION collection_changed('roads');
INSERT INTO collection_versions (collection) VALUES ('roads');

CREATE TABLE targets (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    plan        text COLLATE "C" CHECK (plan IN ('national-14fyp', 'sichuan-14fyp')),
    article     bigint,
    indicator   text COLLATE "C",
    comparator  text COLLATE "C",
    value       double precision,
    unit        text COLLATE "C",
    scope       text COLLATE "C",
    target_year bigint,
    baseline_value double precision,
    baseline_year bigint,
    quote_zh    text COLLATE "zh-x-icu",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX targets_one_start ON targets (id, coalesce(valid_from, '-infinity'));
CREATE INDEX targets_loaded_by ON targets (loaded_by);
CREATE TRIGGER targets_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON targets EXECUTE FUNCTION collection_changed('targets');
INSERT INTO collection_versions (collection) VALUES ('targets');

CREATE TABLE datasets (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    title       text COLLATE "C",
    licence     text COLLATE "C",
    attribution text COLLATE "C",
    retrieved   date,
    dataset_version text COLLATE "C",
    sha256      text COLLATE "C",
    rows        bigint,
    kind        text COLLATE "C" CHECK (kind IN ('measured', 'modelled')),
    report      jsonb,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX datasets_one_start ON datasets (id, coalesce(valid_from, '-infinity'));
CREATE INDEX datasets_loaded_by ON datasets (loaded_by);
CREATE TRIGGER datasets_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON datasets EXECUTE FUNCTION collection_changed('datasets');
INSERT INTO collection_versions (collection) VALUES ('datasets');

-- What each loader has stored, so that storing it again does nothing.
CREATE TABLE loads (
    name       text COLLATE "C" PRIMARY KEY,
    hash       text COLLATE "C" NOT NULL,
    loaded_at  timestamptz NOT NULL DEFAULT now(),
    counts     jsonb NOT NULL
);

-- The routing graphs. artifact is the SHA-256 of the encoded graph, whose
-- bytes are in network_artifacts; two networks of equal content share them.
CREATE TABLE networks (
    name             text COLLATE "C" PRIMARY KEY,
    kind             text COLLATE "C" NOT NULL CHECK (kind IN ('imported', 'condensed')),
    version          text COLLATE "C" NOT NULL,
    artifact         text COLLATE "C" NOT NULL,
    extent           geometry(Polygon, 4326) NOT NULL,
    dataset          text COLLATE "C" NOT NULL,
    dataset_version  text COLLATE "C" NOT NULL,
    roads            bigint NOT NULL,
    imported_at      timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER networks_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON networks EXECUTE FUNCTION collection_changed('networks');
INSERT INTO collection_versions (collection) VALUES ('networks');

CREATE TABLE network_artifacts (
    hash   text COLLATE "C" NOT NULL,
    seq    int NOT NULL,
    bytes  bytea NOT NULL,
    PRIMARY KEY (hash, seq)
);
-- Graphs hold numbers that the server's compression would only waste time on.
ALTER TABLE network_artifacts ALTER COLUMN bytes SET STORAGE EXTERNAL;
