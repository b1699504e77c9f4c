package osm

// OneWayRule says how roads are read that are one way by implication:
// motorways and roundabouts without a oneway tag.
type OneWayRule string

// The rules. A file that was generalised may have lost its oneway tags and,
// with them, any meaning of the direction in which its motorways are drawn;
// the implication would then cut the network to pieces. OneWayAuto notices.
const (
	// OneWayAuto follows the implication, except in a file that has at least
	// a hundred such roads and not one tag about one-way traffic.
	OneWayAuto OneWayRule = ""
	// OneWayImplied follows the implication always.
	OneWayImplied OneWayRule = "implied"
	// OneWayStated makes one way only what a tag says is.
	OneWayStated OneWayRule = "stated"
)

// Options changes how a file's tags are read.
type Options struct {
	OneWay OneWayRule `json:"one_way,omitempty"`
}

// lostTags is the number of roads one way by implication from which a file
// without any oneway tag is taken to have lost them: real extracts tag nearly
// all their motorways, so a hundred without a single tag do not happen.
const lostTags = 100

const (
	noteImplied = "way: one way by implication"
	noteLost    = "way: motorway or roundabout taken as open both ways, since the whole file lacks oneway tags"
)

// settleImplied decides, with the whole file read, about the roads that are
// one way by implication only.
func (r *reader) settleImplied() {
	n := int64(len(r.implied))
	switch {
	case n == 0:
	case r.opts.OneWay == OneWayAuto && n >= lostTags && r.oneWays == 0:
		for _, i := range r.implied {
			w := &r.data.Ways[i]
			w.Backward |= w.Forward
		}
		r.data.Report.Notes[noteLost] += n
	default:
		r.data.Report.Notes[noteImplied] += n
	}
}
