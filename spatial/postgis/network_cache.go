package postgis

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
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
