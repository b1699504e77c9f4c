package main

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

func someResult() analysis.Result {
	share := 0.71810089
	return analysis.Result{Outputs: []analysis.Output{
		{ID: "metric", Value: map[string]any{"share": share, "target": map[string]any{"comparator": ">="}, "band": []any{1.5, nil}}},
		{ID: "breakdown", Value: []map[string]any{{"province": "510000", "share": 0.5}, {"province": nil, "share": 12345.678}}},
		{ID: "evidence", Value: spatial.FeatureCollection{Features: []spatial.Feature{
			{ID: "a", Geometry: orb.Point{104.5, 30}, Properties: map[string]any{"name_zh": "成都市, 四川", "covered": true}},
			{ID: "b", Properties: map[string]any{"covered": false, "minutes": nil}},
		}}},
	}}
}

func TestResultInEveryForm(t *testing.T) {
	for _, c := range []struct{ output, format, want string }{
		{"", "csv", "id,covered,minutes,name_zh,WKT\na,true,,\"成都市, 四川\",POINT(104.5 30)\nb,false,,,\n"},
		{"breakdown", "csv", "province,share\n510000,0.5\n,12345.678\n"},
		{"metric", "csv", "name,value\nband.1,1.5\nband.2,\nshare,0.71810089\ntarget.comparator,>=\n"},
		{"breakdown", "table", "breakdown\n  province  share\n  ────────  ─────\n  510000      0.5\n            12346\n"},
		{"metric", "json", `{"metric":{"band":[1.5,null],"share":0.71810089,"target":{"comparator":"\u003e="}}}` + "\n"},
		{"evidence", "geojson", `{"type":"FeatureCollection","features":[{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[104.5,30]},"properties":{"covered":true,"name_zh":"成都市, 四川"}},{"type":"Feature","id":"b","geometry":null,"properties":{"covered":false,"minutes":null}}]}` + "\n"},
	} {
		var out strings.Builder
		if err := (processCommand{Output: c.output, Format: c.format}).print(someResult(), &out); err != nil {
			t.Errorf("%s as %s: %v", c.output, c.format, err)
		} else if out.String() != c.want {
			t.Errorf("%s as %s:\n%s\nwant:\n%s", c.output, c.format, out.String(), c.want)
		}
	}
}

func TestResultSaysWhatItCannotPrint(t *testing.T) {
	var out strings.Builder
	for _, c := range []processCommand{{Output: "evidenze", Format: "json"}, {Output: "metric", Format: "geojson"}} {
		if err := c.print(someResult(), &out); err == nil || !strings.Contains(err.Error(), "metric") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestTablesCountWideCharactersTwice(t *testing.T) {
	for text, want := range map[string]int{"": 0, "Heihe": 5, "黑河市": 6, "A（甲）": 7} {
		if got := cells(text); got != want {
			t.Errorf("%q: %d cells, want %d", text, got, want)
		}
	}
}

func TestGroupedThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}
