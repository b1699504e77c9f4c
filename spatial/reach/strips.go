package reach

import (
	"context"
	"sync"
	"sync/atomic"

	"quanyu/spatial"
)

// drawStrips draws all strips, several at once; one without roads stays nil.
// What is in a strip does not depend on who drew it, or when.
func drawStrips(ctx context.Context, c *cutter, v *visits, threads int, prune bool) ([]*strip, error) {
	strips := make([]*strip, len(v.starts)-1)
	var next, vertices atomic.Int64
	var workers sync.WaitGroup
	for range max(1, threads) {
		workers.Go(func() {
			t := newTile()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(strips) || ctx.Err() != nil || vertices.Load() > maxVertices {
					return
				}
				if list := v.list[v.starts[i]:v.starts[i+1]]; len(list) > 0 {
					strips[i] = newStrip(c.grid, v.first+i)
					strips[i].draw(t, c, list, prune)
					vertices.Add(int64(len(strips[i].points)))
				}
			}
		})
	}
	workers.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if vertices.Load() > maxVertices {
		return nil, spatial.Errorf(spatial.Unprocessable, "The outline of these roads with a detail of %v m has more than %d million vertices, the most that are drawn. Ask for a coarser detail or for less.", c.grid.detail, maxVertices/1_000_000)
	}
	return strips, nil
}

// draw finds the outlines in each tile of the strip that roads come to.
func (s *strip) draw(t *tile, c *cutter, list []visit, prune bool) {
	s.enter(t)
	tiles(list, func(column int, here []uint32) {
		t.west = float64(column * span)
		if t.cover(c, here, prune) {
			t.contour()
			s.trace(t)
		}
	})
}

// enter makes a tile ready for the strip.
func (s *strip) enter(t *tile) {
	t.south = float64(s.south)
	for j := range nodes {
		t.coarse[j] = uint8(coarseness(s.grid.ground(s.lat[j])))
	}
}

func newTile() *tile {
	t := &tile{}
	for i := range t.next {
		t.next[i] = none
	}
	return t
}
