package postgis

import (
	"context"
	"fmt"
	"time"

	"quanyu/spatial"
)

// ItemsStatement is the SQL of a page and the values bound to it.
func ItemsStatement(q spatial.ItemsQuery) (text string, args []any, err error) {
	st, _, err := itemsSQL(q, time.Now())
	if err != nil {
		return "", nil, err
	}
	return st.text.String(), st.args, nil
}

// TileStatements are the SQL of tiles at some columns and rows, that for tiles
// which leave nothing out and that for all, and the values bound to either.
func TileStatements(grid spatial.Grid, layers []spatial.Collection, z int, at ...[2]int) (plain, capped string, args []any) {
	var boxes []float64
	for _, one := range at {
		boxes = append(boxes, boxesOf(grid, z, one[0], one[1])...)
	}
	return tilesTogether(plainTileSQL(layers, grid, z)), tilesTogether(tileSQL(layers, grid, z)), []any{boxes, civilDate(time.Now())}
}

// FilterStatement is the SQL of a filter and the values bound to it.
func FilterStatement(c spatial.Collection, e spatial.Expr) (text string, args []any, err error) {
	st := &statement{}
	text, err = compileFilter(st, c, e)
	return text, st.args, err
}

// Exec runs a statement on the store's pool, under its session settings.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) error {
	_, err := s.pool.Exec(ctx, sql, args...)
	return err
}

// PlainItems reads rows the way that itemRows stands in for: with all JSON made
// by the database.
func PlainItems(ctx context.Context, s *Store, q spatial.ItemsQuery) ([]spatial.ItemRow, error) {
	columns := itemColumns(q.Collection, q.Collection.All(), q.Sort, geometrySQL(q.Collection, q.CRS, q.Format))
	rows, err := s.reader(ctx).Query(ctx, fmt.Sprintf("SELECT %s, 0, %s FROM %s t ORDER BY t.id, t.version", columns, validitySQL(true), tableOf(q.Collection)))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []spatial.ItemRow
	for rows.Next() {
		row, err := scanItem(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}
