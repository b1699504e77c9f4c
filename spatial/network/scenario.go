package network

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// EditKind names what an edit does to the roads.
type EditKind string

// The edits of roads.
const (
	SetSpeed  EditKind = "set-speed"
	CloseRoad EditKind = "close-road"
	AddRoad   EditKind = "add-road"
)

// Edit is one change of the roads of a network, for one router only. Members
// that its kind does not name are left alone.
type Edit struct {
	Kind EditKind

	// Roads that set-speed and close-road are about, by id in the roads
	// collection, or all whose middle lies in Area. Class narrows set-speed to
	// roads of one class (that of most of the road between two junctions) and
	// may stand alone.
	Roads []string
	Area  orb.MultiPolygon
	Class *Class

	Factor float64 // set-speed: new speed as a share of the old, above 0

	// add-road: a line whose ends join the nearest road within JoinRadius. What
	// it crosses on the way it does not join, as a road on a bridge.
	Line      orb.LineString
	RoadClass Class
	SpeedKMH  float64
	OneWay    bool // open from the first point to the last alone
}

// JoinRadius is how near the end of a new road must be to a road to join it.
const JoinRadius spatial.Meters = 100

// With gives a router of the same network with its roads edited, in the order
// of the edits. The router itself stays as it is, and shares what was not
// changed. The empty list gives the router itself. Faults of edits are named by
// their pointer below /edits and reported all at once.
//
// A road that is joined in its middle is cut there, its two parts weighed and
// rounded each on its own, as if the map had always had a junction there: the
// times are those of a graph rebuilt with the edit, to the millisecond.
func (r *Router) With(ctx context.Context, edits []Edit) (*Router, error) {
	if len(edits) == 0 {
		return r, nil
	}
	d := r.draft()
	var faults []error
	for i, e := range edits {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		pointer := fmt.Sprintf("/edits/%d", i)
		switch e.Kind {
		case SetSpeed:
			faults = append(faults, d.setSpeed(ctx, e, pointer))
		case CloseRoad:
			faults = append(faults, d.closeRoad(ctx, e, pointer))
		case AddRoad:
			faults = append(faults, d.addRoad(e, pointer))
		default:
			faults = append(faults, spatial.BadField(pointer+"/type", fmt.Sprintf("%q is no edit of roads", e.Kind), []EditKind{SetSpeed, CloseRoad, AddRoad}))
		}
	}
	if err := spatial.JoinFaults(faults...); err != nil {
		return nil, err
	}
	return d.router()
}

// setSpeed slows down or speeds up the roads that an edit names.
func (d *draft) setSpeed(ctx context.Context, e Edit, pointer string) error {
	if !(e.Factor > 0) || math.IsInf(e.Factor, 1) {
		return spatial.BadField(pointer+"/factor", "must be a number above 0", nil)
	}
	roads, err := d.named(ctx, e, pointer)
	for _, road := range roads {
		for _, t := range d.graph.group(road) {
			d.pace[Edge(t.edge)] = d.pace.of(Edge(t.edge)) / e.Factor
			d.changed[Edge(t.edge)] = true
		}
	}
	return err
}

// closeRoad closes the roads that an edit names to the router's mode.
func (d *draft) closeRoad(ctx context.Context, e Edit, pointer string) error {
	if e.Class != nil {
		return spatial.BadField(pointer+"/class", "roads are closed by id or area, not by class", nil)
	}
	roads, err := d.named(ctx, e, pointer)
	for _, road := range roads {
		d.close(road)
	}
	return err
}

// named lists the roads that an edit is about, each as the first of its twins.
func (d *draft) named(ctx context.Context, e Edit, pointer string) ([]Edge, error) {
	if len(e.Roads) == 0 && len(e.Area) == 0 && e.Class == nil {
		return nil, spatial.BadField(pointer, "names no roads: give their ids, an area or, for speeds, a class", nil)
	}
	if len(e.Roads) > 0 {
		return d.byID(e.Roads, pointer)
	}
	var list []Edge
	within := newArea(e.Area)
	for road := range Edge(d.graph.NumEdges()) {
		if road%cancelEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if d.graph.origin(road) != road || !d.open(road) || e.Class != nil && d.graph.MainClass(road) != *e.Class {
			continue
		}
		if len(e.Area) == 0 || within.contains(d.middle(road)) {
			list = append(list, road)
		}
	}
	if len(list) == 0 {
		return nil, spatial.BadField(pointer, "holds for no road of network "+d.base.network.Name, nil)
	}
	return list, nil
}

// byID reads ids of the roads collection. A road may have several there, of
// several modes or by its turns: each means the whole road, which counts once.
// A road that an earlier edit cut is all its parts.
func (d *draft) byID(ids []string, pointer string) ([]Edge, error) {
	var list []Edge
	var faults []error
	seen := map[Edge]bool{}
	for i, id := range ids {
		rest, ours := strings.CutPrefix(id, d.base.network.Name+"-")
		_, number, _ := strings.Cut(rest, "-")
		e, err := strconv.ParseUint(number, 10, 32)
		if !ours || err != nil || e >= uint64(d.base.stored().graph.NumEdges()) {
			faults = append(faults, spatial.BadField(fmt.Sprintf("%s/roads/%d", pointer, i), fmt.Sprintf("%q is no road of network %s", id, d.base.network.Name), nil))
			continue
		}
		for _, road := range d.pieces(d.graph.origin(Edge(e))) {
			if !seen[road] {
				seen[road] = true
				list = append(list, road)
			}
		}
	}
	return list, spatial.JoinFaults(faults...)
}

// pieces are the roads that an origin has become: itself where it was not cut.
func (d *draft) pieces(road Edge) []Edge {
	parts, cut := d.cuts[road]
	if !cut {
		return []Edge{road}
	}
	return append(d.pieces(parts[0]), d.pieces(parts[1])...)
}

// middle is the point half way along a road.
func (d *draft) middle(e Edge) orb.Point {
	half := d.graph.Length(e) / 2
	return d.graph.line(Stretch{e, half, half}, nil)[0]
}
