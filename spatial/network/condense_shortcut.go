package network

// shortcut is a link that must take the place of a contracted vertex.
type shortcut struct {
	link  coreLink
	times []microseconds
}

// bridges lists the shortcuts without which contracting v would lengthen some
// way under some profile. settle bounds each search for a way around v: a
// bound that is met costs needless shortcuts, never exactness.
func (c *core) bridges(v int32, settle int, into []shortcut) []shortcut {
	into = into[:0]
	around := c.at[v]
	for i, in := range around {
		from, _ := c.links[in].leads(v)
		into = c.bridgesFrom(v, i, from, settle, into)
	}
	return into
}

// bridgesFrom handles the ways that enter v over its i-th link and leave over
// a later one, in both directions.
func (c *core) bridgesFrom(v int32, i int, from int32, settle int, into []shortcut) []shortcut {
	around := c.at[v]
	in := around[i]
	start := len(into)
	for _, out := range around[i+1:] {
		to, _ := c.links[out].leads(v)
		if dirs := c.through(v, in, out); to != from && dirs != 0 {
			times := make([]microseconds, c.profiles)
			for k := range times {
				times[k] = min(closedTime, c.weights(in)[k]+c.weights(out)[k])
			}
			into = append(into, shortcut{coreLink{a: from, b: to, first: in, second: out, dirs: dirs}, times})
		}
	}
	if found := into[start:]; len(found) > 0 {
		into = into[:start+c.needed(v, from, settle, found)]
	}
	return into
}

// through gives the directions in which one can pass v from link in to out.
func (c *core) through(v, in, out int32) uint8 {
	var dirs uint8
	if c.entersAt(in, v) && c.leavesAt(out, v) {
		dirs |= linkForward
	}
	if c.entersAt(out, v) && c.leavesAt(in, v) {
		dirs |= linkBackward
	}
	return dirs
}

func (c *core) leavesAt(link, v int32) bool {
	_, open := c.links[link].leads(v)
	return open
}

func (c *core) entersAt(link, v int32) bool {
	l := &c.links[link]
	other, _ := l.leads(v)
	_, open := l.leads(other)
	return open
}

// contract takes v out of the graph and puts the shortcuts in.
func (c *core) contract(v int32, shortcuts []shortcut) {
	for len(c.at[v]) > 0 {
		link := c.at[v][0]
		to, _ := c.links[link].leads(v)
		c.level[to] = max(c.level[to], c.level[v]+1)
		c.remove(link)
	}
	c.gone[v] = true
	for _, s := range shortcuts {
		c.add(s.link, s.times)
	}
}
