package hierarchy

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Sizes of cells from which it pays to work on several processors.
const (
	parallelCell      = 2_000  // the pieces of a cell are ordered side by side
	parallelDirection = 10_000 // the directions of a cell are tried side by side
)

// Order computes a nested dissection order (George, SIAM J. Numer. Anal. 10,
// 1973) of the graph with n vertices at lon, lat (units of 1e-7 degrees; any
// values will do, near ones for near vertices make a good order) and arcs from
// tail to head. Directions and weights do not matter, loops and parallel arcs
// neither. order[r] is the vertex of rank r: the one contracted as number r,
// from 0; the most important vertices come last.
//
// Vertices of degree 1 and 2 go first, over and over; what is left is parted
// by small separators, which come after the parts. It runs on all processors
// and gives the same order on any number of them. progress, unless nil, is
// called now and then, never twice at once, with the number of vertices that
// have their rank. The error is that of ctx, or tells what is wrong with the
// graph. While it runs, it takes some 140 bytes a vertex of a road network.
func Order(ctx context.Context, n int, tail, head []uint32, lon, lat []int32, progress func(done, total int)) ([]uint32, error) {
	return orderWith(ctx, n, tail, head, lon, lat, progress, runtime.GOMAXPROCS(0))
}

func orderWith(ctx context.Context, n int, tail, head []uint32, lon, lat []int32, progress func(done, total int), workers int) ([]uint32, error) {
	if err := checkArcs(n, tail, head); err != nil {
		return nil, err
	}
	if len(lon) != n || len(lat) != n {
		return nil, fmt.Errorf("order of %d vertices with %d longitudes and %d latitudes", n, len(lon), len(lat))
	}
	order, c := reduce(undirected(n, tail, head, nil))
	o := newOrderer(ctx, c, lon, lat, workers)
	o.report, o.done, o.total = progress, len(order), n
	first := len(order)
	order = append(order, make([]uint32, c.size())...)
	whole := cell{adjacency: c.adjacency, vertices: make([]uint32, c.size())}
	for v := range whole.vertices {
		whole.vertices[v] = uint32(v)
	}
	o.pieces(whole.pieces(nil), order[first:])
	o.wait.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, v := range order[first:] {
		order[first+i] = c.vertices[v]
	}
	o.count(0, true)
	return order, nil
}

// orderer dissects the core. Every cell has its range of the order before it
// is begun, so cells may be ordered at any time by any goroutine.
type orderer struct {
	ctx       context.Context
	core      adjacency
	dissector dissector
	leaves    sync.Pool     // *minDegree
	spare     chan struct{} // one token for each further goroutine
	wait      sync.WaitGroup

	report      func(done, total int)
	mutex       sync.Mutex // of done and of calls to report
	done, total int
}

func newOrderer(ctx context.Context, c core, lon, lat []int32, workers int) *orderer {
	o := &orderer{ctx: ctx, core: c.adjacency, spare: make(chan struct{}, max(workers-1, 0))}
	o.dissector.lon, o.dissector.lat = make([]int32, c.size()), make([]int32, c.size())
	for i, v := range c.vertices {
		o.dissector.lon[i], o.dissector.lat[i] = lon[v], lat[v]
	}
	return o
}

// count adds vertices that have their rank and, if asked, tells the progress.
func (o *orderer) count(n int, report bool) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.done += n
	if report && o.report != nil {
		o.report(o.done, o.total)
	}
}

// pieces orders cells that are not joined, one range after the other. Large
// ones go to further goroutines while there are some.
func (o *orderer) pieces(list []cell, order []uint32) {
	for i := range list {
		c := &list[i]
		part := order[:c.size()]
		order = order[c.size():]
		if c.size() >= parallelCell && i+1 < len(list) {
			select {
			case o.spare <- struct{}{}:
				o.wait.Go(func() {
					o.order(c, part)
					<-o.spare
				})
				continue
			default:
			}
		}
		o.order(c, part)
	}
}

// order orders a connected cell. A piece of a cut cell has at most four fifths
// of its vertices, so recursion is some 80 deep at most.
func (o *orderer) order(c *cell, order []uint32) {
	if c.size() <= leafSize {
		o.leaf(c, order)
		return
	}
	separator := o.dissector.separate(o.ctx, c, c.size() >= parallelDirection && cap(o.spare) > 0)
	if o.ctx.Err() != nil {
		return
	}
	last := len(order)
	for v := c.size() - 1; v >= 0; v-- {
		if separator[v] {
			last--
			order[last] = c.vertices[v]
		}
	}
	o.count(len(order)-last, c.size() >= parallelCell)
	list := c.pieces(separator)
	*c = cell{} // no longer needed while its pieces are ordered
	o.pieces(list, order[:last])
}

func (o *orderer) leaf(c *cell, order []uint32) {
	m, _ := o.leaves.Get().(*minDegree)
	if m == nil {
		m = newMinDegree(o.core)
	}
	m.order(c.vertices, order)
	o.leaves.Put(m)
	o.count(len(order), false)
}
