package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// signChanges tells the triggers of the audit log who makes the changes of a
// transaction, and whether they are a load, which has one entry for many rows.
func signChanges(ctx context.Context, tx pgx.Tx, loading bool) error {
	caller, sign := spatial.CallerOf(ctx), ""
	if loading {
		sign = "on"
	}
	_, err := tx.Exec(ctx, `SELECT set_config('quanyu.caller', $1, true), set_config('quanyu.caller_name', $2, true),
		set_config('quanyu.request_id', $3, true), set_config('quanyu.loading', $4, true)`, caller.ID, caller.Name, spatial.RequestIDOf(ctx), sign)
	if err != nil {
		return fmt.Errorf("signing a change: %w", err)
	}
	return nil
}
