-- What pgRouting reads: an edge a row, costs in milliseconds, negative where
-- closed. lon and lat are the place of the source, for the box around a centre.
CREATE UNLOGGED TABLE edges (
    id           bigint PRIMARY KEY,
    source       bigint NOT NULL,
    target       bigint NOT NULL,
    cost         float8 NOT NULL,
    reverse_cost float8 NOT NULL,
    lon          float8 NOT NULL,
    lat          float8 NOT NULL
);
