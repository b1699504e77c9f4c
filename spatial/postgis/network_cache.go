package postgis

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/singleflight"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// keptNetworks is how many graphs stay open; one of a country takes a few
// hundred megabytes, mapped from its file or, without a folder for files, in
// memory.
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

// fetchGraph opens the graph's file or, where there is none that is whole,
// fetches it from the database.
func (s *Store) fetchGraph(ctx context.Context, info NetworkInfo) (*network.Graph, error) {
	if g := s.networks.get(info.artifact); g != nil {
		return g, nil
	}
	ctx, cancel := context.WithTimeout(ctx, statementLimit)
	defer cancel()
	g, err := s.openGraph(ctx, info)
	if err != nil {
		return nil, err
	}
	s.networks.put(info.artifact, g)
	return g, nil
}

func (s *Store) openGraph(ctx context.Context, info NetworkInfo) (*network.Graph, error) {
	if s.graphs == "" {
		return s.graphInMemory(ctx, info)
	}
	path := filepath.Join(s.graphs, info.artifact+".graph")
	if g, err := network.Open(path); err == nil {
		return g, nil
	}
	// Not there, cut short by a power failure, or of another version of the program.
	err := s.saveGraph(ctx, info, path)
	if errors.Is(err, errUnwritable) {
		return s.graphInMemory(ctx, info)
	}
	if err != nil {
		return nil, err
	}
	s.removeOldGraphs(ctx)
	g, err := network.Open(path)
	if errors.Is(err, fs.ErrNotExist) { // taken away by hand, or by another process
		return s.graphInMemory(ctx, info)
	}
	return g, cannotRead(info, err)
}

func (s *Store) graphInMemory(ctx context.Context, info NetworkInfo) (*network.Graph, error) {
	var encoded bytes.Buffer
	if err := s.copyGraph(ctx, info, &encoded); err != nil {
		return nil, err
	}
	g, err := network.Decode(encoded.Bytes())
	return g, cannotRead(info, err)
}

// removeOldGraphs takes away files of graphs that no network has any more;
// who has one mapped keeps it. What fails is left for the next time.
func (s *Store) removeOldGraphs(ctx context.Context) {
	// Files first: what another process saves after this is of a network that
	// the list below has.
	files, globErr := filepath.Glob(filepath.Join(s.graphs, "*.graph"))
	list, err := s.Networks(ctx)
	if err != nil || globErr != nil {
		return
	}
	s.removeLeftovers()
	for _, file := range files {
		hash := strings.TrimSuffix(filepath.Base(file), ".graph")
		if !slices.ContainsFunc(list, func(n NetworkInfo) bool { return n.artifact == hash }) {
			os.Remove(file)
		}
	}
}

// removeLeftovers takes away what processes that were killed had begun to save.
func (s *Store) removeLeftovers() {
	files, err := filepath.Glob(filepath.Join(s.graphs, temporaryGraphs))
	if err != nil {
		return
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && time.Since(info.ModTime()) > 2*statementLimit {
			os.Remove(file)
		}
	}
}

// temporaryGraphs are the names of files that are not whole yet.
const temporaryGraphs = ".graph-*"

func cannotRead(info NetworkInfo, err error) error {
	if err == nil {
		return nil
	}
	return &spatial.Error{Kind: spatial.Internal, Detail: fmt.Sprintf("The stored graph of network %s cannot be read by this program; import it again.", info.Name), Err: err}
}

// errUnwritable marks a folder that cannot be written to, such as that of a
// server whose file system is read-only.
var errUnwritable = errors.New("the folder of road graphs cannot be written to")

// saveGraph writes a graph's file; it is in place only when it is whole.
func (s *Store) saveGraph(ctx context.Context, info NetworkInfo, path string) error {
	if err := os.MkdirAll(s.graphs, 0o755); err != nil {
		return fmt.Errorf("%w: %w", errUnwritable, err)
	}
	file, err := os.CreateTemp(s.graphs, temporaryGraphs)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnwritable, err)
	}
	defer os.Remove(file.Name()) // gone already where all went well
	defer file.Close()
	if err := s.copyGraph(ctx, info, file); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("%w: %w", errUnwritable, err)
	}
	return os.Rename(file.Name(), path)
}

// copyGraph writes a graph's chunks one after the other and checks them
// against their hash.
func (s *Store) copyGraph(ctx context.Context, info NetworkInfo, to io.Writer) error {
	rows, err := s.reader(ctx).Query(ctx, "SELECT bytes FROM network_artifacts WHERE hash = $1 ORDER BY seq", info.artifact)
	if err != nil {
		return mapError(ctx, err)
	}
	digest := sha256.New()
	var chunk []byte
	written := 0
	if _, err := pgx.ForEachRow(rows, []any{&chunk}, func() error {
		written += len(chunk)
		digest.Write(chunk)
		if _, err := to.Write(chunk); err != nil {
			return fmt.Errorf("%w: %w", errUnwritable, err)
		}
		return nil
	}); err != nil {
		return mapError(ctx, err)
	}
	if written == 0 {
		return &spatial.Error{Kind: spatial.Unavailable, Detail: "The network is being replaced; try again.", Err: errReplaced}
	}
	if hex.EncodeToString(digest.Sum(nil)) != info.artifact {
		return spatial.Errorf(spatial.Internal, "The stored graph of network %s is damaged; import it again.", info.Name)
	}
	return nil
}
