package postgis_test

import (
	"strings"
	"testing"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/postgis"
)

// addKey stores a key and gives the hash of its secret.
func addKey(t testing.TB, s *postgis.Store, k spatial.Key) spatial.KeyHash {
	t.Helper()
	secret := spatial.NewSecret()
	hash, _ := spatial.HashSecret(secret)
	if err := s.AddKey(t.Context(), k, hash); err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestKeysAreFoundByTheHashOfTheirSecret(t *testing.T) {
	s, url := open(t)
	hash := addKey(t, s, spatial.Key{ID: "one", Name: "Map of the city", Role: spatial.Planner, Scopes: []string{"read", "write:facilities"}})
	caller, ok, err := s.KeyCaller(t.Context(), hash)
	want := spatial.Caller{ID: "key:one", Name: "Map of the city", Role: spatial.Planner, Scopes: "read write:facilities"}
	if err != nil || !ok || caller != want {
		t.Fatalf("got %+v, %v, %v", caller, ok, err)
	}
	if _, ok, err := s.KeyCaller(t.Context(), spatial.KeyHash{1}); ok || err != nil {
		t.Errorf("a hash of no key: %v, %v", ok, err)
	}
	list, err := s.Keys(t.Context())
	if err != nil || len(list) != 1 || list[0].LastUsed == nil || list[0].Revoked != nil || list[0].Expires != nil {
		t.Errorf("listed %+v, %v", list, err)
	}
	stored := ask[string](t, url, "SELECT string_agg(k::text, '') FROM api_keys k")
	if strings.Contains(stored, "qy_") {
		t.Error("the secret itself is stored")
	}
}

// Another server than the one that revokes refuses the key within a second.
func TestRevokedAndExpiredKeysEnd(t *testing.T) {
	s, url := open(t)
	other := openAt(t, url)
	soon := time.Now().Add(1200 * time.Millisecond)
	hashes := map[string]spatial.KeyHash{
		"revoked":  addKey(t, s, spatial.Key{ID: "revoked", Name: "a", Role: spatial.Viewer}),
		"expiring": addKey(t, s, spatial.Key{ID: "expiring", Name: "b", Role: spatial.Viewer, Expires: &soon}),
		"staying":  addKey(t, s, spatial.Key{ID: "staying", Name: "c", Role: spatial.Viewer}),
	}
	for id, hash := range hashes {
		if _, ok, err := other.KeyCaller(t.Context(), hash); !ok || err != nil {
			t.Fatalf("%s at first: %v, %v", id, ok, err)
		}
	}
	if err := s.RevokeKey(t.Context(), "revoked"); err != nil {
		t.Fatal(err)
	}
	revoked := time.Now()
	for time.Now().Before(revoked.Add(time.Second)) && time.Now().Before(soon) {
		time.Sleep(20 * time.Millisecond)
	}
	time.Sleep(max(0, time.Until(soon)) + 20*time.Millisecond)
	for id, want := range map[string]bool{"revoked": false, "expiring": false, "staying": true} {
		if _, ok, err := other.KeyCaller(t.Context(), hashes[id]); ok != want || err != nil {
			t.Errorf("%s afterwards: %v, %v", id, ok, err)
		}
	}
	if err := s.RevokeKey(t.Context(), "nobody"); spatial.KindOf(err) != spatial.NotFound {
		t.Errorf("an id that there is not: %v", err)
	}
}

func TestKeysOfNoRoleOrScopeAreRefused(t *testing.T) {
	s, _ := open(t)
	for _, k := range []spatial.Key{{ID: "a", Name: "a", Role: "root"}, {ID: "b", Name: "b"}, {ID: "c", Name: "c", Role: spatial.Admin, Scopes: []string{"all"}}, {ID: "d", Role: spatial.Viewer}} {
		if err := s.AddKey(t.Context(), k, spatial.KeyHash{2}); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%+v: %v", k, err)
		}
	}
}
