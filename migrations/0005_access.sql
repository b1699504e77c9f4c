-- +goose Up

-- Who may see which rows. Readers come as one of three roles, which nobody can
-- log in as; the owner of the tables, who migrates, loads and writes, is not
-- bound by policies. Roles belong to the whole cluster, so another database may
-- have made them, or be making them now.
-- +goose StatementBegin
DO $$
DECLARE
    wanted text;
    missing boolean;
    usable boolean;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['quanyu_public', 'quanyu_internal', 'quanyu_all'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL; -- another database was quicker
        END;
        BEGIN
            -- From PostgreSQL 16 on, to be a member and to take the role are two things.
            usable := pg_has_role(current_user, wanted, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END);
            IF NOT usable THEN
                EXECUTE format('GRANT %I TO %I', wanted, current_user);
            END IF;
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END LOOP;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the database user % may not make roles: have an administrator of the server run "CREATE ROLE quanyu_public NOLOGIN; CREATE ROLE quanyu_internal NOLOGIN; CREATE ROLE quanyu_all NOLOGIN; GRANT quanyu_public, quanyu_internal, quanyu_all TO %;" and migrate again', current_user, quote_ident(current_user)
        USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

-- guard_rows lets each role see the rows of a table that its sight allows; a
-- migration that makes a table with a column visibility calls it. With
-- narrowest 'all' only quanyu_all sees any row, and the others an empty table.
-- There is one static policy a role, so that the planner sees what an explicit
-- condition would show it, or nothing at all.
-- +goose StatementBegin
CREATE FUNCTION guard_rows(guarded regclass, narrowest text DEFAULT 'public') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    of_schema text := (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = guarded);
    rules CONSTANT text[] := ARRAY[
        ['quanyu_public', 'visibility = ''public'''],
        ['quanyu_internal', 'visibility IN (''public'', ''internal'')'],
        ['quanyu_all', 'true']];
    rule text[];
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO quanyu_public, quanyu_internal, quanyu_all', of_schema);
    EXECUTE format('GRANT SELECT ON %s TO quanyu_public, quanyu_internal, quanyu_all', guarded);
    FOREACH rule SLICE 1 IN ARRAY rules LOOP
        EXECUTE format('DROP POLICY IF EXISTS %I ON %s', rule[1], guarded);
        IF narrowest = 'public' OR rule[1] = 'quanyu_all' THEN
            EXECUTE format('CREATE POLICY %I ON %s FOR SELECT TO %I USING (%s)', rule[1], guarded, rule[1], rule[2]);
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd

-- open_rows lets every reader see all of a table; for tables whose rows have no
-- visibility of their own.
-- +goose StatementBegin
CREATE FUNCTION open_rows(opened regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO quanyu_public, quanyu_internal, quanyu_all', (SELECT relnamespace::regnamespace FROM pg_class WHERE oid = opened));
    EXECUTE format('GRANT SELECT ON %s TO quanyu_public, quanyu_internal, quanyu_all', opened);
END
$$;
-- +goose StatementEnd

SELECT guard_rows(c.oid::regclass, CASE c.relname WHEN 'audit_log' THEN 'all' ELSE 'public' END)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
  AND (c.relname = 'audit_log' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'visibility' AND NOT a.attisdropped))
ORDER BY c.relname;

SELECT open_rows(name::regclass) FROM unnest(ARRAY['collection_versions', 'block_versions', 'loads', 'networks', 'network_artifacts']) name;

-- Under row-level security a condition may be looked up in an index only if its
-- function is marked LEAKPROOF, and PostGIS marks none of its own. leaky_filters
-- lists the statements that mark those which our queries need; only a superuser
-- may run them, and an update of PostGIS undoes them. That of && compares two
-- boxes, reports nothing and raises no error on any geometry, which is what the
-- mark promises. ST_Intersects and its like are not marked: their errors name
-- coordinates. The comparisons of PostgreSQL's own types are marked by itself.
-- +goose StatementBegin
CREATE FUNCTION leaky_filters() RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT format('ALTER FUNCTION %s LEAKPROOF', p.oid::regprocedure)
    FROM pg_operator o JOIN pg_proc p ON p.oid = o.oprcode
    WHERE o.oprname = '&&' AND o.oprleft = 'geometry'::regtype AND o.oprright = 'geometry'::regtype AND NOT p.proleakproof
    ORDER BY 1
$$;
-- +goose StatementEnd

-- Keys of callers. The secret is 256 random bits and is stored as its SHA-256:
-- salt and a slow hash are for secrets that people choose, and can be guessed.
-- No reader's role may read this table.
CREATE TABLE api_keys (
    id           text COLLATE "C" PRIMARY KEY,
    hash         bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
    name         text COLLATE "C" NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    role         text COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'planner', 'admin')),
    scopes       text[] COLLATE "C" NOT NULL DEFAULT '{}', -- empty: all that the role may
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz -- to about a minute
);
