-- +goose Up
-- The order of a free text is that of its first 128 characters, then id and
-- version (spatial/postgis/ordering.go): an index on the whole text gives no
-- page of it. Tables that grow to hundreds of thousands of rows have one in
-- that order. Of 300,000 facilities the first rows by name are found in 0.2 ms
-- and not in 600 ms (two busy cores); adding as many takes 24 s and not 15 s.
CREATE INDEX facilities_name_order ON facilities (left(name_zh, 128), id, version);
CREATE INDEX control_lines_name_order ON control_lines (left(name_zh, 128), id, version);
CREATE INDEX zones_name_order ON zones (left(name_zh, 128), id, version);
CREATE INDEX observations_adcode_order ON observations (left(adcode, 128), id, version);
