-- +goose Up

-- The collections of settlement, land and plans, and the audit log of every
-- collection. The columns follow the rules of 0001; plan is an open list in
-- them, since a province adds its own plan as data.
ALTER TABLE city_clusters
    ADD COLUMN role            text COLLATE "C",
    ADD COLUMN centre_adcodes  text[] COLLATE "C",
    ADD COLUMN geometry_status text COLLATE "C",
    ADD COLUMN source_ref      text COLLATE "C",
    ADD COLUMN licence         text COLLATE "C",
    ADD COLUMN source_date     date,
    ADD COLUMN confidence      text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low'));

CREATE TABLE cities (
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
    province_adcode text COLLATE "C",
    level       text COLLATE "C" CHECK (level IN ('province', 'prefecture', 'county')),
    urban_resident_population bigint,
    urban_resident_population_year bigint,
    size_class  text COLLATE "C",
    settlement_policy text COLLATE "C",
    population_source text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX cities_one_start ON cities (id, coalesce(valid_from, '-infinity'));
CREATE INDEX cities_loaded_by ON cities (loaded_by);
CREATE INDEX cities_geom ON cities USING gist (geom);
CREATE INDEX cities_adcode ON cities (adcode);
CREATE INDEX cities_size_class ON cities (size_class);
CREATE TRIGGER cities_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cities EXECUTE FUNCTION collection_changed('cities');
INSERT INTO collection_versions (collection) VALUES ('cities');
SELECT watch_blocks('cities');

CREATE TABLE metropolitan_areas (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    plan        text COLLATE "C",
    article     bigint,
    role        text COLLATE "C",
    centre_adcode text COLLATE "C",
    approved    date,
    member_adcodes text[] COLLATE "C",
    mentions    jsonb,
    geometry_status text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX metropolitan_areas_one_start ON metropolitan_areas (id, coalesce(valid_from, '-infinity'));
CREATE INDEX metropolitan_areas_loaded_by ON metropolitan_areas (loaded_by);
CREATE INDEX metropolitan_areas_geom ON metropolitan_areas USING gist (geom);
CREATE TRIGGER metropolitan_areas_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON metropolitan_areas EXECUTE FUNCTION collection_changed('metropolitan-areas');
INSERT INTO collection_versions (collection) VALUES ('metropolitan-areas');
SELECT watch_blocks('metropolitan-areas');

CREATE TABLE development_axes (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C" CHECK (kind IN ('axis', 'belt', 'corridor')),
    plan        text COLLATE "C",
    article     bigint,
    role        text COLLATE "C",
    member_adcodes text[] COLLATE "C",
    mentions    jsonb,
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(LineString, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX development_axes_one_start ON development_axes (id, coalesce(valid_from, '-infinity'));
CREATE INDEX development_axes_loaded_by ON development_axes (loaded_by);
CREATE INDEX development_axes_geom ON development_axes USING gist (geom);
CREATE TRIGGER development_axes_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON development_axes EXECUTE FUNCTION collection_changed('development-axes');
INSERT INTO collection_versions (collection) VALUES ('development-axes');
SELECT watch_blocks('development-axes');

CREATE TABLE stations (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C" CHECK (kind IN ('high-speed', 'conventional', 'metro')),
    opened      date,
    opened_precision text COLLATE "C" CHECK (opened_precision IN ('day', 'month', 'year')),
    closed      date,
    closed_precision text COLLATE "C" CHECK (closed_precision IN ('day', 'month', 'year')),
    adcode      text COLLATE "C",
    lines       text[] COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX stations_one_start ON stations (id, coalesce(valid_from, '-infinity'));
CREATE INDEX stations_loaded_by ON stations (loaded_by);
CREATE INDEX stations_geom ON stations USING gist (geom);
CREATE INDEX stations_kind ON stations (kind);
CREATE TRIGGER stations_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON stations EXECUTE FUNCTION collection_changed('stations');
INSERT INTO collection_versions (collection) VALUES ('stations');
SELECT watch_blocks('stations');

CREATE TABLE facilities (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C",
    capacity    double precision,
    unit        text COLLATE "C",
    opened      date,
    opened_precision text COLLATE "C" CHECK (opened_precision IN ('day', 'month', 'year')),
    closed      date,
    closed_precision text COLLATE "C" CHECK (closed_precision IN ('day', 'month', 'year')),
    adcode      text COLLATE "C",
    address_zh  text COLLATE "zh-x-icu",
    operator    text COLLATE "C",
    status      text COLLATE "C",
    note        text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(Point, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX facilities_one_start ON facilities (id, coalesce(valid_from, '-infinity'));
CREATE INDEX facilities_loaded_by ON facilities (loaded_by);
CREATE INDEX facilities_geom ON facilities USING gist (geom);
CREATE INDEX facilities_kind ON facilities (kind);
CREATE TRIGGER facilities_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON facilities EXECUTE FUNCTION collection_changed('facilities');
INSERT INTO collection_versions (collection) VALUES ('facilities');
SELECT watch_blocks('facilities');

-- valid_from and valid_to are properties of a line as well.
CREATE TABLE control_lines (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C" CHECK (kind IN ('farmland', 'ecological', 'development')),
    line_version text COLLATE "C",
    area_mu     double precision,
    adcode      text COLLATE "C",
    legal_basis text COLLATE "C",
    note        text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX control_lines_one_start ON control_lines (id, coalesce(valid_from, '-infinity'));
CREATE INDEX control_lines_loaded_by ON control_lines (loaded_by);
CREATE INDEX control_lines_geom ON control_lines USING gist (geom);
CREATE INDEX control_lines_kind ON control_lines (kind);
CREATE TRIGGER control_lines_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON control_lines EXECUTE FUNCTION collection_changed('control-lines');
INSERT INTO collection_versions (collection) VALUES ('control-lines');
SELECT watch_blocks('control-lines');

CREATE TABLE zones (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C",
    grade       text COLLATE "C",
    plan        text COLLATE "C",
    article     bigint,
    role        text COLLATE "C",
    status      text COLLATE "C",
    designated  date,
    height_limit_m double precision,
    adcode      text COLLATE "C",
    member_adcodes text[] COLLATE "C",
    geometry_status text COLLATE "C",
    note        text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX zones_one_start ON zones (id, coalesce(valid_from, '-infinity'));
CREATE INDEX zones_loaded_by ON zones (loaded_by);
CREATE INDEX zones_geom ON zones USING gist (geom);
CREATE INDEX zones_kind ON zones (kind);
CREATE TRIGGER zones_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON zones EXECUTE FUNCTION collection_changed('zones');
INSERT INTO collection_versions (collection) VALUES ('zones');
SELECT watch_blocks('zones');

CREATE TABLE proposals (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    kind        text COLLATE "C",
    height_m    double precision,
    floor_area_m2 double precision,
    land_area_mu double precision,
    new_land_area_mu double precision,
    status      text COLLATE "C",
    adcode      text COLLATE "C",
    applicant   text COLLATE "C",
    submitted   date,
    decided     date,
    note        text COLLATE "C",
    geom        geometry(MultiPolygon, 4326) CHECK (ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180 AND ST_YMin(geom) >= -90 AND ST_YMax(geom) <= 90),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX proposals_one_start ON proposals (id, coalesce(valid_from, '-infinity'));
CREATE INDEX proposals_loaded_by ON proposals (loaded_by);
CREATE INDEX proposals_geom ON proposals USING gist (geom);
CREATE INDEX proposals_status ON proposals (status);
CREATE TRIGGER proposals_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON proposals EXECUTE FUNCTION collection_changed('proposals');
INSERT INTO collection_versions (collection) VALUES ('proposals');
SELECT watch_blocks('proposals');

CREATE TABLE rules (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    applies_to  text COLLATE "C",
    collection  text COLLATE "C",
    feature_kind text COLLATE "C",
    measure     text COLLATE "C",
    comparator  text COLLATE "C",
    threshold   double precision,
    unit        text COLLATE "C",
    verdict     text COLLATE "C" CHECK (verdict IN ('allowed', 'conditional', 'forbidden')),
    adcode      text COLLATE "C",
    plan        text COLLATE "C",
    article     bigint,
    quote_zh    text COLLATE "zh-x-icu",
    note        text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX rules_one_start ON rules (id, coalesce(valid_from, '-infinity'));
CREATE INDEX rules_loaded_by ON rules (loaded_by);
CREATE TRIGGER rules_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON rules EXECUTE FUNCTION collection_changed('rules');
INSERT INTO collection_versions (collection) VALUES ('rules');

CREATE TABLE quota_ledger (
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
    year        bigint,
    kind        text COLLATE "C",
    area_mu     double precision,
    counter_adcode text COLLATE "C",
    proposal    text COLLATE "C",
    recorded_at timestamptz,
    recorded_by text COLLATE "C",
    override_by text COLLATE "C",
    plan        text COLLATE "C",
    article     bigint,
    note        text COLLATE "C",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX quota_ledger_one_start ON quota_ledger (id, coalesce(valid_from, '-infinity'));
CREATE INDEX quota_ledger_loaded_by ON quota_ledger (loaded_by);
CREATE INDEX quota_ledger_adcode_year ON quota_ledger (adcode, year);
CREATE TRIGGER quota_ledger_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON quota_ledger EXECUTE FUNCTION collection_changed('quota-ledger');
INSERT INTO collection_versions (collection) VALUES ('quota-ledger');

CREATE TABLE plans (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    title_zh    text COLLATE "zh-x-icu",
    issuer      text COLLATE "C",
    document_number text COLLATE "C",
    issued      date,
    period_from bigint,
    period_to   bigint,
    adcode      text COLLATE "C",
    article_count bigint,
    url         text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX plans_one_start ON plans (id, coalesce(valid_from, '-infinity'));
CREATE INDEX plans_loaded_by ON plans (loaded_by);
CREATE TRIGGER plans_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON plans EXECUTE FUNCTION collection_changed('plans');
INSERT INTO collection_versions (collection) VALUES ('plans');

CREATE TABLE articles (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    plan        text COLLATE "C",
    number      bigint,
    title_zh    text COLLATE "zh-x-icu",
    title_en    text COLLATE "C",
    chapter     bigint,
    chapter_title_zh text COLLATE "zh-x-icu",
    chapter_title_en text COLLATE "C",
    summary_en  text COLLATE "C",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX articles_one_start ON articles (id, coalesce(valid_from, '-infinity'));
CREATE INDEX articles_loaded_by ON articles (loaded_by);
CREATE INDEX articles_plan_number ON articles (plan, number);
CREATE TRIGGER articles_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON articles EXECUTE FUNCTION collection_changed('articles');
INSERT INTO collection_versions (collection) VALUES ('articles');

CREATE TABLE systems (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    "group"     text COLLATE "C",
    rank        text COLLATE "C" CHECK (rank IN ('core', 'main', 'extended')),
    plan_articles text[] COLLATE "C",
    formula     text COLLATE "C",
    inputs      jsonb,
    parameters  jsonb,
    target_ids  text[] COLLATE "C",
    unit        text COLLATE "C",
    status      text COLLATE "C" CHECK (status IN ('computed', 'ready', 'observed', 'recorded')),
    reason      text COLLATE "C",
    verification text COLLATE "C",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX systems_one_start ON systems (id, coalesce(valid_from, '-infinity'));
CREATE INDEX systems_loaded_by ON systems (loaded_by);
CREATE TRIGGER systems_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON systems EXECUTE FUNCTION collection_changed('systems');
INSERT INTO collection_versions (collection) VALUES ('systems');

CREATE TABLE indicators (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    definition_zh text COLLATE "zh-x-icu",
    definition_en text COLLATE "C",
    unit        text COLLATE "C",
    numerator   text COLLATE "C",
    denominator text COLLATE "C",
    roll_up     text COLLATE "C" CHECK (roll_up IN ('sum', 'ratio-of-sums', 'none')),
    low         double precision,
    high        double precision,
    system      text COLLATE "C",
    note        text COLLATE "C",
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX indicators_one_start ON indicators (id, coalesce(valid_from, '-infinity'));
CREATE INDEX indicators_loaded_by ON indicators (loaded_by);
CREATE TRIGGER indicators_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON indicators EXECUTE FUNCTION collection_changed('indicators');
INSERT INTO collection_versions (collection) VALUES ('indicators');

CREATE TABLE observations (
    id          text COLLATE "C" NOT NULL CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'public' CHECK (visibility IN ('public', 'internal', 'restricted')),
    indicator   text COLLATE "C",
    adcode      text COLLATE "C",
    year        bigint,
    value       double precision,
    unit        text COLLATE "C",
    kind        text COLLATE "C" CHECK (kind IN ('measured', 'computed', 'modelled')),
    original    text COLLATE "C",
    note        text COLLATE "C",
    source_ref  text COLLATE "C",
    licence     text COLLATE "C",
    source_date date,
    confidence  text COLLATE "C" CHECK (confidence IN ('high', 'medium', 'low')),
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX observations_one_start ON observations (id, coalesce(valid_from, '-infinity'));
CREATE INDEX observations_loaded_by ON observations (loaded_by);
CREATE INDEX observations_indicator_adcode_year ON observations (indicator, adcode, year);
CREATE INDEX observations_adcode ON observations (adcode);
CREATE TRIGGER observations_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON observations EXECUTE FUNCTION collection_changed('observations');
INSERT INTO collection_versions (collection) VALUES ('observations');

-- What was changed, by whom. Triggers append to it in the transaction of the
-- change itself, so changes by SQL leave their trace as well. It has no counter
-- in collection_versions: a load holds the counters that it raised until it
-- commits, and every other writer would wait for it here.
CREATE SEQUENCE audit_entry;
CREATE TABLE audit_log (
    id          text COLLATE "C" NOT NULL DEFAULT lpad(nextval('audit_entry')::text, 12, '0') CHECK (id ~ '^[A-Za-z0-9._~:-]+$' AND length(id) <= 200),
    version     bigint NOT NULL DEFAULT nextval('row_version'),
    valid_from  date,
    valid_to    date CHECK (valid_from < valid_to),
    loaded_by   text COLLATE "C",
    name_zh     text COLLATE "zh-x-icu",
    name_en     text COLLATE "en-x-icu",
    dataset     text COLLATE "C",
    visibility  text COLLATE "C" NOT NULL DEFAULT 'restricted' CHECK (visibility IN ('public', 'internal', 'restricted')),
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    caller      text COLLATE "C",
    caller_name text COLLATE "C",
    request_id  text COLLATE "C",
    collection  text COLLATE "C" NOT NULL,
    feature_id  text COLLATE "C",
    action      text COLLATE "C" NOT NULL CHECK (action IN ('create', 'update', 'delete', 'truncate')),
    loader      text COLLATE "C",
    rows        bigint,
    before      jsonb,
    after       jsonb,
    PRIMARY KEY (id, version)
);
CREATE INDEX audit_log_feature ON audit_log (collection, feature_id);
CREATE INDEX audit_log_at ON audit_log (at);

-- +goose StatementBegin
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only appended to' USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log EXECUTE FUNCTION audit_kept();

-- Whether each row of a statement has an entry of its own, with the row before
-- and after. A load, and a statement on more rows than anyone reads one by one,
-- has an entry a loader with the number of rows: 300,000 roads are one entry.
-- The program says in settings of its transaction who changes and whether it
-- loads.
-- +goose StatementBegin
CREATE FUNCTION audited_each(rows bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT rows <= 1000 AND coalesce(current_setting('quanyu.loading', true), '') = ''
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audited_caller(OUT caller text, OUT caller_name text, OUT request_id text) LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('quanyu.caller', true), ''), 'database:' || session_user),
        nullif(current_setting('quanyu.caller_name', true), ''), nullif(current_setting('quanyu.request_id', true), '')
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF audited_each((SELECT count(*) FROM rows_after)) THEN
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, feature_id, rows, after)
        SELECT w.*, TG_ARGV[0], 'create', r.id, 1, to_jsonb(r) - 'geom_3857' FROM rows_after r, audited_caller() w;
    ELSE
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, loader, rows)
        SELECT w.*, TG_ARGV[0], 'create', r.* FROM (SELECT loaded_by, count(*) FROM rows_after GROUP BY loaded_by) r, audited_caller() w;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audit_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF audited_each((SELECT count(*) FROM rows_before)) THEN
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, feature_id, rows, before)
        SELECT w.*, TG_ARGV[0], 'delete', r.id, 1, to_jsonb(r) - 'geom_3857' FROM rows_before r, audited_caller() w;
    ELSE
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, loader, rows)
        SELECT w.*, TG_ARGV[0], 'delete', r.* FROM (SELECT loaded_by, count(*) FROM rows_before GROUP BY loaded_by) r, audited_caller() w;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- The two tables of an update hold its rows in the same order, in which they
-- were written; any column may have changed, so the order is what pairs them.
-- +goose StatementBegin
CREATE FUNCTION audit_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF audited_each((SELECT count(*) FROM rows_after)) THEN
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, feature_id, rows, before, after)
        SELECT w.*, TG_ARGV[0], 'update', a.id, 1, b.row, a.row
        FROM (SELECT row_number() OVER () AS place, to_jsonb(r) - 'geom_3857' AS row FROM rows_before r) b
        JOIN (SELECT row_number() OVER () AS place, id, to_jsonb(r) - 'geom_3857' AS row FROM rows_after r) a USING (place), audited_caller() w;
    ELSE
        INSERT INTO audit_log (caller, caller_name, request_id, collection, action, loader, rows)
        SELECT w.*, TG_ARGV[0], 'update', r.* FROM (SELECT loaded_by, count(*) FROM rows_after GROUP BY loaded_by) r, audited_caller() w;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION audit_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_log (caller, caller_name, request_id, collection, action) SELECT w.*, TG_ARGV[0], 'truncate' FROM audited_caller() w;
    RETURN NULL;
END
$$;
-- +goose StatementEnd

-- audit_changes puts the triggers on the table of a collection; a migration that
-- makes such a table calls it.
-- +goose StatementBegin
CREATE FUNCTION audit_changes(collection text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_table text := replace(collection, '-', '_');
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS rows_after EXECUTE FUNCTION audit_inserted(%L)', of_table || '_audit_insert', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS rows_before EXECUTE FUNCTION audit_deleted(%L)', of_table || '_audit_delete', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after EXECUTE FUNCTION audit_updated(%L)', of_table || '_audit_update', of_table, collection);
    EXECUTE format('CREATE TRIGGER %I AFTER TRUNCATE ON %I EXECUTE FUNCTION audit_truncated(%L)', of_table || '_audit_truncate', of_table, collection);
END
$$;
-- +goose StatementEnd

SELECT audit_changes(v.collection)
FROM collection_versions v
JOIN information_schema.columns i ON i.table_schema = current_schema() AND i.table_name = replace(v.collection, '-', '_') AND i.column_name = 'visibility'
ORDER BY v.collection;
