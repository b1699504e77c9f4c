package seeds

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the two tables
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// The condensed network is figures computed by "quanyu network condense" from
// OpenStreetMap roads of early 2021; facts/road-links.md and docs/network.md
// tell how, and under which licence.
//
//go:embed facts/road-vertices.csv
var roadVertices []byte

//go:embed facts/road-links.csv
var roadLinks []byte

// CondensedName is the name of the network that ships with the product.
const CondensedName = "condensed"

// RoadLinks reads the tables of the shipped condensed network. It fails only
// when a shipped file is broken, naming file, line and column.
func RoadLinks() (*network.LinkTable, error) {
	return network.ReadLinks(bytes.NewReader(roadVertices), bytes.NewReader(roadLinks))
}

// CondensedNetwork is the shipped road network, for cars only, and the dataset
// that vouches for it: modelled, not measured.
func CondensedNetwork() (*network.Network, spatial.Dataset, error) {
	table, err := RoadLinks()
	if err != nil {
		return nil, spatial.Dataset{}, err
	}
	graph, err := table.Graph(network.Car)
	if err != nil {
		return nil, spatial.Dataset{}, err
	}
	sum := sha256.Sum256(append(bytes.Clone(roadVertices), roadLinks...))
	hash := hex.EncodeToString(sum[:])
	dataset := spatial.Dataset{
		ID:          "roads-condensed",
		Title:       "Road network of China, modelled, condensed, from OpenStreetMap of early 2021",
		TitleZH:     "全国路网（模型推算，压缩），据 2021 年初 OpenStreetMap",
		Licence:     "ODbL-1.0",
		Attribution: "© OpenStreetMap contributors",
		Retrieved:   time.Date(2021, time.February, 13, 0, 0, 0, 0, time.UTC),
		Version:     "2021-02-13+" + hash[:12],
		SHA256:      hash,
		Kind:        spatial.Modelled,
		Report: map[string]any{
			"vertices": len(table.Vertices), "links": len(table.Links),
			"places": len(table.Places()), "places_not_snapped": table.NotSnapped,
		},
	}
	n, err := network.New(CondensedName, network.KindCondensed, graph, spatial.DatasetVersion{ID: dataset.ID, Version: dataset.Version})
	return n, dataset, err
}

// RoadPlaceCollections are those whose points a condensed network must keep.
func RoadPlaceCollections() []string { return []string{"seats", "airports", "border-places"} }

// RoadPlace is a feature of such a collection as a place to keep, under the id
// "collection/id"; false when it has no point.
func RoadPlace(collection string, f spatial.Feature) (network.Place, bool) {
	p, placed := f.Geometry.(orb.Point)
	return network.Place{ID: collection + "/" + f.ID, Point: p}, placed
}

// RoadPlaces are the places of the facts that a condensed network must keep.
func RoadPlaces(facts spatial.Load) ([]network.Place, error) {
	var places []network.Place
	for _, table := range facts.Tables {
		if !slices.Contains(RoadPlaceCollections(), table.Collection.ID) {
			continue
		}
		for _, r := range table.Records {
			if p, placed := RoadPlace(table.Collection.ID, r.Feature); placed {
				places = append(places, p)
			}
		}
	}
	if len(places) == 0 {
		return nil, fmt.Errorf("the facts hold no places")
	}
	return places, nil
}
