package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb/encoding/mvt"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
	"quanyu/tiles/pmtiles"
)

func TestKeysEndWhenTheyAreTold(t *testing.T) {
	now := time.Date(2026, 11, 25, 20, 0, 0, 0, time.UTC) // the 26th in UTC+8
	for text, want := range map[string]string{
		"90d": "2027-02-23T20:00:00Z", "12h": "2026-11-26T08:00:00Z", "2026-11-26": "2026-11-26T16:00:00Z", "2027-01-31": "2027-01-31T16:00:00Z",
	} {
		end, err := parseExpiry(text, now)
		if err != nil || end.UTC().Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v", text, end, err)
		}
	}
	if end, err := parseExpiry("", now); end != nil || err != nil {
		t.Errorf("empty: %v, %v", end, err)
	}
	for _, bad := range []string{"0d", "-1d", "1", "d", "1w", "1.5d", "70000d", "2026-11-25", "2026-02-30", "soon"} {
		if _, err := parseExpiry(bad, now); err == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// A key works on a running server from the moment it is made until a second
// after it is revoked.
func TestKeysAreMadeListedAndRevoked(t *testing.T) {
	url := postgistest.New(t)
	postgistest.Exec(t, url, "INSERT INTO airports (id, geom, visibility) VALUES ('open', 'SRID=4326;POINT(100 30)', 'public'), ('kept', 'SRID=4326;POINT(101 31)', 'internal')")
	key := func(args ...string) (stdout, stderr string, code int) {
		return quanyu(t, nil, append([]string{"--database-url", url, "key"}, args...)...)
	}
	server := start(t, "--database-url", url, "serve", "--listen", "127.0.0.1:0")
	base := server.await(t, `Serving on (http://\S+?)/ `)
	items := func(secret string) (int, string) {
		request, _ := http.NewRequest(http.MethodGet, base+"/collections/airports/items?f=csv", nil)
		if secret != "" {
			request.Header.Set("Authorization", "Bearer "+secret)
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var body bytes.Buffer
		_, _ = body.ReadFrom(response.Body)
		return response.StatusCode, body.String()
	}
	for _, wrong := range [][]string{
		{"create", "--role", "planner"}, {"create", "--name", "x", "--role", "root"}, {"create", "--name", "x", "--role", "viewer", "--expires", "soon"},
		{"create", "--name", "x", "--role", "planner", "--collections", "nothing"}, {"create", "--name", "x", "--role", "viewer", "--collections", "scenarios"},
		{"create", "--name", "x", "--role", "viewer", "--no-read"}, {"create", "--name", " ", "--role", "viewer"}, {"create", "--name", "x", "--role", "viewer", "--processes", "a b"},
	} {
		if _, stderr, code := key(wrong...); code != exitUsage {
			t.Errorf("%v: exit %d: %s", wrong, code, stderr)
		}
	}
	secret, stderr, code := key("create", "--name", "Map of the city", "--role", "viewer", "--expires", "30d")
	secret = strings.TrimSpace(secret)
	if _, ok := spatial.HashSecret(secret); code != exitOK || !ok {
		t.Fatalf("exit %d, %q, %s", code, secret, stderr)
	}
	if narrow, stderr, code := key("create", "--name", "Scenarios", "--role", "planner", "--collections", "scenarios", "--processes", "*"); code != exitOK || len(narrow) != 53 {
		t.Errorf("exit %d, %q, %s", code, narrow, stderr)
	}
	if status, body := items(secret); status != 200 || !strings.Contains(body, "kept") {
		t.Errorf("with the key: %d %s", status, body)
	}
	if status, body := items(""); status != 200 || strings.Contains(body, "kept") {
		t.Errorf("without a key: %d %s", status, body)
	}
	list, _, _ := key("list")
	if !strings.Contains(list, "Map of the city") || !strings.Contains(list, "read write:scenarios process:*") || strings.Contains(list, "qy_") {
		t.Errorf("listed:\n%s", list)
	}
	var id string
	for line := range strings.Lines(list) {
		if strings.Contains(line, "Map of the city") {
			id = strings.Fields(line)[0]
		}
	}
	if _, stderr, code := key("revoke", "nobody"); code != exitFailed {
		t.Errorf("revoking nobody: exit %d: %s", code, stderr)
	}
	if _, stderr, code := key("revoke", id); code != exitOK {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	revoked := time.Now()
	for status := 0; status != 401; status, _ = items(secret) {
		if time.Since(revoked) > time.Second {
			t.Fatal("a second after its end the key still works")
		}
	}
	if list, _, _ := key("list"); !strings.Contains(list, "revoked 20") {
		t.Errorf("listed:\n%s", list)
	}
}

func TestOnlyLoopbackAddressesAreLoopback(t *testing.T) {
	for text, want := range map[string]bool{"127.0.0.1:0": true, "[::1]:0": true, "0.0.0.0:0": false, "[::]:0": false} {
		listener, err := listening{Listen: text}.bind()
		if err != nil {
			t.Skipf("this machine has no %s: %v", text, err)
		}
		if got := isLoopback(listener.Addr()); got != want {
			t.Errorf("%s: %v", listener.Addr(), got)
		}
		listener.Close()
	}
}

// A proxy on the same machine brings callers from elsewhere, so what is written
// without a visibility is not public there.
func TestBehindAProxyALoopbackAddressIsReachedFromElsewhere(t *testing.T) {
	address := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}
	proxied, published := listening{}, listening{PublicURL: "https://planning.example.org"}
	proxied.TrustForwarded = true
	if !(listening{}).ownMachineOnly(address) || proxied.ownMachineOnly(address) || published.ownMachineOnly(address) {
		t.Error("a server behind a proxy is taken for one that only its own machine reaches, or the other way round")
	}
}

// Archives go to hosts that ask nobody who they are.
func TestTilesExportHasPublicRowsUnlessTold(t *testing.T) {
	url := postgistest.New(t)
	for _, visibility := range []string{"public", "internal", "restricted"} {
		postgistest.Exec(t, url, "INSERT INTO airports (id, geom, visibility) VALUES ($1, 'SRID=4326;POINT(100 30)', $1)", visibility)
	}
	for sees, want := range map[string]int{"": 1, "public": 1, "internal": 2, "all": 3} {
		out := filepath.Join(t.TempDir(), "airports.pmtiles")
		args := []string{"--database-url", url, "tiles", "export", "--collections", "airports", "--max-zoom", "0", out}
		if sees != "" {
			args = append(args, "--sees", sees)
		}
		if _, stderr, code := quanyu(t, nil, args...); code != exitOK {
			t.Fatalf("%s: exit %d: %s", sees, code, stderr)
		}
		if got := featuresIn(t, out); len(got) != want || !slices.Contains(got, "public") {
			t.Errorf("--sees %q exports %v", sees, got)
		}
	}
}

// featuresIn lists the ids of the features in the first tile of an archive.
func featuresIn(t *testing.T, path string) (ids []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	archive, err := pmtiles.Open(file, info.Size())
	if err != nil {
		t.Fatal(err)
	}
	body, err := archive.Tile(0)
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.UnmarshalGzipped(body)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range layers[0].Features {
		ids = append(ids, fmt.Sprint(f.Properties["id"]))
	}
	return ids
}
