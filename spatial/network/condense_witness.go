package network

import "math"

// witness searches for ways around a vertex. Its arrays are used again from
// search to search: a label counts only when its stamp is the current one.
type witness struct {
	label []microseconds
	stamp []uint32
	now   uint32
	heap  []witnessEntry
}

type witnessEntry struct {
	time   microseconds
	vertex int32
}

func newWitness(vertices int) *witness {
	return &witness{label: make([]microseconds, vertices), stamp: make([]uint32, vertices)}
}

const unreached = microseconds(math.MaxInt64)

func (w *witness) reset() {
	w.now++
	if w.now == 0 { // after 2^32 searches stamps could be mistaken
		clear(w.stamp)
		w.now = 1
	}
	w.heap = w.heap[:0]
}

// time gives the label of v: the shortest time found, an upper bound of the
// true one when the search was ended early.
func (w *witness) time(v int32) microseconds {
	if w.stamp[v] != w.now {
		return unreached
	}
	return w.label[v]
}

func (w *witness) reach(v int32, t microseconds) {
	if t < w.time(v) {
		w.label[v], w.stamp[v] = t, w.now
		w.push(witnessEntry{t, v})
	}
}

// run spreads from a vertex under one profile, forwards or against the
// directions, without passing the vertex avoid or the link skip, until
// everything within limit or settle vertices are settled.
func (w *witness) run(c *core, profile int, from, avoid, skip int32, against bool, limit microseconds, settle int) {
	w.reset()
	w.reach(from, 0)
	for len(w.heap) > 0 && settle > 0 {
		e := w.pop()
		if e.time > limit {
			return
		}
		if e.time > w.label[e.vertex] {
			continue
		}
		settle--
		for _, id := range c.at[e.vertex] {
			l := &c.links[id]
			to, open := l.leads(e.vertex)
			if against {
				_, open = l.leads(to)
			}
			if !open || to == avoid || id == skip {
				continue
			}
			if t := e.time + c.times[int(id)*c.profiles+profile]; t <= limit {
				w.reach(to, t)
			}
		}
	}
}

// needed keeps, at the front of found, the shortcuts from one vertex that
// some profile needs, each in the directions in which it does, and gives
// their number.
func (c *core) needed(v, from int32, settle int, found []shortcut) int {
	dirs := make([]uint8, len(found))
	c.findNeeded(v, from, settle, found, false, dirs)
	if c.oneWay {
		c.findNeeded(v, from, settle, found, true, dirs)
	} else {
		// Where every link is open both ways, what holds there holds back.
		for i, d := range dirs {
			dirs[i] = d | swapDirections(d)
		}
	}
	n := 0
	for i, s := range found {
		if s.link.dirs &= dirs[i]; s.link.dirs != 0 {
			found[n] = s
			n++
		}
	}
	return n
}

func (c *core) findNeeded(v, from int32, settle int, found []shortcut, against bool, dirs []uint8) {
	bit := linkForward
	if against {
		bit = linkBackward
	}
	for k, search := range c.search {
		limit := microseconds(-1)
		for i, s := range found {
			if s.link.dirs&bit != 0 && dirs[i]&bit == 0 && s.times[k] < closedTime {
				limit = max(limit, s.times[k])
			}
		}
		if limit < 0 {
			continue
		}
		search.run(c, k, from, v, noLink, against, limit, settle)
		for i, s := range found {
			if s.link.dirs&bit != 0 && s.times[k] < closedTime && search.time(s.link.b) > s.times[k] {
				dirs[i] |= bit
			}
		}
	}
}
