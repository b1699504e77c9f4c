package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
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
	chosen, err := negotiate(c, formGeoJSON, formCSV, formHTML)
	if err != nil {
		return err
	}
	items, err := parseItems(newQuery(c), collection)
	if err != nil {
		return err
	}
	// timeStamp makes two GeoJSON bodies differ by a member without meaning.
	if same, err := s.unchanged(c, chosen, chosen.name == formGeoJSON.name, s.dataKey(collection)); same || err != nil {
		return err
	}
	p := &page{server: s, c: c, query: items, form: chosen}
	p.matched, p.counted = s.count(c.Request().Context(), items)
	c.Response().Header().Set("Content-Crs", "<"+items.CRS.URI+">")
	switch chosen.name {
	case formCSV.name:
		return p.writeCSV()
	case formHTML.name:
		return p.writeHTML()
	default:
		return p.writeGeoJSON()
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

// page is one page on its way out.
type page struct {
	server  *server
	c       echo.Context
	query   itemsQuery
	form    form
	matched int64
	counted bool

	returned    int
	first, last spatial.Position
	before      bool // there are rows before the first
	after       bool // there are rows after the last
}

// each calls write with every row of the page and then knows whether there
// is a page before and after. The store gives one row more than the page: the
// last one, or the first when paging backwards, which therefore is gathered
// before anything is written.
func (p *page) each(write func(spatial.ItemRow) error) error {
	ctx := p.c.Request().Context()
	if p.query.Backward {
		return p.eachBackward(ctx, write)
	}
	p.before = p.query.paged
	return p.server.cfg.Items.Items(ctx, p.query.ItemsQuery, func(row spatial.ItemRow) error {
		if p.returned == p.query.Limit {
			p.after = true
			return nil
		}
		return p.one(row, write)
	})
}

func (p *page) eachBackward(ctx context.Context, write func(spatial.ItemRow) error) error {
	var rows []spatial.ItemRow
	err := p.server.cfg.Items.Items(ctx, p.query.ItemsQuery, func(row spatial.ItemRow) error {
		row.Geometry, row.Properties = bytes.Clone(row.Geometry), bytes.Clone(row.Properties)
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	p.after = true // the row that the cursor stands on
	if len(rows) > p.query.Limit {
		p.before, rows = true, rows[len(rows)-p.query.Limit:]
	}
	for _, row := range rows {
		if err := p.one(row, write); err != nil {
			return err
		}
	}
	return nil
}

func (p *page) one(row spatial.ItemRow, write func(spatial.ItemRow) error) error {
	if p.returned == 0 {
		p.first = row.Position
	}
	p.last = row.Position
	p.returned++
	return write(row)
}

// links are those of the finished page; every one keeps all parameters.
func (p *page) links() []link {
	links := p.server.selfLinks(p.c, p.form, formGeoJSON, formCSV, formHTML)
	if p.after && p.returned > 0 {
		links = append(links, p.turn("next", cursor{Position: p.last, Query: p.query.hash}))
	}
	if p.before && p.returned > 0 {
		links = append(links, p.turn("prev", cursor{Position: p.first, Query: p.query.hash, Backward: true}))
	}
	return append(links, link{Href: p.server.path(p.c, "collections", p.query.Collection.ID), Rel: "collection", Type: mediaJSON, Title: p.query.Collection.Title})
}

func (p *page) turn(rel string, k cursor) link {
	title := map[string]string{"next": "Next page", "prev": "Previous page"}[rel]
	return link{Href: p.server.self(p.c, "cursor", k.encode()), Rel: rel, Type: p.form.media, Title: title}
}

// numbers puts what is known of the whole into headers, for forms whose body
// has no place for it.
func (p *page) numbers(finished bool) {
	h := p.c.Response().Header()
	if p.counted {
		h.Set("OGC-NumberMatched", strconv.FormatInt(p.matched, 10))
	}
	if !finished {
		return
	}
	h.Set("OGC-NumberReturned", strconv.Itoa(p.returned))
	for _, l := range p.links() {
		h.Add("Link", "<"+l.Href+`>; rel="`+l.Rel+`"; type="`+l.Type+`"`)
	}
}

// getItem answers one feature. Its ETag holds the row's version, by which a
// writer will be able to tell that nobody wrote in between.
func (s *server) getItem(c echo.Context) error {
	collection, err := s.collection(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formGeoJSON, formHTML)
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
	row, err := s.cfg.Items.Item(c.Request().Context(), collection, param(c, "featureId"), crs, asOf, spatial.GeoJSON)
	if err != nil {
		return err
	}
	version := strconv.FormatInt(row.Position.Version, 10)
	tag := `"` + version + "-" + digest(s.cfg.Version, s.base(c), c.Request().URL.EscapedPath(), q.values.Encode(), chosen.name, publicScope) + `"`
	c.Response().Header().Set("Content-Crs", "<"+crs.URI+">")
	if same, err := s.tagged(c, codedTag(c, tag)); same || err != nil {
		return err
	}
	links := append(s.selfLinks(c, chosen, formGeoJSON, formHTML),
		link{Href: s.path(c, "collections", collection.ID), Rel: "collection", Type: mediaJSON, Title: collection.Title})
	if chosen.name == formHTML.name {
		return s.itemPage(c, collection, row, links)
	}
	body := appendFeature(nil, row, links)
	return c.Blob(http.StatusOK, mediaGeoJSON, append(body, '\n'))
}

// parseAsOf reads the datetime of a single feature: one moment.
func parseAsOf(text string) (*time.Time, error) {
	start, _, ok := parseMoment(text)
	if !ok {
		return nil, spatial.BadParameter("datetime", "\""+clip(text)+"\" is neither a date nor a time with its zone", "a date (2020-12-31) or a time (2020-12-31T00:00:00Z)")
	}
	return &start, nil
}
