package api

import (
	"context"
	"time"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// countBudget is what numberMatched may cost: where counting takes longer it
// is left out, as the standard lets a server do.
const countBudget = 500 * time.Millisecond

// getItems answers a page of a collection in one of its forms.
func (s *server) getItems(c echo.Context) error {
	collection, err := s.collection(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formGeoJSON, formJSONFG, formCSV, formHTML)
	if err != nil {
		return err
	}
	items, err := parseItems(newQuery(c), collection)
	if err != nil {
		return err
	}
	// timeStamp makes two bodies of GeoJSON differ by a member without meaning.
	weak := chosen.name == formGeoJSON.name || chosen.name == formJSONFG.name
	if same, err := s.unchanged(c, chosen, weak, s.dataKey(collection)); same || err != nil {
		return err
	}
	if items.Limit > defaultLimit {
		leave, err := s.exports.enter(c.Request().Context())
		if err != nil {
			return err
		}
		defer leave()
	}
	p := &page{server: s, c: c, query: items, form: chosen}
	p.matched, p.counted = s.count(c.Request().Context(), items)
	c.Response().Header().Set("Content-Crs", "<"+items.CRS.URI+">")
	switch chosen.name {
	case formCSV.name:
		return p.writeCSV()
	case formHTML.name:
		return p.writeHTML()
	case formJSONFG.name:
		p.query.Validity = true
		return p.writeFeatures(mediaJSONFG, s.fgHead(c, items), func(b []byte, row spatial.ItemRow) []byte { return appendFG(b, row, items.CRS, nil) })
	default:
		return p.writeFeatures(mediaGeoJSON, "", func(b []byte, row spatial.ItemRow) []byte { return appendFeature(b, row, nil) })
	}
}

// count gives numberMatched where it is known or cheap: the store remembers
// it for as long as the data stay the same, and gives up above a million.
func (s *server) count(ctx context.Context, items itemsQuery) (int64, bool) {
	ctx, cancel := context.WithTimeout(ctx, countBudget)
	defer cancel()
	whole := items.ItemsQuery
	whole.After, whole.Backward, whole.Sort = nil, false, nil
	n, err := s.cfg.Items.Count(ctx, whole)
	return n, err == nil && n >= 0 // when it fails, the page itself will tell what is wrong
}
