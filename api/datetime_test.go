package api_test

import (
	"slices"
	"testing"

	"quanyu/spatial"
	"quanyu/spatial/postgis/postgistest"
)

// datetime chooses by the validity of features, which is half-open: what ended
// on a day is not in force on it. Days are civil days in UTC+8.
func TestDatetimeFindsWhatWasInForce(t *testing.T) {
	c, _ := storeOf(t, func(url string) []spatial.Collection {
		eras := spatial.Collection{ID: "eras", Title: "Eras"}
		postgistest.Table(t, url, eras, "")
		postgistest.Exec(t, url, `INSERT INTO eras (id, valid_from, valid_to) VALUES ('always', NULL, NULL), ('before', NULL, '2010-01-01'), ('decade', '2010-01-01', '2020-01-01'), ('since', '2020-01-01', NULL)`)
		return []spatial.Collection{eras}
	})
	all := []string{"always", "before", "decade", "since"}
	for datetime, want := range map[string][]string{
		"":                                       {"always", "since"}, // now
		"2009-12-31":                             {"always", "before"},
		"2010-01-01":                             {"always", "decade"},
		"2019-12-31T15:59:59Z":                   {"always", "decade"}, // a second before midnight in China
		"2019-12-31T16:00:00Z":                   {"always", "since"},
		"2019-12-31T23:59:59%2B08:00":            {"always", "decade"},
		"2009-12-31/2010-01-01":                  {"always", "before", "decade"},
		"2010-01-01/2019-12-31":                  {"always", "decade"},
		"../2009-12-31":                          {"always", "before"},
		"/2009-12-31":                            {"always", "before"},
		"2020-01-01/..":                          {"always", "since"},
		"2020-01-01/":                            {"always", "since"},
		"../..":                                  all,
		"0000-01-01T00:00:00Z/2010-01-01":        {"always", "before", "decade"},
		"2019-12-31/9999-12-31T00:00:00Z":        {"always", "decade", "since"},
		"0000-01-01/9999-12-31":                  all,
		"2019-12-31T15:00:00Z/2019-12-31T16:00Z": nil, // no such form
	} {
		query := "?datetime=" + datetime
		if datetime == "" {
			query = ""
		}
		a := c.get("/collections/eras/items" + query)
		if want == nil {
			a.want(t, 400)
			continue
		}
		page := a.want(t, 200).json(t)
		if got := featureIDs(page); !slices.Equal(got, want) || page["numberMatched"] != float64(len(want)) {
			t.Errorf("%q finds %v, %v in all, want %v", datetime, got, page["numberMatched"], want)
		}
	}
	c.get("/collections/eras/items/decade").want(t, 404)
	c.get("/collections/eras/items/decade?datetime=2015-05-05").want(t, 200)
	c.get("/collections/eras/items/decade?datetime=2020-01-01").want(t, 404)
}
