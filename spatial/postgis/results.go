package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// A result is bounded: its bytes, the rows and columns of each of its tables.
const (
	maxResultBytes   = 512 << 20
	maxResultRows    = 1_000_000
	maxResultColumns = 200
)

// resultSchema holds the tables of results.
const resultSchema = "results"

// storeOutputs stores what a run gave, and makes a table of each list of
// features. It tells the bytes that are kept.
func storeOutputs(ctx context.Context, tx pgx.Tx, r *run, outputs []spatial.RunOutput) (bytes int64, err error) {
	for _, out := range outputs {
		bytes += int64(len(out.Body))
	}
	if bytes > maxResultBytes {
		return 0, spatial.Errorf(spatial.TooLarge, "The result has %d bytes; %d is the most that is kept.", bytes, maxResultBytes)
	}
	for i, out := range outputs {
		var relation *string
		var about *spatial.Collection
		if out.Features != nil {
			c, err := storeTable(ctx, tx, fmt.Sprintf("%s.r%s_%d", resultSchema, r.id, i), r.caller.Sees(), out)
			if err != nil {
				return 0, fmt.Errorf("output %s: %w", out.ID, err)
			}
			var size int64
			if err := tx.QueryRow(ctx, "SELECT pg_total_relation_size($1::regclass)", c.Relation).Scan(&size); err != nil {
				return 0, err
			}
			bytes += size
			relation, about = &c.Relation, &c
		}
		if _, err := tx.Exec(ctx, "INSERT INTO run_outputs (run, position, output, media_type, body, relation, about) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			r.id, i, out.ID, out.MediaType, out.Body, relation, about); err != nil {
			return 0, err
		}
	}
	return bytes, nil
}

// storeTable makes the table of a list of features and fills it.
func storeTable(ctx context.Context, tx pgx.Tx, relation string, sight spatial.Sight, out spatial.RunOutput) (spatial.Collection, error) {
	features := out.Features.Features
	if len(features) > maxResultRows {
		return spatial.Collection{}, spatial.Errorf(spatial.TooLarge, "The output has %d features; %d is the most that is kept.", len(features), maxResultRows)
	}
	t, err := newResultTable(relation, out)
	if err != nil {
		return spatial.Collection{}, err
	}
	if _, err := tx.Exec(ctx, t.createSQL()); err != nil {
		return spatial.Collection{}, err
	}
	if _, err := tx.CopyFrom(ctx, t.name(), t.columns(), pgx.CopyFromSlice(len(features), func(i int) ([]any, error) { return t.row(features[i], i) })); err != nil {
		return spatial.Collection{}, err
	}
	if _, err := tx.Exec(ctx, t.indexSQL()); err != nil {
		return spatial.Collection{}, err
	}
	return t.collection, grantTable(ctx, tx, relation, sight)
}

// grantLock is the advisory lock under which roles are let into the schema of
// results: PostgreSQL refuses two grants on one schema at the same time.
const grantLock = 7_242_190_333

// grantTable lets the roles of row rules read a result that was made under a
// rule: those that see as much or more. Where there are no such roles there is
// nothing to grant.
func grantTable(ctx context.Context, tx pgx.Tx, relation string, sight spatial.Sight) error {
	var wanted []string
	for _, s := range spatial.Sights() {
		if s == sight || len(wanted) > 0 {
			wanted = append(wanted, "quanyu_"+string(s))
		}
	}
	rows, err := tx.Query(ctx, "SELECT rolname::text, has_schema_privilege(oid, $2, 'USAGE') FROM pg_roles WHERE rolname = ANY($1)", wanted, resultSchema)
	if err != nil {
		return err
	}
	type role struct {
		Name string
		In   bool
	}
	roles, err := pgx.CollectRows(rows, pgx.RowToStructByPos[role])
	if err != nil {
		return err
	}
	for _, r := range roles {
		if !r.In {
			if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", grantLock); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, fmt.Sprintf("GRANT USAGE ON SCHEMA %s TO %s", resultSchema, quoteIdent(r.Name))); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, fmt.Sprintf("GRANT SELECT ON %s TO %s", relation, quoteIdent(r.Name))); err != nil {
			return err
		}
	}
	return nil
}
