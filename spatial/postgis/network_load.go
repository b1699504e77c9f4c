package postgis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"regexp"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
	"quanyu/spatial/geom"
	"quanyu/spatial/network"
)

// chunkBytes is the size of the pieces that a graph is kept in.
const chunkBytes = 1 << 20

// networkName is part of the ids of the network's roads, so it is URL-safe.
var networkName = regexp.MustCompile(`^[A-Za-z0-9._~-]{1,100}$`)

// LoadNetwork stores a network in one transaction: its graph, its rows of the
// roads collection in place of those it had under its name, and the row of its
// dataset. Readers see the old one until all of it is there. The same graph,
// dataset and profiles again change nothing and give false. roads is read
// once, row by row; progress, when set, is told of rows sent.
func (s *Store) LoadNetwork(ctx context.Context, n *network.Network, d spatial.Dataset, roads iter.Seq[spatial.Feature], progress func(done int)) (changed bool, err error) {
	if !networkName.MatchString(n.Name) {
		return false, spatial.Errorf(spatial.Invalid, "A network's name has letters, digits and . _ ~ - and at most 100 of them; %q has not.", n.Name)
	}
	encoded, err := n.Graph.Encode()
	if err != nil {
		return false, fmt.Errorf("encoding network %s: %w", n.Name, err)
	}
	artifact := hexHash(encoded)
	l := spatial.Load{Name: "network:" + n.Name, Hash: networkHash(n, d, artifact)}
	if done, err := s.loaded(ctx, s.pool, l); err != nil || done {
		return false, err
	}
	err = s.write(ctx, func(tx pgx.Tx) error {
		if done, err := s.loaded(ctx, tx, l); err != nil || done {
			return err
		}
		changed = true
		count, err := replaceRoads(ctx, tx, l.Name, roads, progress)
		if err != nil {
			return err
		}
		if err := storeNetworkRows(ctx, tx, l, n, d, artifact, count); err != nil {
			return err
		}
		return storeArtifact(ctx, tx, artifact, encoded)
	})
	return changed && err == nil, err
}

func hexHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// networkHash digests all that the stored rows follow from: the graph, what is
// said of its dataset, and the profiles, which give the roads their times. The
// dataset's date and report are left out: reading the same file tomorrow is no
// change.
func networkHash(n *network.Network, d spatial.Dataset, artifact string) string {
	parts := []string{n.Name, n.Kind, n.Version, artifact, d.ID, d.Title, d.TitleZH, d.Licence, d.Attribution, d.Version, d.SHA256, string(d.Kind)}
	for _, p := range network.Profiles() {
		parts = append(parts, p.Name, p.Hash())
	}
	b, _ := json.Marshal(parts) // strings always can be
	return hexHash(b)
}

// replaceRoads streams the rows by COPY; the first bad one ends it.
func replaceRoads(ctx context.Context, tx pgx.Tx, loader string, roads iter.Seq[spatial.Feature], progress func(done int)) (int, error) {
	if err := deleteIfAny(ctx, tx, "FROM roads t WHERE t.loaded_by = $1", loader); err != nil {
		return 0, err
	}
	c, _ := spatial.CollectionByID("roads")
	next, stop := iter.Pull(roads)
	defer stop()
	m := rowMaker{collection: c}
	done := 0
	err := copyRows(ctx, tx, pgx.Identifier{c.Table()}, append(loadColumns(c), "loaded_by"), func() ([]any, error) {
		f, ok := next()
		if !ok {
			return nil, nil
		}
		row := m.row(spatial.Record{Feature: f})
		if err := m.err(); err != nil {
			return nil, err
		}
		if done++; progress != nil && done%progressStep == 0 {
			progress(done)
		}
		return append(row, loader), nil
	})
	if err != nil {
		return 0, err
	}
	if progress != nil {
		progress(done)
	}
	if err := checkRoadIDs(ctx, tx, loader); err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, "ANALYZE roads")
	return done, err
}

// checkRoadIDs refuses an id that two rows have. It is one pass over the new
// rows, where an index would cost every load and serve nobody else.
func checkRoadIDs(ctx context.Context, tx pgx.Tx, loader string) error {
	var twice *string
	err := tx.QueryRow(ctx, `SELECT min(id) FROM (SELECT id FROM roads WHERE loaded_by = $1 GROUP BY id HAVING count(*) > 1) d`, loader).Scan(&twice)
	if err == nil && twice != nil {
		err = spatial.Errorf(spatial.Invalid, "Two roads have the id %s; nothing was stored.", *twice)
	}
	return err
}

func storeNetworkRows(ctx context.Context, tx pgx.Tx, l spatial.Load, n *network.Network, d spatial.Dataset, artifact string, roads int) error {
	datasets, err := stageDatasets([]spatial.Dataset{d}, map[string]int{d.ID: roads})
	if err != nil {
		return err
	}
	if err := mergeTable(ctx, tx, l.Name, datasets, &progressReport{}); err != nil {
		return err
	}
	extent, err := geom.EncodeEWKB(n.Extent, spatial.CRS84.SRID)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO networks (name, kind, version, artifact, extent, dataset, dataset_version, roads, imported_at)
		VALUES ($1, $2, $3, $4, ST_GeomFromEWKB($5), $6, $7, $8, clock_timestamp())
		ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, version = excluded.version, artifact = excluded.artifact, extent = excluded.extent,
			dataset = excluded.dataset, dataset_version = excluded.dataset_version, roads = excluded.roads, imported_at = excluded.imported_at`,
		n.Name, n.Kind, n.Version, artifact, extent, d.ID, d.Version, roads)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO loads (name, hash, counts) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, counts = excluded.counts, loaded_at = now()`, l.Name, l.Hash, map[string]int{"roads": roads})
	return err
}

// storeArtifact keeps the bytes in chunks, unless another network of the same
// content has them already, and drops those that no network uses any more.
func storeArtifact(ctx context.Context, tx pgx.Tx, artifact string, encoded []byte) error {
	var there bool
	if err := tx.QueryRow(ctx, "SELECT EXISTS (SELECT FROM network_artifacts WHERE hash = $1)", artifact).Scan(&there); err != nil {
		return err
	}
	if !there {
		seq := -1
		err := copyRows(ctx, tx, pgx.Identifier{"network_artifacts"}, []string{"hash", "seq", "bytes"}, func() ([]any, error) {
			if seq++; seq*chunkBytes >= len(encoded) {
				return nil, nil
			}
			return []any{artifact, seq, encoded[seq*chunkBytes : min((seq+1)*chunkBytes, len(encoded))]}, nil
		})
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, "DELETE FROM network_artifacts a WHERE NOT EXISTS (SELECT FROM networks n WHERE n.artifact = a.hash)")
	return err
}
