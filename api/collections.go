package api

import (
	"context"
	"maps"
	"math"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// extent is what the store knows of a collection's bound.
type extent struct {
	bound orb.Bound
	known bool
}

// extentOf asks the store once for each state of the data.
func (s *server) extentOf(ctx context.Context, c spatial.Collection) (extent, error) {
	if c.Geometry == spatial.NoGeometry {
		return extent{}, nil
	}
	key := c.ID + " " + string(spatial.CallerOf(ctx).Sees()) + " " + s.dataKey(c)
	if e, ok := s.extents.get(key); ok {
		return e, nil
	}
	bound, known, err := s.cfg.Items.Extent(ctx, c)
	if err != nil {
		return extent{}, err
	}
	e := extent{bound: bound, known: known}
	s.extents.put(key, e)
	return e, nil
}

func (s *server) getCollections(c echo.Context) error {
	offers := []form{formJSON, formHTML}
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	shown := s.shown(c)
	if same, err := s.unchanged(c, chosen, false, s.dataKey(shown...)); same || err != nil {
		return err
	}
	links := s.selfLinks(c, chosen, offers...)
	if chosen.name == formHTML.name {
		return s.html(c, "collections.html", view{Title: "Collections", TitleZH: "数据集合", Links: links, Crumbs: s.crumbs(c, "collections", "Collections 数据集合"),
			Body: map[string]any{"Base": s.path(c, "collections"), "Collections": shown}})
	}
	list := []map[string]any{}
	for _, one := range shown {
		about, err := s.describe(c, one)
		if err != nil {
			return err
		}
		list = append(list, about)
	}
	return c.JSON(http.StatusOK, map[string]any{"links": links, "collections": list, "crs": crsURIs()})
}

func (s *server) getCollection(c echo.Context) error {
	collection, err := s.collection(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	// The description of a result says how long it is kept, which may change.
	if same, err := s.unchanged(c, chosen, false, s.dataKey(collection), collection.Description); same || err != nil {
		return err
	}
	about, err := s.describe(c, collection)
	if err != nil {
		return err
	}
	if chosen.name == formHTML.name {
		links := about["links"].([]link)
		return s.html(c, "collection.html", view{Title: collection.Title, TitleZH: collection.TitleZH, Links: links, Crumbs: s.crumbs(c, "collections", "Collections 数据集合", collection.ID, collection.Title),
			Body: map[string]any{"Collection": collection, "Properties": collection.All(), "Items": s.path(c, "collections", collection.ID, "items") + "?f=html"}})
	}
	return c.JSON(http.StatusOK, about)
}

// describe makes the document of a collection, the same in the list and
// alone.
func (s *server) describe(c echo.Context, one spatial.Collection) (map[string]any, error) {
	about := map[string]any{
		"id": one.ID, "title": one.Title, "title_zh": one.TitleZH, "description": one.Description, "attribution": s.cfg.Attribution,
		"itemType": "feature", "crs": crsURIs(), "storageCrs": spatial.CRS84.URI, "links": s.collectionLinks(c, one),
	}
	e, err := s.extentOf(c.Request().Context(), one)
	if err != nil {
		return nil, err
	}
	if e.known {
		about["extent"] = map[string]any{"spatial": map[string]any{
			"bbox": [][4]float64{widened(e.bound)}, "crs": spatial.CRS84.URI,
		}}
	}
	return about, nil
}

// widened gives a bound to six decimals of a degree, a decimetre, with
// everything strictly inside: clients round a bound and move it to another
// CRS, and what lies on its edge would be lost on the way.
func widened(b orb.Bound) [4]float64 {
	const grid, margin = 1e6, 0.1
	low := func(v float64) float64 { return math.Floor(v*grid-margin) / grid }
	high := func(v float64) float64 { return math.Ceil(v*grid+margin) / grid }
	return [4]float64{max(low(b.Min[0]), -180), max(low(b.Min[1]), -90), min(high(b.Max[0]), 180), min(high(b.Max[1]), 90)}
}

func (s *server) collectionLinks(c echo.Context, one spatial.Collection) []link {
	at := func(segments ...string) string {
		return s.path(c, append([]string{"collections", one.ID}, segments...)...)
	}
	links := []link{
		{Href: at(), Rel: "self", Type: mediaJSON, Title: "This collection"},
		{Href: at() + "?f=html", Rel: "alternate", Type: mediaHTML, Title: "This collection as html"},
		{Href: at("items"), Rel: "items", Type: mediaGeoJSON, Title: "Features as GeoJSON"},
		{Href: at("items") + "?f=jsonfg", Rel: "items", Type: mediaJSONFG, Title: "Features as JSON-FG"},
		{Href: at("items") + "?f=csv", Rel: "items", Type: mediaCSV, Title: "Features as CSV"},
		{Href: at("items") + "?f=html", Rel: "items", Type: mediaHTML, Title: "Features as HTML"},
		{Href: at("queryables"), Rel: relOGC + "queryables", Type: mediaSchema, Title: "Properties to filter by"},
		{Href: at("sortables"), Rel: relOGC + "sortables", Type: mediaSchema, Title: "Properties to sort by"},
		{Href: at("schema"), Rel: relOGC + "schema", Type: mediaSchema, Title: "Schema of the features"},
		{Href: at("schema") + "?f=geojson", Rel: "describedby", Type: mediaSchema, Title: "Schema of the features as GeoJSON"},
		{Href: at("schema") + "?f=geojson", Rel: "describedBy", Type: mediaSchema, Title: "Schema of the features as GeoJSON"}, // as GDAL spells it
	}
	if one.Tiles != nil {
		links = append(links,
			link{Href: at("tiles"), Rel: relOGC + "tilesets-vector", Type: mediaJSON, Title: "Vector tiles"},
			link{Href: s.path(c, "styles", one.ID), Rel: relOGC + "styles", Type: mediaJSON, Title: "MapLibre style"})
	}
	return links
}

// sortedKeys gives the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
