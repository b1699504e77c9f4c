package osm

import (
	"errors"
	"fmt"
	"strconv"
)

// xmlKinds are the elements that are objects.
var xmlKinds = map[string]int{"node": kindNode, "way": kindWay, "relation": kindRelation}

// errRemark is for what the Overpass API writes when it had to stop half way.
var errRemark = errors.New("XML: the file holds a remark, so the query that made it did not end well; it is not whole")

// xmlObjects is a piece of text that holds whole objects.
type xmlObjects string

func (x xmlObjects) each(o *objects) error {
	s := xmlScanner{text: string(x)}
	for {
		found, err := s.next()
		if err != nil || !found {
			return err
		}
		kind, object := xmlKinds[s.name]
		switch {
		case s.closing:
			return fmt.Errorf("XML: </%.40s> closes nothing", s.name)
		case object:
			err = s.object(kind, o)
		case s.name == "remark":
			return errRemark
		default:
			err = s.skip()
		}
		if err != nil {
			return err
		}
	}
}

// skip passes over the element whose tag was read.
func (s *xmlScanner) skip() error {
	if s.single {
		return nil
	}
	for depth := 1; depth > 0; {
		found, err := s.next()
		switch {
		case err != nil:
			return err
		case !found:
			return errTagCut
		case s.closing:
			depth--
		case !s.single:
			depth++
		}
	}
	return nil
}

// object reads an object whose tag was read.
func (s *xmlScanner) object(kind int, o *objects) error {
	wanted := [...]bool{o.nodes(), o.way != nil, o.relation != nil}
	if !wanted[kind] {
		return s.skip()
	}
	name, text := s.name, s.attrs.get("id")
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return fmt.Errorf("%s: id %.40q is no number", name, text)
	}
	if s.attrs.get("visible") == "false" {
		return fmt.Errorf("%s %d: deleted; files with deleted and former versions are not read here", name, id)
	}
	if s.attrs.get("action") == "delete" {
		if o.deleted != nil {
			o.deleted()
		}
		return s.skip()
	}
	o.see(kind, id)
	switch kind {
	case kindNode:
		err = s.node(id, o)
	case kindWay:
		err = s.way(id, o)
	default:
		if err = s.children(name, o); err == nil {
			err = o.relation(id, o.tags, func() ([]member, error) { return o.members, nil })
		}
	}
	if err != nil {
		return fmt.Errorf("%s %d: %w", name, id, err)
	}
	return nil
}

func (s *xmlScanner) node(id int64, o *objects) error {
	if o.node == nil {
		return s.skip()
	}
	lon, err := parseDegrees(s.attrs.get("lon"), 180)
	if err != nil {
		return err
	}
	lat, err := parseDegrees(s.attrs.get("lat"), 90)
	if err != nil {
		return err
	}
	if err := s.children("node", o); err != nil {
		return err
	}
	if lat == outside {
		lon = outside
	}
	o.node(id, lon, lat, o.tags)
	return nil
}

func (s *xmlScanner) way(id int64, o *objects) error {
	if err := s.children("way", o); err != nil {
		return err
	}
	if o.tags.first(keyHighway, keyRoute) != "" {
		o.way(id, o.tags, o.refs)
	}
	return nil
}

// children reads what an object consists of.
func (s *xmlScanner) children(name string, o *objects) error {
	o.tags, o.refs, o.members = o.tags[:0], o.refs[:0], o.members[:0]
	if s.single {
		return nil
	}
	for {
		found, err := s.next()
		switch {
		case err != nil:
			return err
		case !found:
			return errTagCut
		case s.closing && s.name != name:
			return errTagForm
		case s.closing:
			return nil
		}
		if err := s.child(o); err != nil {
			return err
		}
		if err := s.skip(); err != nil {
			return err
		}
	}
}

func (s *xmlScanner) child(o *objects) error {
	switch s.name {
	case "tag":
		o.tags = append(o.tags, tag{s.attrs.get("k"), s.attrs.get("v")})
	case "nd", "member":
		ref, err := strconv.ParseInt(s.attrs.get("ref"), 10, 64)
		if err != nil {
			return fmt.Errorf("ref %.40q is no number", s.attrs.get("ref"))
		}
		if s.name == "nd" {
			o.refs = append(o.refs, ref)
			return nil
		}
		kind, known := xmlKinds[s.attrs.get("type")]
		if !known {
			return fmt.Errorf("a member of type %.40q", s.attrs.get("type"))
		}
		o.members = append(o.members, member{kind: kind, ref: ref, role: s.attrs.get("role")})
	}
	return nil
}
