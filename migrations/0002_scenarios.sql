-- +goose Up

-- The scenarios that processes are run under, and the clusters that city-reach
-- groups its cities by. The columns follow the rules of 0001.
CREATE TABLE scenarios (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    base        text COLLATE "C",
    edits       jsonb,
    status      text COLLATE "C",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX scenarios_one_start ON scenarios (id, coalesce(valid_from, '-infinity'));
CREATE INDEX scenarios_loaded_by ON scenarios (loaded_by);
CREATE TRIGGER scenarios_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON scenarios EXECUTE FUNCTION collection_changed('scenarios');
INSERT INTO collection_versions (collection) VALUES ('scenarios');

CREATE TABLE city_clusters (
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
    tier        text COLLATE "C",
    article     bigint,
    member_adcodes text[] COLLATE "C",
    mentions    jsonb,
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX city_clusters_one_start ON city_clusters (id, coalesce(valid_from, '-infinity'));
CREATE INDEX city_clusters_loaded_by ON city_clusters (loaded_by);
CREATE INDEX city_clusters_geom ON city_clusters USING gist (geom);
CREATE TRIGGER city_clusters_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON city_clusters EXECUTE FUNCTION collection_changed('city-clusters');
INSERT INTO collection_versions (collection) VALUES ('city-clusters');
