package api_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/filter"
)

// suite asks the questions of the abstract tests of CQL2 (OGC 21-065r2, annex
// A) of one collection, in both languages, and counts what is found.
type suite struct {
	c          *client
	collection spatial.Collection
	classes    map[string]bool // in which something was asked
}

// count asks a filter in text and in JSON, which must find equally many.
func (s *suite) count(t *testing.T, class, text string) float64 {
	t.Helper()
	s.classes[class] = true
	e, err := filter.Parse(text, s.collection)
	if err != nil {
		t.Fatalf("%s: %s: %v", s.collection.ID, text, err)
	}
	body, err := filter.FormatJSON(e)
	if err != nil {
		t.Fatal(err)
	}
	found := s.ask(t, text, "cql2-text")
	if again := s.ask(t, string(body), "cql2-json"); again != found {
		t.Errorf("%s: %s finds %v in text and %v in JSON", s.collection.ID, text, found, again)
	}
	return found
}

func (s *suite) ask(t *testing.T, text, lang string) float64 {
	t.Helper()
	query := url.Values{"limit": {"1"}, "skipGeometry": {"true"}, "filter": {text}, "filter-lang": {lang}}
	matched, ok := s.c.get("/collections/"+s.collection.ID+"/items?"+query.Encode()).want(t, 200).json(t)["numberMatched"].(float64)
	if !ok {
		t.Fatalf("%s: no numberMatched", text)
	}
	return matched
}

// disjoint holds that no feature is in both of two filters.
func (s *suite) disjoint(t *testing.T, class, a, b string) {
	t.Helper()
	s.count(t, class, a)
	s.count(t, class, b)
	if both := s.count(t, class, "("+a+") AND ("+b+")"); both != 0 {
		t.Errorf("%s: %v features are in both %s and %s", s.collection.ID, both, a, b)
	}
}

// same holds that two filters find the same features.
func (s *suite) same(t *testing.T, class, a, b string) {
	t.Helper()
	n, m := s.count(t, class, a), s.count(t, class, b)
	if both := s.count(t, class, "("+a+") AND ("+b+")"); both != n || both != m {
		t.Errorf("%s: %s finds %v, %s finds %v, both together %v", s.collection.ID, a, n, b, m, both)
	}
}

func (s *suite) empty(t *testing.T, class, text string) {
	t.Helper()
	if n := s.count(t, class, text); n != 0 {
		t.Errorf("%s: %s finds %v", s.collection.ID, text, n)
	}
}

// literalOf is the literal that the abstract tests compare a type with.
func literalOf(p spatial.Property) string {
	return map[spatial.PropertyType]string{spatial.String: "'foo'", spatial.Boolean: "true", spatial.Number: "3.14", spatial.Integer: "1",
		spatial.Timestamp: "TIMESTAMP('2022-04-14T14:48:46Z')", spatial.Date: "DATE('2022-04-14')"}[p.Type]
}

func TestFilterConformance(t *testing.T) {
	c := realServer(t)
	classes := map[string]bool{}
	for _, id := range []string{"seats", "airports", "roads", "targets"} {
		collection, _ := spatial.CollectionByID(id)
		s := &suite{c: c, collection: collection, classes: classes}
		s.basic(t)
		for _, p := range collection.Queryables() {
			s.comparisons(t, p)
		}
		s.numbers(t)
		s.times(t)
		if collection.Geometry != spatial.NoGeometry {
			s.places(t)
		}
	}
	// No shipped collection has a list, so array-functions are asked of
	// literals here and of a fixture in the store's tests.
	seats, _ := spatial.CollectionByID("seats")
	s := &suite{c: c, collection: seats, classes: classes}
	s.same(t, "array-functions", "A_CONTAINS(('foo', 'bar', level), ('foo', 'bar'))", "TRUE")
	s.same(t, "array-functions", "A_CONTAINEDBY((level), ('prefecture', 'foo'))", "level = 'prefecture'")
	s.same(t, "array-functions", "A_OVERLAPS((level, 'foo'), ('prefecture', 'bar'))", "level = 'prefecture'")
	s.same(t, "array-functions", "A_EQUALS((level, level), ('prefecture'))", "level = 'prefecture'")
	for _, class := range c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any) {
		name, ok := strings.CutPrefix(class.(string), "http://www.opengis.net/spec/cql2/1.0/conf/")
		if ok && !classes[name] && !slices.Contains([]string{"cql2-text", "cql2-json", "basic-spatial-operators"}, name) {
			t.Errorf("%s is declared and not asked about", name)
		}
	}
}

func (s *suite) basic(t *testing.T) {
	const class = "basic-cql2"
	all := s.count(t, class, "true")
	s.empty(t, class, "false")
	s.same(t, class, "((NOT true AND false) OR (true and NOT false) or not (true AND false))", "TRUE")
	if n := s.count(t, class, "NOT false"); n != all || all == 0 {
		t.Errorf("%s: NOT false finds %v of %v", s.collection.ID, n, all)
	}
}

func (s *suite) comparisons(t *testing.T, p spatial.Property) {
	name, value := p.Name, literalOf(p)
	s.disjoint(t, "basic-cql2", name+" IS NULL", name+" is not null")
	if value == "" {
		return
	}
	for _, pair := range [][2]string{{"=", "<>"}, {">", "<="}, {"<", ">="}} {
		s.disjoint(t, "basic-cql2", name+" "+pair[0]+" "+value, name+" "+pair[1]+" "+value)
		s.disjoint(t, "property-property", value+" "+pair[0]+" "+name, value+" "+pair[1]+" "+name)
		s.empty(t, "property-property", fmt.Sprintf("%s %s %s", name, map[string]string{"=": "<>", ">": ">", "<": "<"}[pair[0]], name))
	}
	s.same(t, "property-property", name+" = "+name, name+" IS NOT NULL")
	s.same(t, "property-property", name+" <= "+name, name+" >= "+name)
	s.same(t, "property-property", value+" = "+value, "TRUE")
	s.same(t, "advanced-comparison-operators", name+" IN ("+value+")", name+" = "+value)
	s.same(t, "advanced-comparison-operators", name+" NOT IN ("+value+")", name+" <> "+value)
	if p.Type != spatial.String {
		if p.Type != spatial.Boolean {
			s.same(t, "advanced-comparison-operators", fmt.Sprintf("%s BETWEEN %s AND %s", name, value, value), name+" = "+value)
			s.disjoint(t, "advanced-comparison-operators", fmt.Sprintf("%s NOT BETWEEN %s AND %s", name, value, value), name+" = "+value)
		}
		return
	}
	s.same(t, "advanced-comparison-operators", name+" LIKE '%'", name+" IS NOT NULL")
	s.disjoint(t, "advanced-comparison-operators", name+" LIKE 'a%'", name+" NOT LIKE 'a%'")
	s.same(t, "case-insensitive-comparison", "CASEI("+name+") = casei('FOO')", "CASEI("+name+") = casei('foo')")
	s.same(t, "case-insensitive-comparison", "CASEI("+name+") LIKE casei('C%')", "CASEI("+name+") LIKE casei('c%')")
	s.disjoint(t, "accent-insensitive-comparison", "ACCENTI("+name+") = accenti('äöüéáí')", "ACCENTI("+name+") <> accenti('aoueai')")
	s.same(t, "accent-insensitive-comparison", "ACCENTI("+name+") LIKE accenti('Ä%')", "ACCENTI("+name+") LIKE accenti('A%')")
	s.same(t, "accent-insensitive-comparison", "ACCENTI(CASEI("+name+")) LIKE accenti(casei('Ä%'))", "ACCENTI(CASEI("+name+")) LIKE accenti(casei('a%'))")
}

func (s *suite) numbers(t *testing.T) {
	for _, p := range s.collection.Queryables() {
		if p.Type != spatial.Integer && p.Type != spatial.Number {
			continue
		}
		s.same(t, "arithmetic", p.Name+" > 100+20*2^3-5%2", p.Name+" > 259")
		s.same(t, "arithmetic", p.Name+" * 2 / 2 >= 21 div 10", p.Name+" >= 2")
		s.same(t, "arithmetic", "4/4 <= "+p.Name, p.Name+" >= 1")
		s.empty(t, "arithmetic", p.Name+" / 0 = 0")
	}
}

// times asks the temporal functions of each date and timestamp, and of each
// two of them as an interval.
func (s *suite) times(t *testing.T) {
	const class = "temporal-functions"
	intervals := strings.Fields("T_CONTAINS T_DURING T_FINISHEDBY T_FINISHES T_MEETS T_METBY T_OVERLAPPEDBY T_OVERLAPS T_STARTEDBY T_STARTS")
	for _, a := range s.collection.Queryables() {
		if a.Type != spatial.Date && a.Type != spatial.Timestamp {
			continue
		}
		within := map[spatial.PropertyType]string{spatial.Date: "INTERVAL('2021-01-01','2021-12-31')", spatial.Timestamp: "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"}[a.Type]
		for _, other := range []string{literalOf(a), within} {
			s.disjoint(t, class, "T_AFTER("+a.Name+","+other+")", "T_BEFORE("+a.Name+","+other+")")
			s.disjoint(t, class, "T_DISJOINT("+a.Name+","+other+")", "T_INTERSECTS("+a.Name+","+other+")")
			s.count(t, class, "T_EQUALS("+a.Name+","+other+")")
		}
		s.same(t, class, "T_INTERSECTS("+a.Name+",INTERVAL('..','..'))", a.Name+" IS NOT NULL")
		for _, b := range s.collection.Queryables() {
			if b.Type != a.Type {
				continue
			}
			span := "INTERVAL(" + a.Name + "," + b.Name + ")"
			s.disjoint(t, class, "T_DISJOINT("+span+","+within+")", "T_INTERSECTS("+span+","+within+")")
			s.same(t, class, "T_DISJOINT("+span+","+within+")", "T_AFTER("+span+","+within+") OR T_BEFORE("+span+","+within+")")
			s.count(t, class, "T_EQUALS("+span+","+within+")")
			for _, function := range intervals {
				s.count(t, class, function+"("+span+","+within+")")
			}
		}
	}
}

func (s *suite) places(t *testing.T) {
	const world, area = "BBOX(-180,-90,180,90)", "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"
	of := func(function, shape string) string { return function + "(geometry," + shape + ")" }
	s.same(t, "basic-spatial-functions", of("S_INTERSECTS", world), "geometry IS NOT NULL")
	s.same(t, "basic-spatial-functions", of("S_INTERSECTS", "BBOX(150,-90,-150,90)"), "S_INTERSECTS(BBOX(150,-90,180,90),geometry) OR S_INTERSECTS(BBOX(-180,-90,-150,90),geometry)")
	s.count(t, "basic-spatial-functions", of("S_INTERSECTS", "POINT(7.02 49.92)"))
	const plus = "basic-spatial-functions-plus"
	s.same(t, plus, of("S_INTERSECTS", world), of("S_INTERSECTS", area))
	for _, shape := range []string{"LINESTRING(-180 -45, 0 -45)", "MULTIPOINT(7.02 49.92, 90 18)", "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
		"POLYGON((-180 -90, -90 -90, -90 90, -180 90, -180 -90), (-120 -50, -100 -50, -100 -40, -120 -40, -120 -50))",
		"MULTIPOLYGON(((100 20, 110 20, 110 30, 100 30, 100 20)),((0 0, 10 0, 10 10, 0 10, 0 0)))",
		"GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((100 20, 110 20, 110 30, 100 30, 100 20)))"} {
		s.disjoint(t, plus, of("S_INTERSECTS", shape), "S_DISJOINT("+shape+",geometry)")
	}
	const class = "spatial-functions"
	s.empty(t, class, of("S_DISJOINT", world))
	s.disjoint(t, class, of("S_DISJOINT", "LINESTRING(7 50,10 51)"), of("S_INTERSECTS", "LINESTRING(7 50,10 51)"))
	s.same(t, class, of("S_WITHIN", world), of("S_WITHIN", area))
	s.same(t, class, of("S_WITHIN", "BBOX(100,20,110,30)"), "S_CONTAINS(BBOX(100,20,110,30),geometry)")
	for _, function := range []string{"S_EQUALS", "S_TOUCHES", "S_CROSSES", "S_OVERLAPS", "S_CONTAINS", "S_WITHIN"} {
		for _, shape := range []string{world, area, "LINESTRING(7 50,10 51)", "POINT(7.02 49.92)", "MULTIPOINT(7 50,10 51)"} {
			s.disjoint(t, class, of(function, shape), of("S_DISJOINT", shape))
		}
	}
}

// A filter is joined with the other parameters by AND, and its geometries are
// in filter-crs.
func TestFilterBesideOtherParameters(t *testing.T) {
	c := realServer(t)
	matched := func(pairs ...string) float64 {
		query := url.Values{"limit": {"1"}}
		for i := 0; i < len(pairs); i += 2 {
			query.Set(pairs[i], pairs[i+1])
		}
		return c.get("/collections/seats/items?"+query.Encode()).want(t, 200).json(t)["numberMatched"].(float64)
	}
	const wgs84, mercator = "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/3857"
	want := matched("filter", "level = 'prefecture' AND resident_population > 1000000 AND S_INTERSECTS(geometry, BBOX(97, 26, 109, 35))")
	if want == 0 {
		t.Fatal("nothing found: the test would prove nothing")
	}
	for name, got := range map[string]float64{
		"bbox and name=value": matched("filter", "resident_population > 1000000", "level", "prefecture", "bbox", "97,26,109,35"),
		"EPSG:4326":           matched("filter", "S_INTERSECTS(geometry, BBOX(26, 97, 35, 109)) AND resident_population > 1000000", "filter-crs", wgs84, "level", "prefecture"),
		"JSON in EPSG:4326": matched("filter", `{"op":"and","args":[{"op":">","args":[{"property":"resident_population"},1000000]},{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[26,97,35,109]}]}]}`,
			"filter-lang", "cql2-json", "filter-crs", wgs84, "level", "prefecture"),
		"EPSG:3857": matched("filter", "level = 'prefecture' AND resident_population > 1000000 AND S_INTERSECTS(geometry, BBOX(10797990.6, 2999080.9, 12133824.5, 4163881.1))", "filter-crs", mercator),
	} {
		if got != want {
			t.Errorf("%s: finds %v, want %v", name, got, want)
		}
	}
}
