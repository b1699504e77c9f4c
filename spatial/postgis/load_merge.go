package postgis

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// analyzeFrom is the number of changed rows above which the planner's
// statistics are made anew within the load, so that the first reader is served
// as well as later ones.
const analyzeFrom = 500

type progressReport struct {
	tell        func(done, total int)
	done, total int
}

func (p *progressReport) step(done int) {
	p.done = done
	if p.tell != nil && (done%progressStep == 0 || done == p.total) {
		p.tell(done, p.total)
	}
}

// merge is the SQL of bringing a loader's rows in one table to those staged.
type merge struct {
	table, stage, columns, differs string
}

// newMerge: rows are the same thing when id and valid_from are, and they
// differ when any other column does; geometries are compared bit by bit.
func newMerge(c spatial.Collection) merge {
	var quoted, ours, theirs []string
	for _, name := range loadColumns(c) {
		quoted = append(quoted, quoteIdent(name))
		ours, theirs = append(ours, "t."+quoteIdent(name)), append(theirs, "n."+quoteIdent(name))
	}
	return merge{
		table: tableOf(c), stage: quoteIdent("stage_" + c.Table()), columns: strings.Join(quoted, ", "),
		differs: fmt.Sprintf("ROW(%s) IS DISTINCT FROM ROW(%s)", strings.Join(ours, ", "), strings.Join(theirs, ", ")),
	}
}

// sameRow pairs a stored row t with its staged row n.
const sameRow = "n.id = t.id AND n.valid_from IS NOT DISTINCT FROM t.valid_from"

// goneSQL finds stored rows of the loader ($1) that are not staged as they are.
func (m merge) goneSQL() string {
	return fmt.Sprintf("FROM %s t WHERE t.loaded_by = $1 AND NOT EXISTS (SELECT FROM %s n WHERE %s AND NOT (%s))", m.table, m.stage, sameRow, m.differs)
}

// newSQL finds staged rows that are not stored. Once those gone are deleted, a
// stored row with the same key is the same row.
func (m merge) newSQL() string {
	return fmt.Sprintf("FROM %s n WHERE NOT EXISTS (SELECT FROM %s t WHERE t.loaded_by = $1 AND %s)", m.stage, m.table, sameRow)
}

// mergeTable brings the rows of a loader in one table to those of t, writing
// only what differs; a table without difference is not touched, so its data
// version stays.
func mergeTable(ctx context.Context, tx pgx.Tx, loader string, t stagedTable, report *progressReport) error {
	m := newMerge(t.collection)
	if len(t.rows) == 0 {
		return deleteIfAny(ctx, tx, "FROM "+m.table+" t WHERE t.loaded_by = $1", loader)
	}
	if err := stage(ctx, tx, m, t, report); err != nil {
		return err
	}
	if err := m.checkOthers(ctx, tx, loader); err != nil {
		return err
	}
	if err := deleteIfAny(ctx, tx, m.goneSQL(), loader); err != nil {
		return err
	}
	var any bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT "+m.newSQL()+")", loader).Scan(&any); err != nil || !any {
		return err
	}
	tag, err := tx.Exec(ctx, fmt.Sprintf("INSERT INTO %s (%s, loaded_by) SELECT %s, $1 %s ORDER BY n.id, n.valid_from", m.table, m.columns, m.columns, m.newSQL()), loader)
	if err == nil && tag.RowsAffected() >= analyzeFrom {
		_, err = tx.Exec(ctx, "ANALYZE "+m.table)
	}
	return err
}

func deleteIfAny(ctx context.Context, tx pgx.Tx, from, loader string) error {
	var any bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT "+from+")", loader).Scan(&any); err != nil || !any {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE "+from, loader)
	return err
}

// stage copies the rows into a temporary table with the columns of the real one.
func stage(ctx context.Context, tx pgx.Tx, m merge, t stagedTable, report *progressReport) error {
	if _, err := tx.Exec(ctx, fmt.Sprintf("CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA", m.stage, m.columns, m.table)); err != nil {
		return err
	}
	name := pgx.Identifier{"stage_" + t.collection.Table()}
	next, before := 0, report.done
	err := copyRows(ctx, tx, name, loadColumns(t.collection), func() ([]any, error) {
		if next == len(t.rows) {
			return nil, nil
		}
		next++
		report.step(before + next)
		return t.rows[next-1], nil
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "ANALYZE "+m.stage)
	return err
}

// copyRows streams rows until next gives none. An error of next, or the end of
// the context, ends the copy and is returned as it is; the server would only
// report that it was told to stop.
func copyRows(ctx context.Context, tx pgx.Tx, table pgx.Identifier, columns []string, next func() ([]any, error)) error {
	var stopped error
	_, err := tx.CopyFrom(ctx, table, columns, pgx.CopyFromFunc(func() ([]any, error) {
		if stopped = ctx.Err(); stopped != nil {
			return nil, stopped
		}
		var row []any
		row, stopped = next()
		return row, stopped
	}))
	if stopped != nil {
		return stopped
	}
	return err
}

// checkOthers refuses ids that rows of another loader have at the same time.
func (m merge) checkOthers(ctx context.Context, tx pgx.Tx, loader string) error {
	rows, err := tx.Query(ctx, fmt.Sprintf(`
		SELECT n.id || ' (of ' || coalesce(t.loaded_by, 'nobody') || ')' FROM %s n JOIN %s t ON t.id = n.id
		WHERE t.loaded_by IS DISTINCT FROM $1 AND daterange(t.valid_from, t.valid_to) && daterange(n.valid_from, n.valid_to)
		ORDER BY n.id LIMIT 5`, m.stage, m.table), loader)
	if err != nil {
		return err
	}
	taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(taken) > 0 {
		err = spatial.Errorf(spatial.Conflict, "Ids are taken by rows of another loader: %s; nothing was stored.", strings.Join(taken, ", "))
	}
	return err
}
