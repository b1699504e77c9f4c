package postgis_test

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
	"quanyu/spatial/postgis"
)

// cityNetwork is a grid of n x n junctions with its lower left corner at p.
func cityNetwork(t testing.TB, name, kind string, n int, p orb.Point) (*network.Network, spatial.Dataset, iter.Seq[spatial.Feature]) {
	t.Helper()
	const both = network.Car | network.Bike | network.Walk
	var ways []network.Way
	at := func(x, y int) int64 { return int64(y*n + x) }
	for i := range n {
		var east, north []int64
		for k := range n {
			east, north = append(east, at(k, i)), append(north, at(i, k))
		}
		ways = append(ways,
			network.Way{ID: int64(2 * i), Class: network.Primary, Refs: east, Forward: both, Backward: both},
			network.Way{ID: int64(2*i + 1), Class: network.Residential, Refs: north, Forward: both, Backward: both})
	}
	g, _, err := network.Build(network.Source{Ways: ways}, func(id int64) (orb.Point, bool) {
		return orb.Point{p[0] + float64(id%int64(n))/100, p[1] + float64(id/int64(n))/100}, true
	})
	if err != nil {
		t.Fatal(err)
	}
	d := spatial.Dataset{ID: "osm-" + name, Title: name, Licence: "ODbL-1.0", Version: "v1", Kind: spatial.Measured, Retrieved: time.Now()}
	made, err := network.New(name, kind, g, spatial.DatasetVersion{ID: d.ID, Version: d.Version})
	if err != nil {
		t.Fatal(err)
	}
	profile, ok := network.DefaultProfile("car")
	if !ok {
		t.Fatal("no profile for cars")
	}
	router, err := network.NewRouter(made, profile)
	if err != nil {
		t.Fatal(err)
	}
	return made, d, router.Roads()
}

func loadNetwork(t testing.TB, s *postgis.Store, name, kind string, n int, p orb.Point) *network.Network {
	t.Helper()
	made, d, roads := cityNetwork(t, name, kind, n, p)
	if changed, err := s.LoadNetwork(t.Context(), made, d, roads, nil); err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	return made
}

func TestNetworkComesBackAsItWas(t *testing.T) {
	s, url := open(t)
	before := s.DataVersion()
	made, d, roads := cityNetwork(t, "chengdu", network.KindImported, 20, orb.Point{104, 30})
	told := 0
	if changed, err := s.LoadNetwork(t.Context(), made, d, roads, func(done int) { told = done }); err != nil || !changed {
		t.Fatalf("changed %v, %v", changed, err)
	}
	if s.DataVersion() == before || s.DataVersion(collection(t, "roads")) == before {
		t.Error("the data version stays")
	}
	want := slices.Collect(roads)
	if told != len(want) {
		t.Errorf("told of %d rows, there are %d", told, len(want))
	}
	for _, store := range []*postgis.Store{s, openAt(t, url)} {
		got, err := store.Network(t.Context(), "chengdu")
		if err != nil {
			t.Fatal(err)
		}
		a, _ := made.Graph.Encode()
		b, _ := got.Graph.Encode()
		if !bytes.Equal(a, b) || got.Version != made.Version || got.Kind != made.Kind || got.Extent != made.Extent || got.Dataset != made.Dataset {
			t.Errorf("got %+v, want %+v", got, made)
		}
		again, err := store.Network(t.Context(), "chengdu")
		if err != nil || again.Graph != got.Graph {
			t.Error("the graph was decoded twice")
		}
	}
	set, err := s.Features(t.Context(), spatial.FeatureQuery{Collection: collection(t, "roads"), AsOf: time.Now(), Limit: 10000})
	if err != nil || len(set.Features) != len(want) || set.Datasets[0] != made.Dataset {
		t.Fatalf("%d roads, %v, %v", len(set.Features), set.Datasets, err)
	}
	for i, f := range set.Features {
		if f.ID != want[i].ID || f.Properties["seconds_forward"] != want[i].Properties["seconds_forward"] {
			t.Errorf("road %v, want %v", f, want[i])
		}
	}
	if changed, err := s.LoadNetwork(t.Context(), made, d, failing(t), nil); err != nil || changed {
		t.Errorf("the same network again: changed %v, %v", changed, err)
	}
	d.Retrieved, d.Report = time.Now().AddDate(0, 0, 1), "another"
	if changed, err := s.LoadNetwork(t.Context(), made, d, failing(t), nil); err != nil || changed {
		t.Errorf("the same network on another day: changed %v, %v", changed, err)
	}
}

// failing is a sequence of roads that nobody may ask for.
func failing(t *testing.T) iter.Seq[spatial.Feature] {
	return func(func(spatial.Feature) bool) { t.Error("the roads were read") }
}

func TestNetworkIsReplacedAsAWhole(t *testing.T) {
	s, url := open(t)
	loadNetwork(t, s, "city", network.KindImported, 5, orb.Point{104, 30})
	loadNetwork(t, s, "other", network.KindImported, 3, orb.Point{110, 30})
	small, err := s.Network(t.Context(), "city")
	if err != nil {
		t.Fatal(err)
	}
	made, d, roads := cityNetwork(t, "city", network.KindImported, 9, orb.Point{104, 30})
	changed, err := s.LoadNetwork(t.Context(), made, d, func(yield func(spatial.Feature) bool) {
		for f := range roads {
			if !yield(f) {
				return
			}
		}
		yield(spatial.Feature{ID: "no good"})
	}, nil)
	if changed || spatial.KindOf(err) != spatial.Invalid {
		t.Errorf("a bad row at the end: changed %v, %v", changed, err)
	}
	all := slices.Collect(roads)
	twice := slices.Values(append(all, all...))
	if changed, err := s.LoadNetwork(t.Context(), made, d, twice, nil); changed || spatial.KindOf(err) != spatial.Invalid || !strings.Contains(err.Error(), "Two roads") {
		t.Errorf("every road twice: changed %v, %v", changed, err)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM roads WHERE network = 'city'"); n != edges(small) {
		t.Errorf("%d roads after a failure, want %d", n, edges(small))
	}
	loadNetwork(t, s, "city", network.KindImported, 9, orb.Point{104, 30})
	big, err := s.Network(t.Context(), "city")
	if err != nil || big.Version != made.Version || small.Version == big.Version {
		t.Fatalf("%v, %v", big, err)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM roads WHERE network = 'city'"); n != edges(big) {
		t.Errorf("%d roads, want %d", n, edges(big))
	}
	if n := ask[int](t, url, "SELECT count(DISTINCT hash) FROM network_artifacts"); n != 2 {
		t.Errorf("%d graphs are kept for two networks", n)
	}
	if n := ask[int](t, url, "SELECT count(*) FROM datasets WHERE id = 'osm-city' AND rows = $1", edges(big)); n != 1 {
		t.Error("the dataset does not say how many rows there are")
	}
}

func edges(n *network.Network) int { return n.Graph.NumEdges() }

func TestChoiceOfNetwork(t *testing.T) {
	s, _ := open(t)
	inside, outside := orb.Point{104.02, 30.02}, orb.Point{121, 31}
	if _, _, err := s.ChooseNetwork(t.Context(), []orb.Point{inside}); spatial.KindOf(err) != spatial.Unprocessable {
		t.Errorf("without any network: %v", err)
	}
	if err := s.Ready(t.Context()); spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("ready without facts: %v", err)
	}
	loadNetwork(t, s, "condensed", network.KindCondensed, 4, orb.Point{90, 25})
	check := func(want, words string, points ...orb.Point) {
		t.Helper()
		n, why, err := s.ChooseNetwork(t.Context(), points)
		if err != nil || n.Name != want || !strings.Contains(why, words) {
			t.Errorf("chose %v because %q, %v; want %s", n, why, err, want)
		}
	}
	check("condensed", "no road file has been imported", inside)
	loadNetwork(t, s, "old", network.KindImported, 6, orb.Point{104, 30})
	loadNetwork(t, s, "new", network.KindImported, 5, orb.Point{104, 30})
	check("new", "covers all 2 points", inside, orb.Point{104.04, 30.04})
	check("old", "covers all 1 points", orb.Point{104.05, 30.05})
	check("condensed", "none of 2 imported networks", inside, outside)
	list, err := s.Networks(t.Context())
	if err != nil || len(list) != 3 || list[0].Name != "new" || list[2].Name != "condensed" || list[0].Roads == 0 || list[0].ImportedAt.Location() != time.UTC {
		t.Errorf("%+v, %v", list, err)
	}
	_, err = s.Network(t.Context(), "mars")
	if spatial.KindOf(err) != spatial.NotFound || !strings.Contains(err.Error(), "new, old, condensed") {
		t.Errorf("an unknown network: %v", err)
	}
	load(t, s, sampleLoad(1))
	if err := s.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}

func TestNetworkNamesAreURLSafe(t *testing.T) {
	s, _ := open(t)
	made, d, roads := cityNetwork(t, "a", network.KindImported, 2, orb.Point{104, 30})
	for _, bad := range []string{"", "四川", "a b", "a/b", "a'b", strings.Repeat("x", 101)} {
		made.Name = bad
		if _, err := s.LoadNetwork(t.Context(), made, d, roads, nil); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestDamagedGraphIsRefused(t *testing.T) {
	s, url := open(t)
	loadNetwork(t, s, "city", network.KindImported, 5, orb.Point{104, 30})
	exec(t, url, "UPDATE network_artifacts SET bytes = set_byte(bytes, 60, 1 + get_byte(bytes, 60) % 7)")
	if _, err := s.Network(t.Context(), "city"); spatial.KindOf(err) != spatial.Internal || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
}

func TestReadersSeeANetworkOldOrNewNeverMixed(t *testing.T) {
	s, _ := open(t)
	sizes := map[int]bool{}
	for i := range 4 {
		made, _, _ := cityNetwork(t, "city", network.KindImported, 4+i%2, orb.Point{104, 30})
		sizes[edges(made)] = true
	}
	loadNetwork(t, s, "city", network.KindImported, 4, orb.Point{104, 30})
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				n, err := s.Count(t.Context(), spatial.ItemsQuery{Collection: collection(t, "roads")})
				if err != nil || !sizes[int(n)] {
					t.Errorf("%d roads, %v; want one of %v", n, err, sizes)
					return
				}
				if _, err := s.Network(t.Context(), "city"); err != nil && spatial.KindOf(err) != spatial.Unavailable {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 6 {
		loadNetwork(t, s, "city", network.KindImported, 5-i%2, orb.Point{104, 30})
	}
	close(done)
	readers.Wait()
}

func TestDecodedNetworksAreBounded(t *testing.T) {
	s, _ := open(t)
	for i := range 5 {
		loadNetwork(t, s, fmt.Sprint("n", i), network.KindImported, 2+i, orb.Point{100, 30})
	}
	first, err := s.Network(t.Context(), "n0")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, err := s.Network(t.Context(), fmt.Sprint("n", i)); err != nil {
			t.Fatal(err)
		}
	}
	again, err := s.Network(t.Context(), "n0")
	if err != nil || again.Graph == first.Graph {
		t.Errorf("five graphs are kept in memory, %v", err)
	}
}
