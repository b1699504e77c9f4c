package filter

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"quanyu/spatial"
)

// shops is a collection with a property of every type and names that need
// quotes.
var shops = spatial.Collection{ID: "shops", Geometry: spatial.Point, Properties: []spatial.Property{
	{Name: "kind", Type: spatial.String},
	{Name: "staff", Type: spatial.Integer},
	{Name: "area", Type: spatial.Number},
	{Name: "open", Type: spatial.Boolean},
	{Name: "opened", Type: spatial.Date},
	{Name: "seen", Type: spatial.Timestamp},
	{Name: "tags", Type: spatial.StringList},
	{Name: "report", Type: spatial.JSON},
	{Name: "名称", Type: spatial.String},
	{Name: "in", Type: spatial.Integer},
	{Name: `odd "name`, Type: spatial.String},
}}

func prop(name string) spatial.Property {
	p, ok := shops.Property(name)
	if !ok {
		panic(name)
	}
	return p
}

func cmp(name string, op spatial.CompareOp, v any) spatial.Expr {
	return spatial.Compare{Op: op, Property: prop(name), Value: v}
}

func and(items ...spatial.Expr) spatial.Expr { return spatial.And{Items: items} }
func or(items ...spatial.Expr) spatial.Expr  { return spatial.Or{Items: items} }
func not(item spatial.Expr) spatial.Expr     { return spatial.Not{Item: item} }

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParse(t *testing.T) {
	noon := time.Date(2020, 12, 31, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]spatial.Expr{
		`kind = 'it''s'`:               cmp("kind", "=", "it's"),
		`kind = ''`:                    cmp("kind", "=", ""),
		`kind = 'a\\b\c'`:              cmp("kind", "=", `a\b\c`),
		`kind = 'it\'s\tso\n'`:         cmp("kind", "=", "it's\tso\n"),
		`kind = '\a\b\t\n\v\f\r'`:      cmp("kind", "=", "\a\b\t\n\v\f\r"),
		`"kind"<>'x'`:                  cmp("kind", "<>", "x"),
		"名称='成都'":                      cmp("名称", "=", "成都"),
		`"in" = 1`:                     cmp("in", "=", int64(1)),
		`"odd ""name" = 'x'`:           cmp(`odd "name`, "=", "x"),
		`staff >= -5`:                  cmp("staff", ">=", int64(-5)),
		`staff < + 5`:                  cmp("staff", "<", int64(5)),
		`staff = 1.2e3`:                cmp("staff", "=", int64(1200)),
		`staff = 12.`:                  cmp("staff", "=", int64(12)),
		`staff = 0e9`:                  cmp("staff", "=", int64(0)),
		`staff = 9223372036854775807`:  cmp("staff", "=", int64(9223372036854775807)),
		`area <= .5E-3`:                cmp("area", "<=", 0.0005),
		`area > 3`:                     cmp("area", ">", 3.0),
		`open = true`:                  cmp("open", "=", true),
		`open <> False`:                cmp("open", "<>", false),
		`opened = '2020-12-31'`:        cmp("opened", "=", day("2020-12-31")),
		`opened <= date('2020-12-31')`: cmp("opened", "<=", day("2020-12-31")),
		`seen > TIMESTAMP('2020-12-31T12:00:00Z')`: cmp("seen", ">", noon),
		`seen > '2020-12-31T20:00:00+08:00'`:       cmp("seen", ">", noon),
		`true`:                                     and(),
		`NOT (FALSE OR open = TRUE)`:               not(or(or(), cmp("open", "=", true))),
		`TRUE = open`:                              cmp("open", "=", true),
		`5 < staff`:                                cmp("staff", ">", int64(5)),
		`5 >= staff`:                               cmp("staff", "<=", int64(5)),
		`DATE('2020-12-31') = opened`:              cmp("opened", "=", day("2020-12-31")),
		`-1 <> area`:                               cmp("area", "<>", -1.0),
		`kind IN ('a')`:                            spatial.In{Property: prop("kind"), Values: []any{"a"}},
		`kind not in ('a','b' , 'c')`:              not(spatial.In{Property: prop("kind"), Values: []any{"a", "b", "c"}}),
		`opened IN ('2020-01-01', DATE('2021-01-01'))`: spatial.In{Property: prop("opened"), Values: []any{day("2020-01-01"), day("2021-01-01")}},
		`staff BETWEEN 1 AND 5 AND area = 1`: and(
			spatial.Between{Property: prop("staff"), Low: int64(1), High: int64(5)}, cmp("area", "=", 1.0)),
		`area NOT between -1.5 and 2`: not(spatial.Between{Property: prop("area"), Low: -1.5, High: 2.0}),
		`kind LIKE '成_%'`:             spatial.Like{Property: prop("kind"), Pattern: "成_%"},
		`kind NOT LIKE '100\%'`:       not(spatial.Like{Property: prop("kind"), Pattern: `100\%`}),
		`kind IS NULL`:                spatial.IsNull{Property: prop("kind")},
		`tags is not null`:            not(spatial.IsNull{Property: prop("tags")}),
		`staff=1 OR staff=2 AND NOT staff=3`: or(cmp("staff", "=", int64(1)),
			and(cmp("staff", "=", int64(2)), not(cmp("staff", "=", int64(3))))),
		`(staff=1 OR staff=2)AND((staff=3))`: and(
			or(cmp("staff", "=", int64(1)), cmp("staff", "=", int64(2))), cmp("staff", "=", int64(3))),
		`staff=1 AND staff=2 AND staff=3`: and(cmp("staff", "=", int64(1)), cmp("staff", "=", int64(2)), cmp("staff", "=", int64(3))),
		"\tNOT\n( staff = 1 )\u3000":      not(cmp("staff", "=", int64(1))),
	} {
		got, err := Parse(text, shops)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v, want %#v", text, got, want)
		}
	}
}

// Each fault names the parameter, the character where reading stopped and
// what would have been right there.
func TestParseFaults(t *testing.T) {
	for text, want := range map[string]string{
		``:                            "at character 1: a property, a literal (text in single quotes, a number, TRUE, FALSE, DATE('…') or TIMESTAMP('…')) or a function was expected, not the end",
		`kind`:                        "at character 5: =, <>, <, <=, >, >=, IN, BETWEEN, LIKE or IS was expected, not the end",
		`kind =`:                      "at character 7: a property, a literal",
		`kind = 'abc`:                 "at character 8: text in quotes begins here and does not end",
		`"kind = 1`:                   "at character 1: a name in quotes begins here and does not end",
		`kind = 'it\'s`:               "at character 8: text in quotes begins here and does not end; a quote inside is written twice",
		`kind = "transport"`:          `at character 8: "transport" is no property of shops; text goes in single quotes`,
		`"成都" = kind`:                 `at character 1: "成都" is no property of shops; text goes in single quotes`,
		`名称 = '成' AND knd = 'a'`:      `at character 14: "knd" is no property of shops; kind is`,
		`report = 'x'`:                "at character 1: report is shown but cannot be filtered by",
		`kind = 5`:                    "at character 8: kind is text, so text in single quotes was expected, not the number 5",
		`staff > 1.5`:                 "at character 9: staff is an integer",
		`staff > 1e-999`:              "staff is an integer",
		`staff > 1e300`:               "staff is an integer",
		`staff > 9223372036854775808`: "staff is an integer",
		`area > 1e999`:                "at character 8: area is a number, so a finite number was expected, not the number 1e999",
		`open = 'true'`:               "so TRUE or FALSE was expected, not the text 'true'",
		`opened = '2020-02-30'`:       "at character 10: opened is a date, so DATE('YYYY-MM-DD') or 'YYYY-MM-DD' was expected",
		`opened = DATE('2020')`:       "at character 10: opened is a date",
		`opened > TIMESTAMP('2020-01-01T00:00:00Z')`: "not TIMESTAMP('2020-01-01T00:00:00Z')",
		`opened = DATE(2020)`:                        "at character 15: a date or time in single quotes was expected",
		`seen = '2020-12-31'`:                        "at character 8: seen is a timestamp",
		`tags = 'a'`:                                 "at character 1: tags is a list, which cannot be compared; write IS NULL, IS NOT NULL or a function such as A_CONTAINS",
		`kind = NULL`:                                "at character 8: nothing compares with NULL; write IS NULL",
		`kind IS 'a'`:                                "at character 9: NULL or NOT NULL was expected",
		`kind IS NOT 'a'`:                            "at character 13: NULL was expected",
		`kind != 'a'`:                                "at character 6: <> was expected",
		`kind == 'a'`:                                "at character 6: = was expected",
		`kind IN 'a'`:                                "at character 9: ( was expected",
		`kind IN ()`:                                 "at character 10: a value was expected",
		`kind IN ('a' 'b')`:                          "at character 14: a comma or ) was expected",
		`staff BETWEEN 1 OR 2`:                       "at character 17: AND and the upper end of BETWEEN was expected",
		`kind BETWEEN 'a' AND 'b'`:                   "BETWEEN takes numbers, dates and timestamps; kind is text",
		`staff LIKE '1%'`:                            "LIKE takes text; staff is an integer",
		`kind LIKE 5`:                                "at character 11: a pattern in quotes",
		`kind LIKE 'a\\'`:                            "at character 11: the pattern ends in a backslash",
		`kind NOT = 'a'`:                             "at character 10: IN, BETWEEN or LIKE was expected",
		`(kind = 'a'`:                                "at character 12: AND, OR or the ) that closes character 1 was expected",
		`kind = 'a')`:                                "at character 11: AND, OR or the end was expected",
		`kind = 'a' staff = 1`:                       "at character 12: AND, OR or the end was expected",
		`S_INTERSECTS(geom, POINT(1 2))`:             `at character 14: "geom" is no property of shops`,
		`S_INTERSECT(geometry, POINT(1 2))`:          `at character 1: "S_INTERSECT" is no function of CQL2, and this server has none of its own; S_INTERSECTS is`,
		`staff = kind`:                               "at character 9: staff is an integer, so the property kind does not compare with it, which is text",
		`staff = 1 +`:                                "at character 12: a property, a literal",
		`1 = 'a'`:                                    "at character 5: the number 1 is a number, so a finite number was expected, not the text 'a'",
		`kind + 1 = 2`:                               "at character 1: arithmetic takes numbers; kind is text",
		`staff + (area = 1) > 2`:                     "at character 10: arithmetic takes numbers; an expression with = is a boolean",
		`staff ^ 2 ^ 2 = 1`:                          "at character 11: a second ^ needs parentheses",
		`-kind = 1`:                                  "arithmetic takes numbers; kind is text",
		`CASEI(staff) = 'a'`:                         "at character 7: CASEI and ACCENTI take text; staff is an integer",
		`CASEI(kind, kind) = 'a'`:                    "at character 1: CASEI takes 1 argument, not 2",
		`staff AND open = TRUE`:                      "at character 1: the property staff is no condition",
		`(kind)`:                                     "at character 7: =, <>, <, <=, >, >=, IN, BETWEEN, LIKE or IS was expected, not the end",
		`(kind, kind) = 'a'`:                         "at character 1: a list has its place in IN",
		`geometry = 'a'`:                             "at character 1: geometry is a geometry, which cannot be compared",
		`staff = -`:                                  "at character 10: a number behind the sign was expected",
		`staff = 1; DROP TABLE shops`:                "at character 10: the character ';' has no meaning here",
		"kind = '\x00'":                              "must be UTF-8 text without NUL",
		"kind = '\xff'":                              "must be UTF-8 text without NUL",
	} {
		_, err := Parse(text, shops)
		var e *spatial.Error
		if !errors.As(err, &e) || e.Kind != spatial.Invalid || len(e.Faults) != 1 || e.Faults[0].Parameter != "filter" {
			t.Errorf("%q: got %v, want one fault of the parameter filter", text, err)
		} else if !strings.Contains(e.Faults[0].Detail, want) {
			t.Errorf("%q: says %q, want %q", text, e.Faults[0].Detail, want)
		}
	}
}

func TestUnknownNameListsQueryables(t *testing.T) {
	_, err := Parse("nonsense_indeed = 1", shops)
	var e *spatial.Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	names, _ := e.Faults[0].Allowed.([]string)
	if len(names) != len(shops.Queryables())+1 || names[0] != "id" {
		t.Errorf("allowed is %v, want every queryable", names)
	}
	if strings.Contains(e.Faults[0].Detail, ";") {
		t.Errorf("%q suggests a name that is not near", e.Faults[0].Detail)
	}
}

func TestLimits(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("(", n) + "staff=1" + strings.Repeat(")", n) }
	many := func(n int) string { return "staff IN (1" + strings.Repeat(",1", n-1) + ")" }
	for text, wrong := range map[string]bool{
		deep(maxNesting):     false,
		deep(maxNesting + 1): true,
		many(MaxNodes - 1):   false, // the IN itself is one
		many(MaxNodes):       true,
		"kind='" + strings.Repeat("a", MaxBytes-7) + "'":                                       false,
		"kind='" + strings.Repeat("a", MaxBytes-6) + "'":                                       true,
		strings.Repeat("NOT (", MaxDepth+1):                                                    true,
		strings.Repeat("NOT (", MaxDepth-2) + "staff=1" + strings.Repeat(")", MaxDepth-2):      false,
		strings.Repeat("NOT (", MaxDepth) + "staff=1" + strings.Repeat(")", MaxDepth):          true,
		"staff = 1" + strings.Repeat("+1", MaxDepth-1):                                         false,
		"staff = 1" + strings.Repeat("+1", MaxDepth):                                           true,
		"S_INTERSECTS(geometry, MULTIPOINT(1 1" + strings.Repeat(",1 1", MaxVertices-1) + "))": false,
		"S_INTERSECTS(geometry, MULTIPOINT(1 1" + strings.Repeat(",1 1", MaxVertices) + "))":   true,
	} {
		if _, err := Parse(text, shops); (err != nil) != wrong {
			t.Errorf("%.20s… of %d bytes: %v", text, len(text), err)
		}
	}
}

func TestAtPointer(t *testing.T) {
	_, err := Parse("knd = 'a'", shops)
	moved := AtPointer(err, "/inputs/demand/filter")
	var e *spatial.Error
	if !errors.As(moved, &e) || e.Faults[0].Pointer != "/inputs/demand/filter" || e.Faults[0].Parameter != "" ||
		!strings.Contains(e.Faults[0].Detail, "kind is") || e.Faults[0].Allowed == nil {
		t.Errorf("got %#v", moved)
	}
	if other := errors.New("disk"); AtPointer(other, "/x") != other || AtPointer(nil, "/x") != nil {
		t.Error("an error that is no fault was changed")
	}
}
