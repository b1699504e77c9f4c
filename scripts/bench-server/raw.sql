CREATE TABLE raw_divisions AS
SELECT id, name_zh, name_en, adcode, level, resident_population, geom_3857 AS geom FROM divisions;
CREATE INDEX ON raw_divisions USING gist (geom);

CREATE TABLE raw_points AS
SELECT id, name_zh, name_en, kind, geom_3857 AS geom FROM points_in;
CREATE INDEX ON raw_points USING gist (geom);

-- What pgbench draws from at random: tiles and boxes by case.
CREATE TABLE asked (name text, i int, tile geometry, box geometry, PRIMARY KEY (name, i));
