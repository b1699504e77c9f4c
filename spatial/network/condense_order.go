package network

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
)

// Bounds of the searches for ways around a vertex, in settled vertices: a
// small one to judge importance, a larger one before a vertex really goes.
const (
	judgeSettle    = 40
	contractSettle = 400
)

// slackLinks is how far, beside a twentieth, the number of links may rise
// above its lowest before contraction is given up.
const slackLinks = 1000

// rank is a vertex in the queue of contraction, the least important first.
type rank struct {
	importance int64
	vertex     int32
}

type rankQueue []rank

func (q rankQueue) Len() int           { return len(q) }
func (q rankQueue) Less(i, j int) bool { return q[i].compare(q[j]) < 0 }
func (q rankQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *rankQueue) Push(x any)        { *q = append(*q, x.(rank)) }
func (q *rankQueue) Pop() any {
	last := len(*q) - 1
	r := (*q)[last]
	*q = (*q)[:last]
	return r
}

func (r rank) compare(o rank) int {
	return cmp.Or(cmp.Compare(r.importance, o.importance), cmp.Compare(r.vertex, o.vertex))
}

// importance weighs the links that contracting v would add against those it
// would take away, and how deep the vertices under it already reach, so that
// contraction stays even over the country (Geisberger et al. 2008, edge
// difference and level).
func (c *core) importance(v int32, scratch []shortcut) (int64, []shortcut) {
	scratch = c.bridges(v, judgeSettle, scratch)
	return 4*int64(len(scratch)-len(c.at[v])) + int64(c.level[v]), scratch
}

// reduce contracts vertices that need not be kept, the least important first,
// until at most limit links are live, only kept vertices remain, or further
// contraction only adds links: between many places there are more of them than
// of roads. progress, called now and then, gets the number of live links.
func (c *core) reduce(ctx context.Context, keep []bool, limit int, progress func(live int)) error {
	queue := make(rankQueue, 0, len(c.at))
	var scratch []shortcut
	for v := range c.at {
		if keep[v] {
			continue
		}
		if len(c.at[v]) == 0 {
			c.gone[v] = true
			continue
		}
		var r rank
		r.vertex = int32(v)
		r.importance, scratch = c.importance(r.vertex, scratch)
		queue = append(queue, r)
	}
	heap.Init(&queue)
	lowest := c.live
	for steps := 0; c.live > limit && c.live <= lowest+lowest/20+slackLinks && len(queue) > 0; steps++ {
		lowest = min(lowest, c.live)
		if steps%1024 == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
			progress(c.live)
		}
		top := queue[0]
		top.importance, scratch = c.importance(top.vertex, scratch)
		if len(queue) > 1 && top.importance > queue[0].importance {
			queue[0] = top
			heap.Fix(&queue, 0)
			if queue[0] != top {
				continue
			}
		}
		heap.Pop(&queue)
		scratch = c.bridges(top.vertex, contractSettle, scratch)
		if !c.strands(top.vertex, keep, scratch) {
			c.contract(top.vertex, scratch)
		}
	}
	return nil
}

// strands tells whether contracting v would leave a kept vertex without any
// link, and so off the network: one that only leads to v and nowhere beyond.
func (c *core) strands(v int32, keep []bool, shortcuts []shortcut) bool {
	for _, link := range c.at[v] {
		u, _ := c.links[link].leads(v)
		if !keep[u] {
			continue
		}
		elsewhere := slices.ContainsFunc(c.at[u], func(other int32) bool {
			to, _ := c.links[other].leads(u)
			return to != v
		})
		if !elsewhere && !slices.ContainsFunc(shortcuts, func(s shortcut) bool { return s.link.a == u || s.link.b == u }) {
			return true
		}
	}
	return false
}

// prune takes out links that no profile needs: those beside which there is
// another way at most as long, for every profile and direction. Taking out one
// at a time keeps all times exact.
func (c *core) prune(ctx context.Context) error {
	for id := range c.links {
		if id%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		l := &c.links[id]
		if l.dead {
			continue
		}
		var dirs uint8
		for k, search := range c.search {
			limit := c.weights(int32(id))[k]
			if limit >= closedTime {
				continue
			}
			for _, bit := range []uint8{linkForward, linkBackward} {
				if l.dirs&bit == 0 || dirs&bit != 0 {
					continue
				}
				search.run(c, k, l.a, noLink, int32(id), bit == linkBackward, limit, len(c.at))
				if search.time(l.b) > limit {
					dirs |= bit
				}
			}
			if dirs == l.dirs {
				break
			}
		}
		if dirs == 0 {
			c.remove(int32(id))
		}
		// A direction that is not needed stays open all the same: the road is
		// there, and it costs nothing.
	}
	return nil
}
