package postgis

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"golang.org/x/sync/singleflight"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// keptNetworks is how many decoded graphs stay in memory; one of a country
// takes a few hundred megabytes.
const keptNetworks = 3

// networkCache keeps decoded graphs by the hash of their bytes, the one used
// last at the end.
type networkCache struct {
	mu     sync.Mutex
	graphs []cachedGraph
	flight singleflight.Group
}

type cachedGraph struct {
	artifact string
	graph    *network.Graph
}

func (c *networkCache) get(artifact string) *network.Graph {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, g := range c.graphs {
		if g.artifact == artifact {
			c.graphs = append(append(c.graphs[:i:i], c.graphs[i+1:]...), g)
			return g.graph
		}
	}
	return nil
}

func (c *networkCache) put(artifact string, g *network.Graph) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.graphs = append(c.graphs, cachedGraph{artifact, g})
	if len(c.graphs) > keptNetworks {
		c.graphs = c.graphs[1:]
	}
}

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
	rows, err := s.pool.Query(ctx, `
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

func (s *Store) decoded(ctx context.Context, info NetworkInfo) (*network.Network, error) {
	graph := s.networks.get(info.artifact)
	if graph == nil {
		// The work is shared, so it is not given up with the first caller.
		shared := s.networks.flight.DoChan(info.artifact, func() (any, error) {
			return s.fetchGraph(context.WithoutCancel(ctx), info)
		})
		select {
		case <-ctx.Done():
			return nil, mapError(ctx, ctx.Err())
		case result := <-shared:
			if result.Err != nil {
				return nil, result.Err
			}
			graph = result.Val.(*network.Graph)
		}
	}
	return &network.Network{Name: info.Name, Kind: info.Kind, Version: info.Version, Graph: graph, Extent: info.Extent, Dataset: info.Dataset}, nil
}

var errReplaced = errors.New("the network was replaced while it was read")

// fetchGraph puts the chunks together, checks them against their hash and
// decodes them.
func (s *Store) fetchGraph(ctx context.Context, info NetworkInfo) (*network.Graph, error) {
	if g := s.networks.get(info.artifact); g != nil {
		return g, nil
	}
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	rows, err := s.pool.Query(ctx, "SELECT bytes FROM network_artifacts WHERE hash = $1 ORDER BY seq", info.artifact)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	var encoded, chunk []byte
	if _, err := pgx.ForEachRow(rows, []any{&chunk}, func() error {
		encoded = append(encoded, chunk...)
		return nil
	}); err != nil {
		return nil, mapError(ctx, err)
	}
	if len(encoded) == 0 {
		return nil, &spatial.Error{Kind: spatial.Unavailable, Detail: "The network is being replaced; try again.", Err: errReplaced}
	}
	if hexHash(encoded) != info.artifact {
		return nil, spatial.Errorf(spatial.Internal, "The stored graph of network %s is damaged; import it again.", info.Name)
	}
	g, err := network.Decode(encoded)
	if err != nil {
		return nil, &spatial.Error{Kind: spatial.Internal, Detail: fmt.Sprintf("The stored graph of network %s cannot be read by this program; import it again.", info.Name), Err: err}
	}
	s.networks.put(info.artifact, g)
	return g, nil
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
