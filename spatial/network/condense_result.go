package network

import (
	"cmp"
	"fmt"
	"slices"
)

// result numbers what is left, vertices along the Hilbert curve, links by
// their ends.
func (c *condenser) result(core *core) (*LinkTable, error) {
	used := make([]bool, len(c.points))
	for v := range c.places {
		used[v] = true
	}
	for _, l := range core.links {
		if !l.dead {
			used[l.a], used[l.b] = true, true
		}
	}
	out := &LinkTable{NotSnapped: c.lost}
	order := make([]int32, 0, len(c.points))
	for v, u := range used {
		if u {
			order = append(order, int32(v))
		}
	}
	slices.SortStableFunc(order, func(v, w int32) int {
		return cmp.Compare(hilbert(c.points[v]), hilbert(c.points[w]))
	})
	number := make(map[int32]Vertex, len(order))
	for i, v := range order {
		number[v] = Vertex(i)
		out.Vertices = append(out.Vertices, LinkVertex{c.points[v].point(), c.places[v]})
	}
	for id, l := range core.links {
		if l.dead {
			continue
		}
		runs, err := c.unpack(core, int32(id))
		if err != nil {
			return nil, err
		}
		link := Link{number[l.a], number[l.b], l.dirs&linkForward != 0, l.dirs&linkBackward != 0, runs}
		if link.From > link.To {
			link.From, link.To, link.Forward, link.Backward = link.To, link.From, link.Backward, link.Forward
		}
		out.Links = append(out.Links, link)
	}
	slices.SortFunc(out.Links, Link.compare)
	return out, nil
}

// unpack sums the runs of the pieces that a link stands for.
func (c *condenser) unpack(core *core, link int32) ([]Run, error) {
	type kind struct {
		class   Class
		posted  Speed
		surface Surface
	}
	sums := map[kind]uint64{}
	for stack := []int32{link}; len(stack) > 0; {
		l := core.links[stack[len(stack)-1]]
		stack = stack[:len(stack)-1]
		if l.first != noLink {
			stack = append(stack, l.first, l.second)
			continue
		}
		for _, r := range c.pieces[l.second].runs {
			sums[kind{r.Class, r.Posted, r.Surface}] += uint64(r.Centimeters)
		}
	}
	runs := make([]Run, 0, len(sums))
	for k, cm := range sums {
		if cm > maxEdgeCentimeters {
			return nil, fmt.Errorf("a link of %d km cannot be stored", cm/100_000)
		}
		runs = append(runs, Run{uint32(cm), k.posted, k.class, k.surface})
	}
	slices.SortFunc(runs, compareRuns)
	return runs, nil
}
