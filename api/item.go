package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// getItem answers one feature. Its ETag begins with the row's version, which
// If-Match is held against.
func (s *server) getItem(c echo.Context) error {
	collection, err := s.collection(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formGeoJSON, formJSONFG, formHTML)
	if err != nil {
		return err
	}
	q := newQuery(c)
	q.get("f")
	crs := readCRS(q, "crs")
	var asOf *time.Time
	if text, ok := q.get("datetime"); ok {
		asOf, err = parseAsOf(text)
		q.add(err)
	}
	if err := q.finish(); err != nil {
		return err
	}
	row, err := s.item(c.Request().Context(), collection, param(c, "featureId"), crs, asOf)
	if err != nil {
		return err
	}
	version := strconv.FormatInt(row.Position.Version, 10)
	tag := `"` + version + "-" + digest(s.cfg.Version, s.base(c), c.Request().URL.EscapedPath(), q.values.Encode(), chosen.name, sightOf(c)) + `"`
	c.Response().Header().Set("Content-Crs", "<"+crs.URI+">")
	if same, err := s.tagged(c, codedTag(c, tag)); same || err != nil {
		return err
	}
	links := append(s.selfLinks(c, chosen, formGeoJSON, formJSONFG, formHTML),
		link{Href: s.path(c, "collections", collection.ID), Rel: "collection", Type: mediaJSON, Title: collection.Title})
	if chosen.name == formHTML.name {
		return s.itemPage(c, collection, row, links)
	}
	body := appendFeature(nil, row, links)
	if chosen.name == formJSONFG.name {
		body = appendFG(nil, row, crs, append([]byte(s.fgMembers(c, collection, crs)), linksMember(links)...))
	}
	return c.Blob(http.StatusOK, chosen.media, append(body, '\n'))
}

// item gives one feature, from memory where it was read before and nothing in
// its collection has changed since. The version is read first, so that a write
// in between can only file a newer row under an older version.
func (s *server) item(ctx context.Context, c spatial.Collection, id string, crs spatial.CRS, asOf *time.Time) (spatial.ItemRow, error) {
	at := ""
	if asOf != nil {
		at = asOf.UTC().Format(time.RFC3339Nano)
	}
	key := strings.Join([]string{c.ID, s.dataKey(c), string(spatial.CallerOf(ctx).Sees()), crs.URI, at, id}, "|")
	if row, ok := s.rows.get(key); ok {
		s.metrics.itemHits.Inc()
		return row, nil
	}
	s.metrics.itemMisses.Inc()
	row, err := s.cfg.Items.Item(ctx, c, id, crs, asOf, spatial.GeoJSON)
	if err == nil {
		s.rows.put(key, row, len(row.Geometry)+len(row.Properties)+len(row.Position.ID))
	}
	return row, err
}

// parseAsOf reads the datetime of a single feature: one moment.
func parseAsOf(text string) (*time.Time, error) {
	start, _, ok := parseMoment(text)
	if !ok {
		return nil, spatial.BadParameter("datetime", "\""+clip(text)+"\" is neither a date nor a time with its zone", "a date (2020-12-31) or a time (2020-12-31T00:00:00Z)")
	}
	return &start, nil
}
