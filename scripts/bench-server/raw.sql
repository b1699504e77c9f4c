CREATE TABLE raw_divisions AS
SELECT id, name_zh, name_en, adcode, level, resident_population, geom_3857 AS geom FROM divisions;
CREATE INDEX ON raw_divisions USING gist (geom);

CREATE TABLE raw_facilities AS
SELECT id, name_zh, name_en, kind, capacity, unit, geom_3857 AS geom FROM facilities;
CREATE INDEX ON raw_facilities USING gist (geom);

-- What pgbench draws from at random: tiles and boxes by case.
CREATE TABLE asked (name text, i int, tile geometry, PRIMARY KEY (name, i));
