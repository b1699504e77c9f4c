package filter

import (
	"testing"

	"quanyu/spatial"
)

// house is a collection with the kinds of property that the examples of the
// standard (OGC 21-065r2, clauses 6 and 7) use.
var house = spatial.Collection{ID: "houses", Properties: []spatial.Property{
	{Name: "owner", Type: spatial.String},
	{Name: "eo:cloud", Type: spatial.Number},
	{Name: "storeys", Type: spatial.Integer},
	{Name: "levy", Type: spatial.Number},
	{Name: "pool", Type: spatial.Boolean},
	{Name: "touched", Type: spatial.Timestamp},
	{Name: "built", Type: spatial.Date},
	{Name: "geom", Type: spatial.String},
}}

// TestStandardShapes takes one text of each shape that the standard's own
// examples show, in our words: those of the subset are read, and the others
// are refused at the character where the subset ends.
func TestStandardShapes(t *testing.T) {
	for _, text := range []string{
		`owner='Anna'`,
		`"owner" <> 'c0ffee20-1111-4222-8333-444455556666'`,
		`owner = 'd''Aubigné'`,
		`levy <> 120.5`, `levy>=1.5E3`, `levy<-.25`, `storeys = +3`,
		`pool = TRUE`, `pool<>false`,
		`built = DATE('1999-02-28')`, `built <= DATE('1999-02-28')`,
		`touched = TIMESTAMP('2001-05-06T07:08:09Z')`, `touched > TIMESTAMP('2001-05-06T07:08:09.123456Z')`,
		`eo:cloud BETWEEN 0.25 AND 0.75`, `"eo:cloud" not between 1 and 2.5`,
		`owner LIKE '%nna%'`, `owner NOT LIKE 'A_na%'`, `"owner" like '100\% %'`,
		`owner IN ('Anna', 'Boris')`, `storeys IN (1, 2, 3)`, `owner NOT IN ('Anna')`,
		`owner IS NULL`, `touched IS NOT NULL`,
		`storeys > 5 AND pool = true`,
		`pool=true AND (storeys>5 OR owner LIKE 'Ann%' OR owner LIKE '%oris%')`,
		`(owner = 'Anna' AND eo:cloud < 0.1) OR NOT (storeys = 2)`,
		`NOT storeys=2`,
		`0.1 > "eo:cloud"`,
		`TRUE`, `pool = TRUE OR FALSE`,
	} {
		if _, err := Parse(text, house); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{
		`levy-150.0 > 0`, `levy > (storeys + 1)`, `levy = storeys^2`, `avg(levy) < 4`,
		`CASEI(owner) LIKE casei('ann%')`, `ACCENTI(owner) = accenti('Ann')`,
		`S_INTERSECTS(geom, POINT(36.3 32.2))`, `S_WITHIN(geom,BBOX(-118,33.8,-117.9,34))`,
		`T_AFTER(touched, DATE('2010-02-10'))`, `T_DURING(INTERVAL(built, touched), INTERVAL('2017-06-10', '..'))`,
		`A_CONTAINS(owner, ('a','b'))`, `levy = storeys`,
	} {
		if e, err := Parse(text, house); spatial.KindOf(err) != spatial.Invalid {
			t.Errorf("%s: is outside the subset, read as %#v (%v)", text, e, err)
		}
	}
}
