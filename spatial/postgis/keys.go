package postgis

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// keyMemo is how long a key that was found is believed without asking again:
// one that was revoked, on whatever server, is refused after that.
const keyMemo = 500 * time.Millisecond

// keysKept bounds the keys remembered at one time.
const keysKept = 4096

// keyMemory remembers keys that were found, and no others: what is unknown
// today may be a key in a moment.
type keyMemory struct {
	mu    sync.Mutex
	found map[spatial.KeyHash]knownKey
}

type knownKey struct {
	caller spatial.Caller
	until  time.Time
}

func (m *keyMemory) get(hash spatial.KeyHash) (spatial.Caller, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.found[hash]
	return k.caller, ok && time.Now().Before(k.until)
}

func (m *keyMemory) put(hash spatial.KeyHash, k knownKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.found == nil || len(m.found) >= keysKept {
		m.found = map[spatial.KeyHash]knownKey{}
	}
	m.found[hash] = k
}

// AddKey stores a key with the hash of its secret. A role that nobody can have
// or a scope that there is not is Invalid.
func (s *Store) AddKey(ctx context.Context, k spatial.Key, hash spatial.KeyHash) error {
	if err := spatial.CheckScopes(k.Scopes); err != nil {
		return err
	}
	if !k.Role.AtLeast(spatial.Viewer) {
		return spatial.Errorf(spatial.Invalid, "%q is no role: there are %v.", k.Role, spatial.Roles())
	}
	scopes := k.Scopes
	if scopes == nil {
		scopes = []string{}
	}
	_, err := s.pool.Exec(ctx, "INSERT INTO api_keys (id, hash, name, role, scopes, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
		k.ID, hash[:], k.Name, string(k.Role), scopes, k.Expires)
	return mapError(ctx, err)
}

// Keys lists all keys, revoked and expired ones too, the newest first.
func (s *Store) Keys(ctx context.Context) ([]spatial.Key, error) {
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	rows, err := s.pool.Query(ctx, "SELECT id, name, role, scopes, created_at, expires_at, revoked_at, last_used_at FROM api_keys ORDER BY created_at DESC, id")
	if err != nil {
		return nil, mapError(ctx, err)
	}
	keys, err := pgx.CollectRows(rows, pgx.RowToStructByPos[spatial.Key])
	return keys, mapError(ctx, err)
}

// RevokeKey ends a key, for every server within half a second. An id that there
// is not is NotFound; one that was revoked before stays as it was.
func (s *Store) RevokeKey(ctx context.Context, id string) error {
	tag, err := s.pool.Exec(ctx, "UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1", id)
	if err == nil && tag.RowsAffected() == 0 {
		err = spatial.Errorf(spatial.NotFound, "There is no key %q; quanyu key list shows them.", id)
	}
	return mapError(ctx, err)
}

// KeyCaller gives who comes with the secret of a hash; false when no key in
// force has it. An error is that of the database.
func (s *Store) KeyCaller(ctx context.Context, hash spatial.KeyHash) (spatial.Caller, bool, error) {
	if caller, ok := s.keys.get(hash); ok {
		return caller, true, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	asked := time.Now()
	var k spatial.Key
	var left *float64 // seconds until it expires, by the clock of the database
	var stale bool
	err := s.pool.QueryRow(ctx, `
		SELECT id, name, role, scopes, extract(epoch FROM expires_at - now())::float8, last_used_at IS NULL OR last_used_at < now() - interval '1 minute'
		FROM api_keys WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`, hash[:]).
		Scan(&k.ID, &k.Name, &k.Role, &k.Scopes, &left, &stale)
	if err == pgx.ErrNoRows {
		return spatial.Caller{}, false, nil
	}
	if err != nil {
		return spatial.Caller{}, false, mapError(ctx, fmt.Errorf("looking up a key: %w", err))
	}
	if stale { // a database that takes no writes now still answers
		_, _ = s.pool.Exec(ctx, "UPDATE api_keys SET last_used_at = now() WHERE hash = $1", hash[:])
	}
	until := asked.Add(keyMemo)
	if left != nil {
		until = asked.Add(min(keyMemo, time.Duration(*left*float64(time.Second))))
	}
	s.keys.put(hash, knownKey{caller: k.Caller(), until: until})
	return k.Caller(), true, nil
}
