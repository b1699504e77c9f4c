package api_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
)

// TestCiteFeatures walks the methods of ets-ogcapi-features10: Core, GeoJSON,
// HTML, OpenAPI 3.0 and Part 2.
func TestCiteFeatures(t *testing.T) {
	newCite(t, realServer(t)).runAll(t, slices.Concat(citeCore(), citeItems(), citeCRS()))
}

func citeCore() []method {
	return []method{
		{"GeneralHttp.http", func(t *testing.T, s *cite) {
			for _, path := range []string{"/", "/conformance", "/collections", "/api"} {
				s.get(path).want(t, 200)
			}
		}},
		{"LandingPage.landingPageRetrieval", func(t *testing.T, s *cite) {
			s.get(s.base, "Accept", "application/json").want(t, 200)
			s.get("/", "Accept", "application/json").want(t, 200)
		}},
		{"LandingPage.landingPageValidation", func(t *testing.T, s *cite) {
			linked(t, s.landing, "service-desc", "service-doc", "conformance", "data")
		}},
		{"ApiDefinition.openapiDocumentRetrieval", func(t *testing.T, s *cite) {
			found := false
			for _, l := range links(s.landing) {
				found = found || l["rel"] == "service-desc" && strings.ReplaceAll(l["type"].(string), " ", "") == "application/vnd.oai.openapi+json;version=3.0"
			}
			if !found {
				t.Error("no OpenAPI 3.0 document is linked")
			}
			s.get(rel(s.landing, "service-desc"), "Accept", "application/vnd.oai.openapi+json;version=3.0").want(t, 200)
		}},
		{"ApiDefinition.apiDefinitionValidation", func(t *testing.T, s *cite) {
			document, err := openapi3.NewLoader().LoadFromData(s.get(rel(s.landing, "service-desc")).body)
			if err != nil {
				t.Fatal(err)
			}
			if err := document.Validate(t.Context()); err != nil || !strings.HasPrefix(document.OpenAPI, "3.0.") {
				t.Errorf("version %s: %v", document.OpenAPI, err)
			}
		}},
		{"Conformance.validateConformanceOperationAndResponse", func(t *testing.T, s *cite) {
			classes := s.get(rel(s.landing, "conformance"), "Accept", "application/json").want(t, 200).json(t)["conformsTo"].([]any)
			for _, class := range []string{"core", "oas30", "geojson", "html"} {
				if !slices.Contains(classes, any("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"+class)) {
					t.Errorf("%s is not declared", class)
				}
			}
		}},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperation", func(t *testing.T, s *cite) {
			typed(t, s.client, "/collections", "application/json")
		}},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links", func(t *testing.T, s *cite) {
			alternates(t, "/collections", s.list, "application/json", "text/html")
		}},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty", func(t *testing.T, s *cite) {
			if crs := s.list["crs"].([]any); crs[0] != "http://www.opengis.net/def/crs/OGC/1.3/CRS84" {
				t.Errorf("first is %v", crs[0])
			}
		}},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items_v101", citeCollectionEntries},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items_Links_v101", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				alternates(t, one["id"].(string), one, "application/json", "text/html")
				types := map[any]bool{}
				for _, l := range links(one) {
					if l["rel"] == "items" {
						types[l["type"]] = true
					}
				}
				if !types["application/geo+json"] || !types["text/html"] {
					t.Errorf("%v: items as %v", one["id"], types)
				}
			}
		}},
		{"FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Extent_v101", citeExtents},
		{"FeatureCollection.validateFeatureCollectionMetadataOperation", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				typed(t, s.client, "/collections/"+one["id"].(string), "application/json")
			}
		}},
		{"FeatureCollection.validateFeatureCollectionMetadataResponse", func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				alone := s.get("/collections/"+one["id"].(string), "Accept", "application/json").want(t, 200).json(t)
				for _, name := range []string{"id", "title", "description", "extent"} {
					if fmt.Sprint(alone[name]) != fmt.Sprint(one[name]) {
						t.Errorf("%v: %s is %v alone and %v in the list", one["id"], name, alone[name], one[name])
					}
				}
			}
		}},
	}
}

func citeCollectionEntries(t *testing.T, s *cite) {
	for _, one := range s.collections {
		if id, _ := one["id"].(string); id == "" {
			t.Errorf("an entry without id: %v", one)
		}
		for _, l := range links(one) {
			if l["rel"] != "items" {
				continue
			}
			a := s.get(l["href"].(string)+sep(l["href"].(string))+"limit=1", "Accept", l["type"].(string)).want(t, 200)
			if l["type"] == "application/geo+json" && a.json(t)["type"] != "FeatureCollection" {
				t.Errorf("%v answers %.100s", l["href"], a.body)
			}
		}
	}
}

func sep(address string) string {
	if strings.Contains(address, "?") {
		return "&"
	}
	return "?"
}

// citeExtents holds, beyond the suite, that everything with a place is in the
// extent, also after the suite's rounding to seven decimals.
func citeExtents(t *testing.T, s *cite) {
	s.each(t, func(t *testing.T, one map[string]any, items string) {
		queryables := s.get("/collections/"+one["id"].(string)+"/queryables").want(t, 200).json(t)["properties"].(map[string]any)
		box, ok := extentOf(one)
		if queryables["geometry"] == nil {
			if ok {
				t.Errorf("%v has an extent and no geometry", one["id"])
			}
			return
		}
		placed := s.features(t, items+"?limit=1&filter="+url.QueryEscape("geometry IS NOT NULL"))["numberMatched"].(float64)
		switch {
		case !ok && placed > 0:
			t.Errorf("%v has no extent and %v features with a place", one["id"], placed)
		case ok && s.features(t, items+"?limit=1&bbox="+box)["numberMatched"] != placed:
			t.Errorf("%v: not all of %v features lie within %s", one["id"], placed, box)
		}
	})
}

func extentOf(collection map[string]any) (string, bool) {
	extent, ok := collection["extent"].(map[string]any)
	if !ok {
		return "", false
	}
	var parts []string
	for _, v := range extent["spatial"].(map[string]any)["bbox"].([]any)[0].([]any) {
		parts = append(parts, strconv.FormatFloat(v.(float64), 'f', 7, 64))
	}
	return strings.Join(parts, ","), true
}

// checkPage is what the suite holds of every answer of features.
func (s *cite) checkPage(t *testing.T, address string) map[string]any {
	t.Helper()
	page := s.features(t, address)
	list, ok := page["features"].([]any)
	if page["type"] != "FeatureCollection" || !ok {
		t.Fatalf("%s: type %v, features %T", address, page["type"], page["features"])
	}
	alternates(t, address, page, "application/geo+json", "text/html")
	if _, err := time.Parse(time.RFC3339, fmt.Sprint(page["timeStamp"])); err != nil {
		t.Errorf("%s: timeStamp %v", address, page["timeStamp"])
	}
	if page["numberReturned"] != float64(len(list)) {
		t.Errorf("%s: numberReturned %v of %d", address, page["numberReturned"], len(list))
	}
	numbers := regexp.MustCompile(`\[(-?[\d.e+-]+),(-?[\d.e+-]+)`)
	for _, f := range list[:min(len(list), 100)] {
		raw, err := json.Marshal(f.(map[string]any)["geometry"])
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range numbers.FindAllStringSubmatch(string(raw), -1) {
			lon, err1 := strconv.ParseFloat(pair[1], 64)
			lat, err2 := strconv.ParseFloat(pair[2], 64)
			if err1 != nil || err2 != nil || lon < -180 || lon > 180 || lat < -90 || lat > 90 {
				t.Fatalf("%s: %v is not in CRS84", address, pair)
			}
		}
	}
	return page
}

func citeItems() []method {
	parameter := func(name string, check func(*testing.T, *openapi3.Parameter)) func(*testing.T, *cite) {
		return func(t *testing.T, s *cite) {
			for _, one := range s.collections {
				p := s.checker.document.Paths.Value("/collections/"+one["id"].(string)+"/items").Get.Parameters.GetByInAndName("query", name)
				if p == nil || p.Required || p.Style != "form" || p.Explode == nil || *p.Explode {
					t.Fatalf("%v: parameter %s is %+v", one["id"], name, p)
				}
				check(t, p)
			}
		}
	}
	return []method{
		{"Features.validateFeaturesOperation", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) { s.checkPage(t, items) })
		}},
		{"Features.validateFeaturesResponse_NumberMatched", citeNumberMatched},
		{"FeaturesBBox.boundingBoxParameterDefinition", parameter("bbox", func(t *testing.T, p *openapi3.Parameter) {
			if v := p.Schema.Value; !v.Type.Is("array") || !v.Items.Value.Type.Is("number") || v.MinItems != 4 || *v.MaxItems != 6 {
				t.Errorf("%+v", v)
			}
		})},
		{"FeaturesBBox.validateFeaturesWithBoundingBoxOperation", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, one map[string]any, items string) {
				box, ok := extentOf(one)
				if !ok {
					return
				}
				for _, b := range []string{box, "-1.5000000,50.0000000,1.5000000,53.0000000", "-80.0000000,-5.0000000,-70.0000000,5.0000000",
					"177.0000000,65.0000000,-177.0000000,70.0000000", "-180.0000000,85.0000000,180.0000000,90.0000000", "-180.0000000,-90.0000000,180.0000000,-85.0000000"} {
					s.checkPage(t, items+"?bbox="+url.QueryEscape(b))
				}
			})
		}},
		{"FeaturesLimit.limitParameterDefinition", parameter("limit", func(t *testing.T, p *openapi3.Parameter) {
			if v := p.Schema.Value; !v.Type.Is("integer") || *v.Min < 0 || v.Default.(float64) < 0 {
				t.Errorf("%+v", v)
			}
		})},
		{"FeaturesLimit.validateFeaturesWithLimitOperation", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				for _, limit := range []int{1, 100} {
					if n := len(s.checkPage(t, fmt.Sprintf("%s?limit=%d", items, limit))["features"].([]any)); n > limit {
						t.Errorf("%s: %d features of at most %d", items, n, limit)
					}
				}
			})
		}},
		{"FeaturesTime.timeParameterDefinition", parameter("datetime", func(t *testing.T, p *openapi3.Parameter) {
			if !p.Schema.Value.Type.Is("string") {
				t.Errorf("%+v", p.Schema.Value)
			}
		})},
		{"FeaturesTime.validateFeaturesWithDateTimeOperation", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				for _, when := range []string{"2018-02-12T23:20:52Z", "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z", "2018-02-12", "2018-02-12/.."} {
					s.checkPage(t, items+"?datetime="+url.QueryEscape(when))
				}
			})
		}},
		{"FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				s.get(items+"?limit=unlimited", "Accept", "application/geo+json").want(t, 400)
			})
		}},
		{"FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				s.get(items+"?unknownQueryParameter12345=1", "Accept", "application/geo+json").want(t, 400)
			})
		}},
		{"Feature.featureOperation", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				for _, id := range featureIDs(s.features(t, items+"?limit=1")) {
					typed(t, s.client, items+"/"+url.PathEscape(id), "application/geo+json")
				}
			})
		}},
		{"Feature.validateFeatureResponse", func(t *testing.T, s *cite) {
			s.each(t, func(t *testing.T, _ map[string]any, items string) {
				for _, id := range featureIDs(s.features(t, items+"?limit=1")) {
					feature := s.get(items+"/"+url.PathEscape(id), "Accept", "application/geo+json").want(t, 200).json(t)
					alternates(t, id, feature, "application/geo+json", "text/html")
					linked(t, feature, "collection")
				}
			})
		}},
	}
}

// citeNumberMatched adds up pages as the suite does: it cuts the next link at
// & and =, asks again for each parameter with limit set to the maximum of the
// document, and goes on for four pages.
func citeNumberMatched(t *testing.T, s *cite) {
	s.each(t, func(t *testing.T, _ map[string]any, items string) {
		page := s.features(t, items)
		matched, found := page["numberMatched"].(float64), float64(len(page["features"].([]any)))
		if matched > 10000 {
			return
		}
		for next, pages := rel(page, "next"), 0; next != "" && pages < 4; pages++ {
			address, query, _ := strings.Cut(next, "?")
			values := url.Values{}
			for _, part := range strings.Split(query, "&") {
				name, value, ok := strings.Cut(part, "=")
				plain, err := url.QueryUnescape(value)
				if !ok || value == "" || err != nil || strings.Contains(value, "=") {
					t.Fatalf("%s cannot be cut at & and =", next)
				}
				values.Set(name, plain)
			}
			values.Set("limit", "10000")
			page = s.features(t, address+"?"+values.Encode())
			found += float64(len(page["features"].([]any)))
			next = rel(page, "next")
		}
		if found != matched {
			t.Errorf("%s: numberMatched %v, %v in five pages", items, matched, found)
		}
	})
}
