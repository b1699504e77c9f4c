package postgis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// NetworkInfo describes a stored network.
type NetworkInfo struct {
	Name, Kind, Version string
	Extent              orb.Bound // CRS84
	Dataset             spatial.DatasetVersion
	Roads               int64 // rows of the roads collection
	ImportedAt          time.Time
	artifact            string
}

// Networks lists the stored networks, the newest first.
func (s *Store) Networks(ctx context.Context) ([]NetworkInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	rows, err := s.reader(ctx).Query(ctx, `
		SELECT name, kind, version, artifact, ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent), dataset, dataset_version, roads, imported_at
		FROM networks ORDER BY imported_at DESC, name`)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (n NetworkInfo, err error) {
		b := &n.Extent
		err = row.Scan(&n.Name, &n.Kind, &n.Version, &n.artifact, &b.Min[0], &b.Min[1], &b.Max[0], &b.Max[1], &n.Dataset.ID, &n.Dataset.Version, &n.Roads, &n.ImportedAt)
		n.ImportedAt = n.ImportedAt.UTC()
		return n, err
	})
	return list, mapError(ctx, err)
}

// Network gives a stored network by name, with its graph, which many callers
// share and none changes. A name that is not there is NotFound, and the error
// lists those that are.
func (s *Store) Network(ctx context.Context, name string) (*network.Network, error) {
	list, err := s.Networks(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(list))
	for i, info := range list {
		if info.Name == name {
			return s.decoded(ctx, info)
		}
		names[i] = info.Name
	}
	if len(names) == 0 {
		return nil, spatial.Errorf(spatial.NotFound, "There is no network %q; none is loaded.", name)
	}
	return nil, spatial.Errorf(spatial.NotFound, "There is no network %q; there are: %s.", name, strings.Join(names, ", "))
}

// ChooseNetwork gives the network for a request that names none: the newest
// imported one whose extent covers all the points, else the condensed one, with
// the reason in words.
func (s *Store) ChooseNetwork(ctx context.Context, points []orb.Point) (n *network.Network, why string, err error) {
	list, err := s.Networks(ctx)
	if err != nil {
		return nil, "", err
	}
	imported := 0
	for _, info := range list {
		if info.Kind != network.KindImported {
			continue
		}
		imported++
		if covers(info.Extent, points) {
			n, err = s.decoded(ctx, info)
			return n, fmt.Sprintf("no network was named: %s is the newest imported network whose extent covers all %d points", info.Name, len(points)), err
		}
	}
	for _, info := range list {
		if info.Kind == network.KindCondensed {
			n, err = s.decoded(ctx, info)
			reason := "no road file has been imported"
			if imported > 0 {
				reason = fmt.Sprintf("none of %d imported networks covers all %d points", imported, len(points))
			}
			return n, fmt.Sprintf("no network was named: %s, so the condensed network %s (modelled) is used", reason, info.Name), err
		}
	}
	return nil, "", spatial.Errorf(spatial.Unprocessable, "No stored network covers all %d points, and there is no condensed one.", len(points))
}

func covers(b orb.Bound, points []orb.Point) bool {
	for _, p := range points {
		if !b.Contains(p) {
			return false
		}
	}
	return true
}
