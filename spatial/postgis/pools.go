package postgis

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"quanyu/spatial"
)

// readers holds one pool a sight. Sessions of a pool run as the role of its
// sight, read-only, so that the policies of migration 0005 decide what every
// statement of a reader sees, whoever wrote it. A pool has no connection
// before its first use.
type readers map[spatial.Sight]*pgxpool.Pool

// readerRoles are the roles that migration 0005 makes.
var readerRoles = map[spatial.Sight]string{
	spatial.SeesPublic: "quanyu_public", spatial.SeesInternal: "quanyu_internal", spatial.SeesAll: "quanyu_all",
}

// poolSize is how many connections a sight's pool may have, where max is the
// pool_max_conns of the URL: all of them for anonymous callers, who are most,
// half for members, a quarter for admins. The owner's pool, which loads and
// writes, has half. So one server opens at most 2.25 times max, and one for
// its watcher.
func poolSize(sight spatial.Sight, max32 int32) int32 {
	switch sight {
	case spatial.SeesInternal:
		return max(2, max32/2)
	case spatial.SeesAll:
		return max(2, max32/4)
	}
	return max32
}

func openReaders(ctx context.Context, owner *pgxpool.Config) (readers, error) {
	pools := readers{}
	for _, sight := range spatial.Sights() {
		config := owner.Copy()
		config.MaxConns, config.MinConns, config.MinIdleConns = poolSize(sight, owner.MaxConns), 0, 0
		config.ConnConfig.RuntimeParams["role"] = readerRoles[sight]
		config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
		pool, err := pgxpool.NewWithConfig(ctx, config)
		if err != nil {
			pools.close()
			return nil, err
		}
		pools[sight] = pool
	}
	return pools, nil
}

func (r readers) close() {
	for _, pool := range r {
		pool.Close()
	}
}

// reader is the pool of what the context's caller may see.
func (s *Store) reader(ctx context.Context) *pgxpool.Pool {
	return s.readers[spatial.CallerOf(ctx).Sees()]
}

// SlowFilters gives the statements that an administrator has to run so that
// readers find rows by place through an index; none when all is well. Without
// them answers are right, and slow on large collections. The error is
// Unavailable when the database cannot be asked.
func (s *Store) SlowFilters(ctx context.Context) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	var list []string
	err := s.pool.QueryRow(ctx, "SELECT coalesce(array_agg(s), '{}') FROM leaky_filters() s").Scan(&list)
	return list, mapError(ctx, err)
}

// hasPoolSize says whether a URL or keyword string says how large the pool is.
func hasPoolSize(url string) bool { return strings.Contains(url, "pool_max_conns") }
