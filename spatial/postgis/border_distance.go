package postgis

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// BorderDistances are figures measured to one border layer.
type BorderDistances struct {
	Layer       spatial.Dataset
	LayerDate   time.Time // civil date; zero when unknown
	ToleranceKm float64
	Km          map[string]float64 // by id of the border place
	Hash        string             // of the layer and how it was read
}

// SetBorderDistances puts figures of an operator's layer in place of those
// that are there, whole or not at all; they outlast a new load of the facts.
func (s *Store) SetBorderDistances(ctx context.Context, d BorderDistances) error {
	load := spatial.Load{Name: "border-distances", Hash: d.Hash, Datasets: []spatial.Dataset{d.Layer}}
	tables, err := stageTables(load)
	if err != nil {
		return err
	}
	var date any
	if !d.LayerDate.IsZero() {
		date = d.LayerDate
	}
	rows := [][]any{}
	for place, km := range d.Km {
		rows = append(rows, []any{place, km, d.ToleranceKm, d.Layer.ID, date})
	}
	return s.write(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "DELETE FROM border_distances"); err != nil {
			return err
		}
		columns := []string{"place", "km", "tolerance_km", "dataset", "layer_date"}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"border_distances"}, columns, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		return storeLoad(ctx, tx, load, tables, nil)
	})
}

// applyBorderDistances writes an operator's figures over the shipped ones.
func applyBorderDistances(ctx context.Context, tx pgx.Tx) error {
	return updateFrom(ctx, tx, "border_changes", `
		SELECT b.version, d.* FROM border_places b JOIN border_distances d ON d.place = b.id
		WHERE (b.border_distance_km, b.border_distance_tolerance_km, b.border_distance_source, b.border_distance_date)
		      IS DISTINCT FROM (d.km, d.tolerance_km, d.dataset, d.layer_date)`, `
		UPDATE border_places b SET border_distance_km = d.km, border_distance_tolerance_km = d.tolerance_km,
		       border_distance_source = d.dataset, border_distance_date = d.layer_date, version = nextval('row_version')
		FROM border_changes d WHERE d.place = b.id AND d.version = b.version`)
}
