package tiles

import (
	"container/list"
	"context"
	"strings"
	"sync"
	"time"

	"quanyu/spatial"
)

// renderTimeout bounds the making of one tile, whoever waits for it.
const renderTimeout = 30 * time.Second

// entryOverhead is what an entry costs besides its tile: key, map and list
// cells, rounded up.
const entryOverhead = 512

// Request names one body of a tile. Scope tells the row rule in force, so
// that callers who see different rows never share a tile; Day is the civil
// date by which rows are valid, since that changes without any write.
type Request struct {
	Collections []spatial.Collection
	Address     Address
	Scope, Day  string
	Encoding    Encoding
	Version     string // TileVersion of Collections as read before; "" reads it now
}

// Outcome tells how the cache came by a tile, for metrics.
type Outcome string

// The outcomes.
const (
	Hit    Outcome = "hit"
	Miss   Outcome = "miss"
	Shared Outcome = "shared" // waited for another caller's miss
)

// Cache keeps tiles in memory up to a number of bytes, those longest unused
// leaving first, and has each missing tile made once however many wait. The
// making is cancelled when nobody waits any more. Safe for concurrent use.
type Cache struct {
	source   Source
	maxBytes int64

	mu      sync.Mutex
	bytes   int64
	evicted int64
	recent  *list.List // of *entry, last used first
	entries map[string]*list.Element
	flights map[string]*flight
}

type entry struct {
	key  string
	body []byte
}

type flight struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiters int
	body    []byte
	err     error
}

// NewCache makes an empty cache over a source. maxBytes 0 keeps nothing but
// still joins concurrent requests.
func NewCache(source Source, maxBytes int64) *Cache {
	return &Cache{source: source, maxBytes: maxBytes, recent: list.New(), entries: map[string]*list.Element{}, flights: map[string]*flight{}}
}

// key tells bodies apart. The version of the tile is read before the tile is made,
// so a write in between can only file a newer tile under an older version,
// never the other way round.
func (c *Cache) key(r Request) string {
	ids := make([]string, len(r.Collections))
	for i, collection := range r.Collections {
		ids[i] = collection.ID
	}
	a, version := r.Address, r.Version
	if version == "" {
		version = c.source.TileVersion(a.Grid, r.Collections, a.Z, a.X, a.Y)
	}
	return strings.Join([]string{strings.Join(ids, ","), version, string(r.Encoding), r.Scope, r.Day, a.Grid.ID, itoa(a.Z), itoa(a.X), itoa(a.Y)}, "|")
}

// Tile gives the encoded tile; an empty tile has no bytes in any encoding.
func (c *Cache) Tile(ctx context.Context, r Request) ([]byte, Outcome, error) {
	key := c.key(r)
	c.mu.Lock()
	if element, ok := c.entries[key]; ok {
		c.recent.MoveToFront(element)
		c.mu.Unlock()
		return element.Value.(*entry).body, Hit, nil
	}
	f, running := c.flights[key]
	if !running {
		f = c.depart(ctx, key, r)
	}
	f.waiters++
	c.mu.Unlock()
	outcome := Miss
	if running {
		outcome = Shared
	}
	select {
	case <-f.done:
		return f.body, outcome, f.err
	case <-ctx.Done():
		c.leave(key, f)
		return nil, outcome, ctx.Err()
	}
}

// depart starts making a tile under its own deadline: the caller that came
// first may leave while others wait. c.mu is held.
func (c *Cache) depart(ctx context.Context, key string, r Request) *flight {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renderTimeout)
	f := &flight{done: make(chan struct{}), cancel: cancel}
	c.flights[key] = f
	go func() {
		defer cancel()
		f.body, f.err = c.render(ctx, r)
		c.mu.Lock()
		if c.flights[key] == f {
			delete(c.flights, key)
		}
		if f.err == nil {
			c.keep(key, f.body)
		}
		c.mu.Unlock()
		close(f.done)
	}()
	return f
}

// leave drops a waiter; the last one to go cancels the query. The flight is
// forgotten at once, so that a later caller does not join what is cancelled.
func (c *Cache) leave(key string, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiters--
	if f.waiters > 0 {
		return
	}
	f.cancel()
	if c.flights[key] == f {
		delete(c.flights, key)
	}
}

func (c *Cache) render(ctx context.Context, r Request) ([]byte, error) {
	at := r.Address
	raw, err := c.source.Tile(ctx, at.Grid, r.Collections, at.Z, at.X, at.Y)
	if err != nil || len(raw) == 0 {
		return nil, err
	}
	return r.Encoding.Encode(raw)
}

// keep stores a body and lets the longest unused go. c.mu is held.
func (c *Cache) keep(key string, body []byte) {
	size := int64(len(body)) + entryOverhead
	if size > c.maxBytes {
		return
	}
	if _, ok := c.entries[key]; ok {
		return
	}
	c.entries[key] = c.recent.PushFront(&entry{key: key, body: body})
	c.bytes += size
	for c.bytes > c.maxBytes {
		oldest := c.recent.Back()
		gone := c.recent.Remove(oldest).(*entry)
		delete(c.entries, gone.key)
		c.evicted++
		c.bytes -= int64(len(gone.body)) + entryOverhead
	}
}

// Stats are a cache's figures, for metrics.
type Stats struct {
	Bytes   int64 // held, overhead included
	Tiles   int   // held
	Evicted int64 // tiles let go for want of room since the start
}

// Stats tells how the cache stands.
func (c *Cache) Stats() Stats {
	c.mu.Lock()
	defer c.mu.Unlock()
	return Stats{Bytes: c.bytes, Tiles: len(c.entries), Evicted: c.evicted}
}
