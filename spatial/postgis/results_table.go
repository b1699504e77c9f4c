package postgis

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/geom"
)

// resultTable is the table of one list of features, with the columns that every
// collection has, so that the SQL of items and tiles serves it unchanged.
type resultTable struct {
	collection spatial.Collection
	own        []resultColumn
	common     map[string]string // name_zh, name_en: properties of features that are columns of every table
	seen       map[string]bool   // ids
}

// resultColumn is a property of the features, and the name it has in their
// properties.
type resultColumn struct {
	spatial.Property
	key string
}

func newResultTable(relation string, out spatial.RunOutput) (*resultTable, error) {
	t := &resultTable{common: map[string]string{}, seen: map[string]bool{}}
	columns, err := inferColumns(out.Features.Features)
	if err != nil {
		return nil, err
	}
	t.own = columns
	t.collection = spatial.Collection{Title: out.Title, TitleZH: out.TitleZH, Description: out.Description, Relation: relation,
		Geometry: inferGeometry(out.Features.Features)}
	shown := []string{"name_zh", "name_en"}
	for _, c := range columns {
		t.collection.Properties = append(t.collection.Properties, c.Property)
		if c.Type != spatial.JSON {
			shown = append(shown, c.Name)
		}
	}
	if t.collection.Geometry != spatial.NoGeometry {
		t.collection.Tiles = &spatial.TileRule{MaxZoom: 14, MaxFeatures: 10_000, Rank: []string{"id"}, Properties: shown}
	}
	return t, nil
}

func (t *resultTable) name() pgx.Identifier { return strings.Split(t.collection.Relation, ".") }

// createSQL makes the table. Every row is in force at any time and visible to
// whoever may see the job; the lookup of the collection decides that.
func (t *resultTable) createSQL() string {
	columns := []string{`id text COLLATE "C" NOT NULL`, "version bigint NOT NULL DEFAULT 1", "valid_from date", "valid_to date",
		`name_zh text COLLATE "zh-x-icu"`, `name_en text COLLATE "en-x-icu"`, `dataset text COLLATE "C"`, `visibility text COLLATE "C" NOT NULL DEFAULT 'public'`}
	for _, c := range t.own {
		kind := sqlTypes[c.Type]
		if c.Type == spatial.String || c.Type == spatial.StringList {
			kind += ` COLLATE "C"`
		}
		columns = append(columns, c.Column+" "+kind)
	}
	if t.collection.Geometry != spatial.NoGeometry {
		columns = append(columns, fmt.Sprintf("geom geometry(%[1]s, 4326), geom_3857 geometry(%[1]s, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED", t.collection.Geometry))
	}
	return fmt.Sprintf("CREATE TABLE %s (%s)", tableOf(t.collection), strings.Join(columns, ", "))
}

func (t *resultTable) indexSQL() string {
	sql := fmt.Sprintf("ALTER TABLE %s ADD PRIMARY KEY (id, version)", tableOf(t.collection))
	if t.collection.Geometry != spatial.NoGeometry {
		sql += fmt.Sprintf("; CREATE INDEX ON %s USING gist (geom)", tableOf(t.collection))
	}
	return sql + fmt.Sprintf("; ANALYZE %s", tableOf(t.collection))
}

func (t *resultTable) columns() []string {
	names := []string{"id", "name_zh", "name_en"}
	for _, c := range t.own {
		names = append(names, c.Column)
	}
	if t.collection.Geometry != spatial.NoGeometry {
		names = append(names, "geom")
	}
	return names
}

// row gives a feature's values in the order of columns. An id that is missing,
// given twice or not URL-safe is replaced by the place in the list.
func (t *resultTable) row(f spatial.Feature, place int) ([]any, error) {
	id := f.ID
	if !spatial.IsID(id) || t.seen[id] {
		id = fmt.Sprintf("feature-%d", place+1)
	}
	if t.seen[id] {
		return nil, spatial.Errorf(spatial.Internal, "Two features have the id %q.", id)
	}
	t.seen[id] = true
	row := []any{id, textOrNil(f.Properties["name_zh"]), textOrNil(f.Properties["name_en"])}
	for _, c := range t.own {
		v, err := resultValue(c, f.Properties[c.key])
		if err != nil {
			return nil, err
		}
		row = append(row, v)
	}
	if t.collection.Geometry == spatial.NoGeometry {
		return row, nil
	}
	if f.Geometry == nil {
		return append(row, nil), nil
	}
	if b := f.Geometry.Bound(); !(b.Min[0] >= -180 && b.Max[0] <= 180 && b.Min[1] >= -90 && b.Max[1] <= 90) {
		return nil, spatial.Errorf(spatial.Internal, "The geometry of feature %q leaves the earth.", f.ID)
	}
	ewkb, err := geom.EncodeEWKB(f.Geometry, spatial.CRS84.SRID)
	return append(row, ewkb), err
}

func textOrNil(v any) any {
	switch v := v.(type) {
	case string:
		return v
	case *string:
		if v != nil {
			return *v
		}
	}
	return nil
}

// inferGeometry is the one type of all geometries where they share one that
// collections have, any geometry where they do not, none where there is none.
func inferGeometry(features []spatial.Feature) spatial.GeometryType {
	found := spatial.NoGeometry
	for _, f := range features {
		if f.Geometry == nil {
			continue
		}
		kind := spatial.AnyGeometry
		switch f.Geometry.(type) {
		case orb.Point:
			kind = spatial.Point
		case orb.LineString:
			kind = spatial.LineString
		case orb.MultiPolygon:
			kind = spatial.MultiPolygon
		}
		if found == spatial.NoGeometry {
			found = kind
		}
		if found != kind {
			return spatial.AnyGeometry
		}
	}
	return found
}
