package api

import (
	"bytes"
	"context"
	"strconv"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

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
