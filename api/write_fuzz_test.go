package api

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// A body is a feature that holds to its collection's schema, or a fault of the
// client's that names a place in the body; and merging nothing into it changes
// nothing.
func FuzzFeatureBody(f *testing.F) {
	for _, seed := range []string{
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[104,30]},"properties":{"name_zh":"a","capacity":1e3,"opened":"2020-01-01"}}`,
		`{"type":"Feature","id":"x","geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]},"properties":{"member_adcodes":["1"],"article":1.0}}`,
		`{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]},"properties":null}`,
		`{"type":"Feature","properties":{"edits":[{"type":"set-speed","class":"trunk","factor":0.5}],"status":null}}`,
		`{"type":"Feature","geometry":null,"properties":{"id":"a","visibility":"internal","valid_from":"2020-01-01","valid_to":"2019-01-01"}}`,
		`{"type":"FeatureCollection"}`, `[]`, `{`, `{"type":"Feature","geometry":{"type":"Point","coordinates":[null,1e400]},"properties":{"value":"\ud800"}}`,
	} {
		f.Add(seed, uint8(0), uint8(0))
		f.Add(seed, uint8(1), uint8(2))
	}
	var collections []spatial.Collection
	for _, c := range spatial.Collections() {
		if c.Writable {
			collections = append(collections, c)
		}
	}
	offered := spatial.OfferedCRS()
	f.Fuzz(func(t *testing.T, text string, which, system uint8) {
		c, crs := collections[int(which)%len(collections)], offered[int(system)%len(offered)]
		body := []byte(text)
		if !utf8.Valid(body) || checkJSON(body) != nil {
			return // refused before it is parsed
		}
		draft, err := parseFeature(body, c, crs)
		if err != nil {
			if kind := spatial.KindOf(err); kind != spatial.Invalid && kind != spatial.TooLarge {
				t.Fatalf("%q: %v is not the client's fault", text, err)
			}
			return
		}
		checkDraft(t, c, draft)
		again, err := parseFeature(mergePatch(body, json.RawMessage("{}")), c, crs)
		if err != nil || again.ID != draft.ID || !reflect.DeepEqual(again.Geometry, draft.Geometry) || len(again.Properties) != len(draft.Properties) {
			t.Fatalf("%q merged with nothing is %v, %v", text, again, err)
		}
	})
}

func checkDraft(t *testing.T, c spatial.Collection, draft spatial.Draft) {
	t.Helper()
	if draft.ID != "" && !spatial.IsID(draft.ID) {
		t.Fatalf("id %q", draft.ID)
	}
	if g := draft.Geometry; g != nil {
		if g.GeoJSONType() != string(c.Geometry) || g.Bound() == (orb.Bound{}) && g.Dimensions() > 0 && len(g.(orb.MultiPolygon)) == 0 {
			t.Fatalf("%s has %v", c.ID, g)
		}
	}
	for name, value := range draft.Properties {
		p, ok := c.Property(name)
		if !ok || name == "id" {
			t.Fatalf("%s has no %s", c.ID, name)
		}
		if list, ok := value.(string); ok && (p.Type != spatial.String || len(list) > 4*maxText) {
			t.Fatalf("%s is %q", name, list)
		}
	}
}
