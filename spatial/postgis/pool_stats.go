package postgis

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"quanyu/spatial"
)

// PoolStat tells how the connections of one of the store's pools are used.
type PoolStat struct {
	Name            string // of the pool
	InUse, Idle     int
	Most            int           // that the pool may have
	Waits           int64         // times that a caller waited for a connection, since the start
	WaitTime        time.Duration // of all callers together, since the start
	Opened, GivenUp int64         // connections made, and waits given up, since the start
}

// PoolStats tells of every pool.
func (s *Store) PoolStats() []PoolStat {
	stats := []PoolStat{poolStat("owner", s.pool)}
	for _, sight := range spatial.Sights() {
		stats = append(stats, poolStat("readers-"+string(sight), s.readers[sight]))
	}
	return stats
}

func poolStat(name string, pool *pgxpool.Pool) PoolStat {
	p := pool.Stat()
	return PoolStat{Name: name, InUse: int(p.AcquiredConns()), Idle: int(p.IdleConns()), Most: int(p.MaxConns()),
		Waits: p.EmptyAcquireCount(), WaitTime: p.EmptyAcquireWaitTime(), Opened: p.NewConnsCount(), GivenUp: p.CanceledAcquireCount()}
}
