package network

import (
	"context"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Place is a point that must stay in a condensed network, under its id.
type Place struct {
	ID    string
	Point orb.Point // CRS84
}

// CondenseOptions says how far a network is condensed, and for whom.
type CondenseOptions struct {
	// Links is the number of links at which contraction stops. It stops
	// earlier where the places need so many that it would only add links.
	Links int
	// Profiles are those whose times between places stay exact, of one mode;
	// the first is the base profile, by which places snap to roads.
	Profiles []Profile
}

// CondenseProgress tells how far condensing has come: the step, and the links
// that are left.
type CondenseProgress struct {
	Step  string // "snap", "contract", "prune"
	Links int
}

// Condense contracts all vertices of a network but the places, the least
// important first, until at most opts.Links links are left. Contraction is
// exact: a vertex only goes when, under each of the profiles, every shortest
// way over it is kept by a shortcut or matched by another way, so the times
// between places are those of the whole network to within rounding (half a
// millisecond for each edge passed). Under other profiles the times are upper
// bounds: each link is a real way, though perhaps not the best one.
//
// Turn restrictions hold between places. At a place itself they do not: it is
// one vertex, at which one may arrive and set out anew, so a way over a third
// place may turn there as no car may. To forbid it would take two vertices a
// place; the shipped network has no restrictions.
//
// Every place becomes a vertex at its own coordinates, joined to the point of
// the road that it snaps to by a run of class Access. The method is that of
// contraction hierarchies (Geisberger, Sanders, Schultes, Delling 2008),
// stopped half way and with several times on each link.
func Condense(ctx context.Context, n *Network, places []Place, opts CondenseOptions, progress func(CondenseProgress)) (*LinkTable, error) {
	if progress == nil {
		progress = func(CondenseProgress) {}
	}
	if err := opts.check(); err != nil {
		return nil, err
	}
	c := &condenser{graph: n.Graph, opts: opts}
	progress(CondenseProgress{"snap", n.Graph.NumEdges()})
	if err := c.join(ctx, n, places); err != nil {
		return nil, err
	}
	core, keep, err := c.core()
	if err != nil {
		return nil, err
	}
	err = core.reduce(ctx, keep, opts.Links, func(live int) { progress(CondenseProgress{"contract", live}) })
	if err != nil {
		return nil, err
	}
	progress(CondenseProgress{"prune", core.live})
	if err := core.prune(ctx); err != nil {
		return nil, err
	}
	return c.result(core)
}

func (o CondenseOptions) check() error {
	if o.Links < 1 {
		return fmt.Errorf("condensing to %d links: at least 1 is needed", o.Links)
	}
	if len(o.Profiles) == 0 || len(o.Profiles) > 8 {
		return fmt.Errorf("condensing for %d profiles: 1 to 8 are possible", len(o.Profiles))
	}
	for _, p := range o.Profiles {
		if p.Mode != o.Profiles[0].Mode {
			return fmt.Errorf("condensing for %s (%s) and %s (%s): the profiles must be of one mode", o.Profiles[0].Name, o.Profiles[0].Mode, p.Name, p.Mode)
		}
	}
	return nil
}

// condenser holds a network with its places joined to the roads.
type condenser struct {
	graph  *Graph
	opts   CondenseOptions
	points []coordinate // vertices: the graph's, then road points and places
	places map[int32][]string
	lost   []string // places that do not snap
	pieces []linkPiece
}

// linkPiece is an edge of the network, a part of one, or an access leg.
type linkPiece struct {
	from, to          int32
	forward, backward bool
	runs              []Run
}

// core makes the graph to be contracted: pieces with a time under each profile.
func (c *condenser) core() (*core, []bool, error) {
	core := newCore(len(c.points), len(c.opts.Profiles))
	times := make([]microseconds, len(c.opts.Profiles))
	for i, p := range c.pieces {
		open := false
		for k, profile := range c.opts.Profiles {
			times[k] = microsecondsOf(p.runs, profile)
			open = open || times[k] < closedTime
		}
		if !open {
			continue
		}
		link := coreLink{a: p.from, b: p.to, first: noLink, second: int32(i)}
		if p.forward {
			link.dirs |= linkForward
		}
		if p.backward {
			link.dirs |= linkBackward
		}
		core.add(link, times)
	}
	keep := make([]bool, len(c.points))
	for v := range c.places {
		keep[v] = true
	}
	return core, keep, nil
}

// closedTime is the time of a road that a profile closes: far above any real
// one, so that ways over it lose against all others, and small enough that a
// thousand of them do not overflow.
const closedTime = microseconds(math.MaxInt64 / 4096)

func microsecondsOf(runs []Run, p Profile) microseconds {
	sum := 0.0
	for _, r := range runs {
		kmh := p.SpeedKMH(r)
		if kmh <= 0 {
			return closedTime
		}
		sum += float64(r.Centimeters) / 100 / (kmh / 3.6) * 1e6
	}
	return microseconds(math.Round(sum))
}
