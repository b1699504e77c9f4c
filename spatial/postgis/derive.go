package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// extentCollections are those whose polygons are unions of their members. No
// polygon ships, so theirs appear when boundaries are imported.
func extentCollections() []string {
	return []string{"city-clusters", "metropolitan-areas", "zones"}
}

// DeriveExtents makes the polygons of clusters, metropolitan areas and zones
// out of the divisions that have one. Every load does so by itself; what
// changes divisions in another way calls it afterwards.
func (s *Store) DeriveExtents(ctx context.Context) error {
	return s.write(ctx, func(tx pgx.Tx) error { return deriveExtents(ctx, tx) })
}

// deriveExtents unites the polygons of member_adcodes of all rows whose
// geometry_status says that it may: derived when every member has a polygon,
// partial when some do, needs-import and no geometry when none does. A table
// in which nothing differs is not touched, so its data version stays.
func deriveExtents(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, memberPolygonsSQL); err != nil {
		return fmt.Errorf("polygons of members: %w", err)
	}
	for _, id := range extentCollections() {
		c, _ := spatial.CollectionByID(id)
		changes := quoteIdent("extents_" + c.Table())
		if err := updateFrom(ctx, tx, changes, fmt.Sprintf(extentSQL, tableOf(c)), fmt.Sprintf(`
			UPDATE %s c SET geom = o.geom, geometry_status = o.status, version = nextval('row_version')
			FROM %s o WHERE c.id = o.id AND c.version = o.version`, tableOf(c), changes)); err != nil {
			return fmt.Errorf("extents of %s: %w", id, err)
		}
	}
	_, err := tx.Exec(ctx, "DROP TABLE member_polygons")
	return err
}

// updateFrom selects changes into a temporary table and runs the update that
// reads them only if there is one: a statement that changes no row would still
// raise the counter of the collection.
func updateFrom(ctx context.Context, tx pgx.Tx, changes, selectSQL, updateSQL string) error {
	tag, err := tx.Exec(ctx, "CREATE TEMP TABLE "+changes+" ON COMMIT DROP AS "+selectSQL)
	if err == nil && tag.RowsAffected() > 0 {
		_, err = tx.Exec(ctx, updateSQL)
	}
	if err == nil {
		_, err = tx.Exec(ctx, "DROP TABLE "+changes)
	}
	return err
}

// memberPolygonsSQL gives each division code one polygon: that of its own rows,
// or the union of the units one level below when all of those have one. A code
// may stand in several rows: a municipality's in two levels, and a division
// that ships without boundary beside an imported one.
const memberPolygonsSQL = `
CREATE TEMP TABLE member_polygons ON COMMIT DROP AS
WITH drawn AS MATERIALIZED (
    SELECT adcode, ST_Union(ST_CollectionExtract(ST_MakeValid(geom), 3)) AS geom FROM divisions
    WHERE geom IS NOT NULL AND adcode IS NOT NULL AND daterange(valid_from, valid_to) @> current_date
    GROUP BY adcode
), below AS (
    SELECT parent_adcode AS adcode, ST_Union(drawn.geom) AS geom
    FROM (SELECT DISTINCT parent_adcode, adcode FROM divisions
          WHERE level IN ('prefecture', 'county') AND division_type IS DISTINCT FROM 'statistical' AND parent_adcode IS NOT NULL
            AND adcode <> parent_adcode AND daterange(valid_from, valid_to) @> current_date
            AND EXISTS (SELECT FROM drawn)) unit
    LEFT JOIN drawn USING (adcode)
    GROUP BY parent_adcode HAVING count(drawn.adcode) = count(*)
)
SELECT adcode, geom FROM drawn
UNION ALL SELECT adcode, geom FROM below WHERE NOT EXISTS (SELECT FROM drawn WHERE drawn.adcode = below.adcode)`

const extentSQL = `
WITH extent AS (
    SELECT c.id, c.version, c.geometry_status AS before, c.geom AS geom_before,
           count(DISTINCT m.code) AS members, count(DISTINCT p.adcode) AS known, ST_Multi(ST_Union(p.geom)) AS geom
    FROM %s c CROSS JOIN LATERAL unnest(c.member_adcodes) AS m(code)
    LEFT JOIN member_polygons p ON p.adcode = m.code COLLATE "C"
    WHERE c.geometry_status IN ('needs-import', 'partial', 'derived')
    GROUP BY c.id, c.version
), outcome AS (
    SELECT *, CASE WHEN known = 0 THEN 'needs-import' WHEN known < members THEN 'partial' ELSE 'derived' END AS status FROM extent
)
SELECT id, version, status, geom FROM outcome WHERE status <> before OR geom IS DISTINCT FROM geom_before`
