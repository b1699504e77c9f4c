package postgis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"quanyu/spatial"
	"quanyu/spatial/geom"
)

// Features gives all features of a collection that are valid at q.AsOf and
// match the filter, ordered by id, with typed properties and orb geometries,
// and the datasets that they come from. A nil q.Properties gives all
// properties. More than q.Limit features are refused with TooLarge.
func (s *Store) Features(ctx context.Context, q spatial.FeatureQuery) (spatial.FeatureSet, error) {
	properties, err := chosen(q.Collection, q.Properties)
	if err != nil {
		return spatial.FeatureSet{}, err
	}
	st, err := featuresSQL(q, properties)
	if err != nil {
		return spatial.FeatureSet{}, err
	}
	var set spatial.FeatureSet
	// One snapshot for rows and datasets.
	err = pgx.BeginTxFunc(ctx, s.reader(ctx), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, st.text.String(), st.planned()...)
		if err != nil {
			return err
		}
		sources := map[string]bool{}
		set.Features, err = collectFeatures(rows, properties, q.Limit, sources)
		if err != nil {
			return err
		}
		set.Datasets, err = datasetVersions(ctx, tx, sources)
		return err
	})
	if err != nil {
		return spatial.FeatureSet{}, mapError(ctx, err)
	}
	return set, nil
}

// chosen gives the properties named, in the order of the catalog; nil names
// all. A name that the collection does not have is a fault.
func chosen(c spatial.Collection, names []string) ([]spatial.Property, error) {
	if names == nil {
		return c.All(), nil
	}
	for _, name := range names {
		if _, ok := c.Property(name); !ok {
			return nil, spatial.BadParameter("properties", fmt.Sprintf("names %q, which %s does not have", name, c.ID), nil)
		}
	}
	return slices.DeleteFunc(c.All(), func(p spatial.Property) bool { return !slices.Contains(names, p.Name) }), nil
}

func featuresSQL(q spatial.FeatureQuery, properties []spatial.Property) (*statement, error) {
	st := &statement{}
	filter, err := compileFilter(st, q.Collection, q.Filter)
	if err != nil {
		return nil, err
	}
	columns := []string{"t.id", "t.dataset", "NULL::bytea"}
	if q.Collection.Geometry != spatial.NoGeometry {
		columns[2] = "ST_AsEWKB(t.geom)"
	}
	for _, p := range properties {
		columns = append(columns, columnOf(p))
	}
	st.add("SELECT %s FROM %s t WHERE %s AND %s ORDER BY t.id, t.version LIMIT %s", strings.Join(columns, ", "),
		tableOf(q.Collection), validOn(st.bind(civilDate(q.AsOf), "date")), filter, st.bind(int64(q.Limit)+1, "bigint"))
	return st, nil
}

func collectFeatures(rows pgx.Rows, properties []spatial.Property, limit int, sources map[string]bool) ([]spatial.Feature, error) {
	defer rows.Close()
	var features []spatial.Feature
	for rows.Next() {
		if len(features) == limit {
			return nil, spatial.Errorf(spatial.TooLarge, "The selection has more than %d features; choose fewer with a filter.", limit)
		}
		values, err := rows.Values()
		if err != nil {
			return nil, err
		}
		if source, ok := values[1].(string); ok {
			sources[source] = true
		}
		f := spatial.Feature{ID: values[0].(string), Properties: make(map[string]any, len(properties))}
		if ewkb, ok := values[2].([]byte); ok {
			if f.Geometry, _, err = geom.DecodeEWKB(ewkb); err != nil {
				return nil, err
			}
		}
		for i, p := range properties {
			f.Properties[p.Name] = goValue(p, values[3+i])
		}
		features = append(features, f)
	}
	return features, rows.Err()
}

// goValue brings a value of pgx to the Go types that spatial.Expr lists.
func goValue(p spatial.Property, v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UTC()
	case pgtype.InfinityModifier: // of a date; loads refuse it, other writers may not
		return v.String()
	case []any:
		if p.Type != spatial.StringList {
			return v
		}
		list := make([]string, len(v))
		for i, item := range v {
			list[i], _ = item.(string)
		}
		return list
	}
	return v
}

// datasetVersions reads the version label of each dataset, ordered by id. One
// that has no row is listed with an empty version.
func datasetVersions(ctx context.Context, q querier, ids map[string]bool) ([]spatial.DatasetVersion, error) {
	list := make([]string, 0, len(ids))
	for id := range ids {
		list = append(list, id)
	}
	rows, err := q.Query(ctx, `
		SELECT i.id, coalesce((SELECT d.dataset_version FROM datasets d WHERE d.id = i.id ORDER BY d.version DESC LIMIT 1), '')
		FROM unnest($1::text[]) AS i(id) ORDER BY i.id COLLATE "C"`, list)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[spatial.DatasetVersion])
}
