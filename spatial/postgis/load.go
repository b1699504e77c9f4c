package postgis

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// loadLock is the advisory lock that loads and imports take, so that they come
// one after another and readers wait for none.
const loadLock = 7_242_190_332

// progressStep is how many rows lie between two calls of a progress function.
const progressStep = 2000

// Load stores everything that one loader owns in one transaction: afterwards
// the rows of l.Name are exactly l.Tables, with a row of datasets for each of
// l.Datasets, or nothing has changed. Rows that are the same keep their
// version. The same hash under the same name changes nothing and gives false.
// A bad row is an Invalid error that names collection, id and property; an id
// that another loader has at the same time is a Conflict. progress, when set,
// is told of rows sent.
func (s *Store) Load(ctx context.Context, l spatial.Load, progress func(done, total int)) (changed bool, err error) {
	if done, err := s.loaded(ctx, s.pool, l); err != nil || done {
		return false, err
	}
	tables, err := stageTables(l)
	if err != nil {
		return false, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		if done, err := s.loaded(ctx, tx, l); err != nil || done {
			return err // another process was quicker
		}
		changed = true
		return storeLoad(ctx, tx, l, tables, progress)
	})
	if err != nil {
		return false, err
	}
	return changed, nil
}

func (s *Store) loaded(ctx context.Context, q querier, l spatial.Load) (bool, error) {
	rows, err := q.Query(ctx, "SELECT EXISTS (SELECT FROM loads WHERE name = $1 AND hash = $2)", l.Name, l.Hash)
	if err != nil {
		return false, mapError(ctx, err)
	}
	done, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[bool])
	return done, mapError(ctx, err)
}

// write runs f in a transaction under the load lock, without the readers' time
// limit, and makes DataVersion show the outcome.
func (s *Store) write(ctx context.Context, f func(pgx.Tx) error) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", loadLock); err != nil {
			return err
		}
		return f(tx)
	})
	if err != nil {
		return mapError(ctx, err)
	}
	return mapError(ctx, s.changed(context.WithoutCancel(ctx)))
}

// stagedTable is the content of one collection as rows for COPY.
type stagedTable struct {
	collection spatial.Collection
	rows       [][]any
	sources    map[string]int // rows by dataset
}

// stageTables checks every row of a load before anything is sent. The first
// table is that of the datasets.
func stageTables(l spatial.Load) ([]stagedTable, error) {
	if l.Name == "" || l.Hash == "" {
		return nil, spatial.Errorf(spatial.Invalid, "A load has a name and a hash.")
	}
	tables := []stagedTable{{}}
	counts := map[string]int{}
	var errs []error
	for _, t := range l.Tables {
		if t.Collection.ID == "datasets" || slices.ContainsFunc(tables, func(o stagedTable) bool { return o.collection.ID == t.Collection.ID }) {
			return nil, spatial.Errorf(spatial.Invalid, "A load has one table a collection, and its datasets apart; %s is too many.", t.Collection.ID)
		}
		staged, err := stageTable(t.Collection, t.Records)
		errs = append(errs, err)
		for source, n := range staged.sources {
			counts[source] += n
		}
		tables = append(tables, staged)
	}
	datasets, err := stageDatasets(l.Datasets, counts)
	tables[0] = datasets
	return tables, joinLoadFaults(append(errs, err))
}

// joinLoadFaults keeps the first error's words and everyone's faults.
func joinLoadFaults(errs []error) error {
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	if len(errs) == 0 {
		return nil
	}
	joined := *errs[0].(*spatial.Error)
	for _, err := range errs[1:] {
		joined.Faults = append(joined.Faults, err.(*spatial.Error).Faults...)
	}
	if len(errs) > 1 {
		joined.Detail = "Rows of several collections have faults; nothing was stored."
	}
	return &joined
}

func stageTable(c spatial.Collection, records []spatial.Record) (stagedTable, error) {
	m := rowMaker{collection: c}
	staged := stagedTable{collection: c, rows: make([][]any, len(records)), sources: map[string]int{}}
	for i, r := range records {
		staged.rows[i] = m.row(r)
		if source, ok := r.Properties["source"].(string); ok {
			staged.sources[source]++
		}
	}
	m.overlaps(records)
	return staged, m.err()
}

// overlaps finds ids with two rows in force at the same time.
func (m *rowMaker) overlaps(records []spatial.Record) {
	order := slices.Clone(records)
	slices.SortStableFunc(order, func(a, b spatial.Record) int {
		if c := cmp.Compare(a.ID, b.ID); c != 0 {
			return c
		}
		switch {
		case a.ValidFrom == nil && b.ValidFrom == nil:
			return 0
		case a.ValidFrom == nil:
			return -1
		case b.ValidFrom == nil:
			return 1
		}
		return a.ValidFrom.Compare(*b.ValidFrom)
	})
	for i := 1; i < len(order); i++ {
		before, r := order[i-1], order[i]
		if before.ID == r.ID && (before.ValidTo == nil || r.ValidFrom == nil || before.ValidTo.After(*r.ValidFrom)) {
			m.fault(r.ID, "", "has two rows that are in force at the same time")
		}
	}
}

// stageDatasets makes the rows of the datasets collection, with the number of
// rows that name each.
func stageDatasets(list []spatial.Dataset, counts map[string]int) (stagedTable, error) {
	c, _ := spatial.CollectionByID("datasets")
	records := make([]spatial.Record, len(list))
	for i, d := range list {
		records[i] = datasetRecord(d, counts[d.ID])
	}
	return stageTable(c, records)
}

func datasetRecord(d spatial.Dataset, rows int) spatial.Record {
	orNil := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	properties := map[string]any{
		"name_zh": orNil(d.TitleZH), "name_en": orNil(d.Title), "source": d.ID, "title": orNil(d.Title), "licence": orNil(d.Licence),
		"attribution": orNil(d.Attribution), "version": orNil(d.Version), "sha256": orNil(d.SHA256), "rows": rows,
		"kind": orNil(string(d.Kind)), "report": d.Report,
	}
	if !d.Retrieved.IsZero() {
		properties["retrieved"] = d.Retrieved
	}
	return spatial.Record{Feature: spatial.Feature{ID: d.ID, Properties: properties}}
}

// storeLoad writes the staged tables and removes what the loader had in others.
func storeLoad(ctx context.Context, tx pgx.Tx, l spatial.Load, tables []stagedTable, progress func(done, total int)) error {
	if err := checkSources(ctx, tx, tables); err != nil {
		return err
	}
	report := &progressReport{tell: progress}
	counts := map[string]int{}
	for _, t := range tables {
		report.total += len(t.rows)
		counts[t.collection.ID] = len(t.rows)
	}
	for _, c := range spatial.Collections() {
		i := slices.IndexFunc(tables, func(t stagedTable) bool { return t.collection.ID == c.ID })
		t := stagedTable{collection: c}
		if i >= 0 {
			t = tables[i]
		}
		if err := mergeTable(ctx, tx, l.Name, t, report); err != nil {
			return fmt.Errorf("%s: %w", c.ID, err)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO loads (name, hash, counts) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, counts = excluded.counts, loaded_at = now()`, l.Name, l.Hash, counts)
	return err
}

// checkSources refuses rows of a dataset that is neither in the load nor stored.
func checkSources(ctx context.Context, tx pgx.Tx, tables []stagedTable) error {
	own, wanted := tables[0].sources, []string{}
	for _, t := range tables[1:] {
		for source := range t.sources {
			if _, ok := own[source]; !ok {
				wanted = append(wanted, source)
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT w FROM unnest($1::text[]) AS w WHERE NOT EXISTS (SELECT FROM datasets d WHERE d.id = w COLLATE "C") ORDER BY w`, wanted)
	if err != nil {
		return err
	}
	missing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(missing) > 0 {
		err = spatial.Errorf(spatial.Invalid, "Rows name datasets that nobody has loaded: %s; nothing was stored.", strings.Join(missing, ", "))
	}
	return err
}
