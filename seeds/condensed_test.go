package seeds_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"quanyu/seeds"
	"quanyu/seeds/osm"
	"quanyu/spatial"
	"quanyu/spatial/network"
)

const again = "run quanyu network condense again, as the header of facts/road-links.csv says"

func roadPlaces(t *testing.T) []network.Place {
	t.Helper()
	load, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	places, err := seeds.RoadPlaces(load)
	if err != nil {
		t.Fatal(err)
	}
	return places
}

// Whoever adds or moves a seat, airport or border place has to make the
// condensed network anew.
func TestEveryPlaceOfTheFactsIsAVertexAtItsOwnPoint(t *testing.T) {
	table, err := seeds.RoadLinks()
	if err != nil {
		t.Fatal(err)
	}
	where := table.Places()
	known := map[string]bool{}
	for _, p := range roadPlaces(t) {
		known[p.ID] = true
		v, found := where[p.ID]
		switch {
		case !found && !slices.Contains(table.NotSnapped, p.ID):
			t.Errorf("%s is not among the vertices; %s", p.ID, again)
		case found && (math.Abs(table.Vertices[v].Point[0]-p.Point[0]) > 1e-7 || math.Abs(table.Vertices[v].Point[1]-p.Point[1]) > 1e-7):
			t.Errorf("%s stands at %v, its vertex at %v; %s", p.ID, p.Point, table.Vertices[v].Point, again)
		}
	}
	for id := range where {
		if !known[id] {
			t.Errorf("vertex of %s, which the facts do not have; %s", id, again)
		}
	}
}

// The places without a road within 20 km, each with its reason. A place that
// joins them is a mistake in its coordinates until shown otherwise.
func TestPlacesOffTheRoadsAreTheKnownOnes(t *testing.T) {
	table, err := seeds.RoadLinks()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"airports/zjyx": "Sansha Yongxing, an island", "seats/seat-460300": "Sansha, an island",
		"airports/zych": "Changhai, an island", "seats/seat-210224": "Changhai, islands",
		"seats/seat-330922":                        "Shengsi, islands",
		"border-places/lizi-port":                  "no main road in 2021",
		"border-places/tongjiang-rail-bridge-port": "on the river, no main road near",
		"seats/seat-230606":                        "no main road near", "seats/seat-231124": "no main road near",
		"seats/seat-513230": "no main road near", "seats/seat-513338": "no main road near", "seats/seat-652928": "no main road near",
	}
	for _, id := range table.NotSnapped {
		if want[id] == "" {
			t.Errorf("%s has no road near; is its place right?", id)
		}
	}
	seats := 0
	for _, v := range table.Vertices {
		for _, id := range v.Places {
			if strings.HasPrefix(id, "seats/") && strings.HasSuffix(id, "00") && !strings.HasSuffix(id, "0000") {
				seats++
			}
		}
	}
	if seats < 330 {
		t.Errorf("only %d prefecture seats are on the network", seats)
	}
}

func TestCondensedNetworkIsOneWholeAndLabelled(t *testing.T) {
	n, dataset, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	if n.Name != "condensed" || n.Kind != network.KindCondensed || dataset.Kind != spatial.Modelled || dataset.Licence != "ODbL-1.0" ||
		dataset.Attribution != "© OpenStreetMap contributors" || n.Dataset.Version != dataset.Version {
		t.Errorf("network %q %q, dataset %+v", n.Name, n.Kind, dataset)
	}
	if e := n.Graph.NumEdges(); e < 10_000 || e > 50_000 {
		t.Errorf("%d links", e)
	}
	size := int64(0)
	for _, name := range []string{"road-links.csv", "road-vertices.csv"} {
		info, err := os.Stat(filepath.Join("facts", name))
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if size > 4<<20 {
		t.Errorf("the tables take %d bytes, at most 4 MiB may ship", size)
	}
	router := routerOf(t, n, "car")
	largest := 0
	for v := range n.Graph.NumVertices() {
		if s := router.Snap(n.Graph.Point(network.Vertex(v))); int(s.Component) > largest {
			largest = int(s.Component)
		}
	}
	if largest*100 < n.Graph.NumVertices()*90 {
		t.Errorf("the largest component has %d of %d vertices", largest, n.Graph.NumVertices())
	}
}

func routerOf(t *testing.T, n *network.Network, profile string) *network.Router {
	t.Helper()
	p, ok := network.ProfileByName(profile)
	if !ok {
		t.Fatalf("no profile %s", profile)
	}
	return routerFor(t, n, p)
}

func routerFor(t *testing.T, n *network.Network, p network.Profile) *network.Router {
	t.Helper()
	r, err := network.NewRouter(n, p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// importNational reads the road file of the shared folder, once for all tests.
var importNational = sync.OnceValues(func() (*network.Network, error) {
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared")
	}
	path := filepath.Join(root, "data", "china", "china-roads-osm2021-z7.osm.pbf")
	n, _, err := osm.Network(context.Background(), path, "china-2021", osm.Options{}, nil)
	return n, err
})

func national(t *testing.T) *network.Network {
	t.Helper()
	n, err := importNational()
	if os.IsNotExist(err) {
		t.Skipf("shared data absent: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// minutesToAirport are the minutes from every prefecture seat to the nearest
// transport airport open at the end of 2020, +Inf where there is no way.
func minutesToAirport(t *testing.T, r *network.Router) map[string]float64 {
	t.Helper()
	rows := facts(t)
	var sources, targets []network.Snap
	var ids []string
	end := time.Date(2020, time.December, 31, 0, 0, 0, 0, time.UTC)
	open := func(v any, whenNil bool, test func(time.Time) bool) bool {
		at, dated := v.(time.Time)
		return !dated && whenNil || dated && test(at)
	}
	for _, id := range sortedIDs(rows["airports"]) {
		a := rows["airports"][id]
		if a.Properties["kind"] == "transport" && open(a.Properties["opened"], true, func(d time.Time) bool { return !d.After(end) }) &&
			open(a.Properties["closed"], true, func(d time.Time) bool { return d.After(end) }) {
			sources = append(sources, r.Snap(a.Geometry.(orb.Point)))
		}
	}
	for _, id := range sortedIDs(rows["seats"]) {
		if s := rows["seats"][id]; s.Properties["level"] == "prefecture" {
			ids = append(ids, id)
			targets = append(targets, r.Snap(s.Geometry.(orb.Point)))
		}
	}
	reaches, err := r.Nearest(context.Background(), sources, targets, true, network.NoLimit)
	if err != nil {
		t.Fatal(err)
	}
	minutes := map[string]float64{}
	for i, reach := range reaches {
		minutes[ids[i]] = math.Inf(1)
		if reach.State == network.Reached {
			minutes[ids[i]] = reach.Weight.Seconds().Minutes()
		}
	}
	return minutes
}

func sortedIDs(rows map[string]spatial.Record) []string {
	var ids []string
	for id := range rows {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// difference is a row of the error table in docs/network.md.
type difference struct {
	profile                       string
	coveredFull, coveredCondensed float64 // shares
	changed                       int     // seats on the other side of 60 minutes
	mean, p95, most               float64 // minutes, absolute
}

func compareNetworks(t *testing.T, full, condensed *network.Network, p network.Profile) difference {
	t.Helper()
	want, got := minutesToAirport(t, routerFor(t, full, p)), minutesToAirport(t, routerFor(t, condensed, p))
	d := difference{profile: p.Name}
	var errors []float64
	for id, w := range want {
		g := got[id]
		if (w <= 60) != (g <= 60) || math.IsInf(w, 1) != math.IsInf(g, 1) {
			d.changed++
		}
		if w <= 60 {
			d.coveredFull += 1 / float64(len(want))
		}
		if g <= 60 {
			d.coveredCondensed += 1 / float64(len(want))
		}
		if !math.IsInf(w, 1) && !math.IsInf(g, 1) {
			errors = append(errors, math.Abs(w-g))
		}
	}
	slices.Sort(errors)
	for _, e := range errors {
		d.mean += e / float64(len(errors))
	}
	d.p95, d.most = errors[len(errors)*95/100], errors[len(errors)-1]
	return d
}

// carBut is the profile car with the speeds of some classes scaled: a profile
// that the network was not condensed for.
func carBut(name string, factor float64, classes ...network.Class) network.Profile {
	p, _ := network.ProfileByName("car")
	p.Name = name
	speeds := map[network.Class]network.ClassSpeed{}
	for class, s := range p.Speeds {
		if slices.Contains(classes, class) {
			s.Factor *= factor
		}
		speeds[class] = s
	}
	p.Speeds = speeds
	return p
}

// The error table of docs/network.md. Its generated twin, on towns drawn at
// random, is TestCondensedTimesBetweenPlacesAreExact in spatial/network.
func TestCondensedNetworkAgreesWithTheWholeOne(t *testing.T) {
	full := national(t)
	condensed, _, err := seeds.CondensedNetwork()
	if err != nil {
		t.Fatal(err)
	}
	named := func(name string) network.Profile {
		p, _ := network.ProfileByName(name)
		return p
	}
	for _, c := range []struct {
		profile network.Profile
		changed int
		mean    float64
	}{
		{named("car"), 0, 0.1},
		{named("car-design"), 0, 0.1},
		{named("car-cautious"), 0, 0.1},
		{carBut("car, motorways x 0.8", 0.8, network.Motorway), 3, 1.5},
		{carBut("car, trunk and primary x 0.75", 0.75, network.Trunk, network.Primary), 3, 1.5},
		{carBut("car, primary x 0.5", 0.5, network.Primary), 3, 1.5},
		// Where the speeds of classes change places, the ways that would then
		// be best are not all kept: the documented limit of condensing.
		{carBut("car, motorways x 0.6", 0.6, network.Motorway), 6, 2.5},
	} {
		d := compareNetworks(t, full, condensed, c.profile)
		t.Logf("%s: covered %.4f, condensed %.4f, changed %d, mean %.4f, p95 %.4f, most %.4f min", d.profile, d.coveredFull, d.coveredCondensed, d.changed, d.mean, d.p95, d.most)
		if d.changed > c.changed || d.mean > c.mean {
			t.Errorf("%s: %d seats change state, mean error %.3f min; at most %d and %.1f are allowed; %s", d.profile, d.changed, d.mean, c.changed, c.mean, again)
		}
		if c.profile.Name == "car" && (d.coveredFull < 0.65 || d.coveredFull > 0.85) {
			t.Errorf("%.1f %% of seats within 60 minutes in 2020, far from all published figures", 100*d.coveredFull)
		}
	}
}

// The shipped tables are what the command makes of the file: figures of our
// own, which anybody can make again.
func TestShippedTablesAreWhatTheCommandMakes(t *testing.T) {
	full := national(t)
	shipped, err := seeds.RoadLinks()
	if err != nil {
		t.Fatal(err)
	}
	options := network.CondenseOptions{Links: 30000}
	for _, name := range []string{"car", "car-design", "car-cautious"} {
		p, _ := network.ProfileByName(name)
		options.Profiles = append(options.Profiles, p)
	}
	made, err := network.Condense(context.Background(), full, roadPlaces(t), options, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := tableBytes(t, shipped), tableBytes(t, made); !bytes.Equal(a, b) {
		t.Errorf("the shipped tables (%d vertices, %d links) differ from what condensing gives (%d, %d); %s",
			len(shipped.Vertices), len(shipped.Links), len(made.Vertices), len(made.Links), again)
	}
}

func tableBytes(t *testing.T, table *network.LinkTable) []byte {
	t.Helper()
	var b, links bytes.Buffer
	if err := network.WriteLinks(&b, &links, table, nil); err != nil {
		t.Fatal(err)
	}
	return fmt.Append(b.Bytes(), links.String())
}
