-- +goose Up

-- What the settlement facts say of their features besides 0004: which members
-- belong in part only, how exactly a date is known, where plans speak of them,
-- and how far border places are from the border.
ALTER TABLE cities ADD COLUMN mentions jsonb;

ALTER TABLE city_clusters ADD COLUMN partial_adcodes text[] COLLATE "C";

ALTER TABLE metropolitan_areas
    ADD COLUMN approved_precision text COLLATE "C" CHECK (approved_precision IN ('day', 'month', 'year')),
    ADD COLUMN partial_adcodes    text[] COLLATE "C",
    ADD COLUMN core_adcodes       text[] COLLATE "C";

ALTER TABLE development_axes
    ADD COLUMN carrier         text COLLATE "C",
    ADD COLUMN line_adcodes    text[] COLLATE "C",
    ADD COLUMN geometry_status text COLLATE "C";

ALTER TABLE zones
    ADD COLUMN designated_precision text COLLATE "C" CHECK (designated_precision IN ('day', 'month', 'year')),
    ADD COLUMN partial_adcodes      text[] COLLATE "C",
    ADD COLUMN mentions             jsonb;

ALTER TABLE border_places
    ADD COLUMN border_distance_km           double precision,
    ADD COLUMN border_distance_tolerance_km double precision,
    ADD COLUMN border_distance_source       text COLLATE "C",
    ADD COLUMN border_distance_date         date,
    ADD COLUMN mentions                     jsonb;

-- Distances to a border layer of the operator's own. They stand in place of
-- the shipped ones, also after the facts are loaded anew.
CREATE TABLE border_distances (
    place         text COLLATE "C" PRIMARY KEY,
    km            double precision NOT NULL CHECK (km >= 0),
    tolerance_km  double precision NOT NULL CHECK (tolerance_km >= 0),
    dataset       text COLLATE "C" NOT NULL,
    layer_date    date
);
