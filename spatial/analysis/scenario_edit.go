package analysis

import (
	"encoding/json"
	"slices"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/coverage"
	"quanyu/spatial/network"
)

// edit is one edit in canonical form: the members that its type has, in this
// order, coordinates to 7 decimals.
type edit struct {
	Type       string          `json:"type"`
	Collection string          `json:"collection,omitempty"`
	ID         string          `json:"id,omitempty"`
	Lon        *float64        `json:"lon,omitempty"`
	Lat        *float64        `json:"lat,omitempty"`
	Properties map[string]any  `json:"properties,omitempty"`
	Class      string          `json:"class,omitempty"`
	Roads      []string        `json:"roads,omitempty"`
	Area       json.RawMessage `json:"area,omitempty"`
	Factor     *float64        `json:"factor,omitempty"`
	Geometry   json.RawMessage `json:"geometry,omitempty"`
	SpeedKMH   *float64        `json:"speed_kmh,omitempty"`
	OneWay     bool            `json:"one_way,omitempty"`
}

// The types of edits; those of roads are the engine's.
const (
	addFacility    = "add-facility"
	removeFacility = "remove-facility"
	addRoad        = string(network.AddRoad)
	closeRoad      = string(network.CloseRoad)
	setSpeed       = string(network.SetSpeed)
)

var (
	editTypes  = []string{addFacility, removeFacility, addRoad, closeRoad, setSpeed}
	laterEdits = []string{"change-population", "replace-line"}
)

// maxRoadIDs bounds the roads that one edit names.
const maxRoadIDs = 10_000

// readEdit reads one edit, and makes the engine's form of one of roads.
func readEdit(o object) (edit, *network.Edit) {
	if kind := textOf(o.members["type"]); slices.Contains(laterEdits, kind) {
		o.fault("type", shown(kind)+" is taken by no process yet", editTypes)
		return edit{}, nil
	}
	o.require("type")
	e := edit{Type: o.choice("type", "", editTypes)}
	switch e.Type {
	case addFacility:
		readAddFacility(o, &e)
	case removeFacility:
		o.only("type", "collection", "id")
		e.Collection = readCollection(o)
		if o.require("id") {
			e.ID, _ = o.text("id")
		}
	case addRoad:
		return e, readAddRoad(o, &e)
	case closeRoad:
		return e, readCloseRoad(o, &e)
	case setSpeed:
		return e, readSetSpeed(o, &e)
	}
	return e, nil
}

// textOf is a JSON string, "" for anything else.
func textOf(raw json.RawMessage) string {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

func readCollection(o object) string {
	if !o.require("collection") {
		return ""
	}
	return o.choice("collection", "", pointCollections())
}

func readAddRoad(o object, e *edit) *network.Edit {
	o.only("type", "geometry", "class", "speed_kmh", "one_way")
	road := network.Edit{Kind: network.AddRoad}
	if o.require("geometry") {
		road.Line = o.line("geometry")
		e.Geometry = geometryText(road.Line)
	}
	if o.require("class") {
		e.Class = o.choice("class", "", roadClasses())
		road.RoadClass, _ = network.ParseClass(e.Class)
	}
	if o.require("speed_kmh") {
		road.SpeedKMH = o.number("speed_kmh", speedSpan)
		e.SpeedKMH = &road.SpeedKMH
	}
	road.OneWay = o.flag("one_way")
	e.OneWay = road.OneWay
	return &road
}

func readCloseRoad(o object, e *edit) *network.Edit {
	o.only("type", "roads", "area")
	road := network.Edit{Kind: network.CloseRoad}
	_, byID := o.raw("roads")
	_, byArea := o.raw("area")
	if byID == byArea {
		o.fault("roads", "exactly one of roads and area is required", nil)
	}
	road.Roads = o.texts("roads", maxRoadIDs)
	e.Roads = road.Roads
	if road.Area = o.area("area"); road.Area != nil {
		e.Area = geometryText(road.Area)
	}
	return &road
}

func readSetSpeed(o object, e *edit) *network.Edit {
	o.only("type", "class", "area", "roads", "factor")
	road := network.Edit{Kind: network.SetSpeed}
	_, byClass := o.raw("class")
	_, byArea := o.raw("area")
	if _, byID := o.raw("roads"); byID == (byClass || byArea) {
		o.fault("class", "class, area or both are required, or roads alone", nil)
	}
	road.Roads = o.texts("roads", maxRoadIDs)
	e.Roads = road.Roads
	if e.Class = o.choice("class", "", roadClasses()); e.Class != "" {
		class, _ := network.ParseClass(e.Class)
		road.Class = &class
	}
	if road.Area = o.area("area"); road.Area != nil {
		e.Area = geometryText(road.Area)
	}
	if o.require("factor") {
		road.Factor = o.number("factor", factorSpan)
		e.Factor = &road.Factor
	}
	return &road
}

// speedSpan holds the speeds that the tables of profiles may hold too.
var (
	speedSpan  = span{low: 1, high: 150}
	factorSpan = span{low: coverage.MinFactor, high: coverage.MaxFactor}
)

// roadClasses lists the classes that an edit may name: all but the synthetic
// access leg, which is no road.
func roadClasses() []string {
	var names []string
	for _, c := range network.Classes() {
		if c != network.Access {
			names = append(names, c.String())
		}
	}
	return names
}

// geometryText is the canonical text of a geometry, whose coordinates were
// checked.
func geometryText(g orb.Geometry) json.RawMessage {
	text, _ := spatial.MarshalGeometry(g)
	return text
}
