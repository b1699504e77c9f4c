package network

// The contraction works on a plain copy of the graph: links between vertex
// numbers, each with its times under the reference profiles. A shortcut
// remembers the two links that it replaces, so metres by class are summed only
// once, at the end, for the shortcuts that are left.

// microseconds are the times of the contraction. Sums of integers do not
// depend on the order of summing.
type microseconds = int64

// Directions of a link, from its vertex a to b and back.
const (
	linkForward  uint8 = 1
	linkBackward uint8 = 2
)

const noLink = int32(-1)

// coreLink is an original link (first < 0; second counts the inputs) or a
// shortcut over the links first and second.
type coreLink struct {
	a, b          int32
	first, second int32
	dirs          uint8
	dead          bool
}

// leads gives the vertex that the link leads to from v, and whether it may be
// driven that way.
func (l *coreLink) leads(v int32) (to int32, open bool) {
	if l.a == v {
		return l.b, l.dirs&linkForward != 0
	}
	return l.a, l.dirs&linkBackward != 0
}

// core is the graph under contraction.
type core struct {
	profiles int
	links    []coreLink
	times    []microseconds // profiles values a link
	at       [][]int32      // live links of each vertex
	gone     []bool
	level    []int32 // 1 + the highest level of a neighbour contracted before
	live     int     // links
	oneWay   bool    // some link is open one way only
	search   []*witness
}

func newCore(vertices, profiles int) *core {
	c := &core{profiles: profiles, at: make([][]int32, vertices), gone: make([]bool, vertices), level: make([]int32, vertices)}
	for range profiles {
		c.search = append(c.search, newWitness(vertices))
	}
	return c
}

func (c *core) weights(link int32) []microseconds {
	return c.times[int(link)*c.profiles : (int(link)+1)*c.profiles]
}

// add enters a link unless a live parallel one is as good under every profile
// and in every direction; parallel links that it makes useless are taken out.
// Links from a vertex to itself shorten nothing and are left out.
func (c *core) add(l coreLink, times []microseconds) {
	if l.a == l.b || l.dirs == 0 {
		return
	}
	for i := 0; i < len(c.at[l.a]); i++ {
		other := c.at[l.a][i]
		o := &c.links[other]
		if to, _ := o.leads(l.a); to != l.b {
			continue
		}
		dirs := o.dirs
		if o.a != l.a {
			dirs = swapDirections(dirs)
		}
		if dirs&l.dirs == l.dirs && noneLess(times, c.weights(other)) {
			return
		}
		if dirs&l.dirs == dirs && noneLess(c.weights(other), times) {
			c.remove(other)
			i--
		}
	}
	id := int32(len(c.links))
	c.links = append(c.links, l)
	c.times = append(c.times, times...)
	c.at[l.a] = append(c.at[l.a], id)
	c.at[l.b] = append(c.at[l.b], id)
	c.live++
	if l.dirs != linkForward|linkBackward {
		c.oneWay = true
	}
}

func swapDirections(d uint8) uint8 { return d>>1&1 | d&1<<1 }

// noneLess tells that no value of x is below its partner in y.
func noneLess(x, y []microseconds) bool {
	for i := range x {
		if x[i] < y[i] {
			return false
		}
	}
	return true
}

func (c *core) remove(link int32) {
	l := &c.links[link]
	l.dead = true
	c.live--
	for _, v := range []int32{l.a, l.b} {
		list := c.at[v]
		for i, other := range list {
			if other == link {
				c.at[v] = append(list[:i], list[i+1:]...)
				break
			}
		}
	}
}
