package osm

// The keys by which objects are chosen.
const (
	keyHighway = "highway"
	keyRoute   = "route"
	keyBarrier = "barrier"
)

// The kinds of objects, in the order in which files have them.
const (
	kindNode = iota
	kindWay
	kindRelation
)

// objects says what each object of a blob is to be done with. A nil function
// passes over its kind of object. Tags, refs and members are valid only until
// the function returns; the strings in them stay valid.
type objects struct {
	// seen is told of every object that a function below or seen itself asks
	// for, first.
	seen func(kind int, id int64)
	// node is called with units of 1e-7 degrees, outside when not on the
	// globe. It may get no tags where no object of the blob is a barrier.
	node func(id int64, lon, lat int32, t tags)
	// way is called for those with a key highway or route.
	way func(id int64, t tags, refs []int64)
	// relation is called for all; members are a function that decodes them.
	relation func(id int64, t tags, members func() ([]member, error)) error
	// deleted is told of objects that an editor has marked for deletion.
	deleted func()

	refs    []int64 // reused from way to way
	tags    tags
	members []member
}

// outside is the coordinate of a node that is not on the globe.
const outside = int32(-1 << 31)

// nodes tells whether nodes are of interest.
func (o *objects) nodes() bool { return o.node != nil || o.seen != nil }

func (o *objects) see(kind int, id int64) {
	if o.seen != nil {
		o.seen(kind, id)
	}
}

// member is a part of a relation.
type member struct {
	kind int
	ref  int64
	role string
}

// tags are the attributes of one object.
type tags []tag

type tag struct{ key, value string }

// get gives the value of a key, "" when it is absent.
func (t tags) get(key string) string {
	for i := range t {
		if t[i].key == key {
			return t[i].value
		}
	}
	return ""
}

// first gives the value of the first of the keys that is present.
func (t tags) first(keys ...string) string {
	for _, key := range keys {
		if v := t.get(key); v != "" {
			return v
		}
	}
	return ""
}
