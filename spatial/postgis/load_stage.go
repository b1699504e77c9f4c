package postgis

import (
	"cmp"
	"slices"

	"quanyu/spatial"
)

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
		if t.Collection.ID == spatial.AuditLogID {
			return nil, spatial.Errorf(spatial.Invalid, "Nobody loads the %s: the database writes it by itself.", t.Collection.ID)
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
