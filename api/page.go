package api

import (
	"errors"
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

// errFull is what a writer of rows returns when the page is to end before a
// row, although fewer than the limit are in it.
var errFull = errors.New("the page is full")

// each calls write with every row of the page as it comes, and then knows
// whether there is a page before and after. The store gives one row more than
// the page, to tell that there are more: the last one, or the first when
// paging backwards. A page that write ends with errFull goes on at the next.
func (p *page) each(write func(spatial.ItemRow) error) error {
	p.before = p.query.paged && !p.query.Backward
	p.after = p.query.Backward // the row that the cursor stands on
	extra := p.query.Backward
	err := p.server.cfg.Items.Items(p.c.Request().Context(), p.query.ItemsQuery, func(row spatial.ItemRow) error {
		switch {
		case extra && row.Total > p.query.Limit:
			extra, p.before = false, true
			return nil
		case p.returned == p.query.Limit:
			p.after = true
			return nil
		}
		extra = false
		p.returned++
		if err := write(row); err != nil {
			return err
		}
		if p.returned == 1 {
			p.first = row.Position
		}
		p.last = row.Position
		return nil
	})
	if errors.Is(err, errFull) {
		p.returned--
		p.after = true
		return nil
	}
	return err
}

// links are those of the finished page; every one keeps all parameters.
func (p *page) links() []link {
	links := p.server.selfLinks(p.c, p.form, formGeoJSON, formJSONFG, formCSV, formHTML)
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

// numbers puts what is known of the whole and of the finished page into headers,
// for forms whose body has no place for it.
func (p *page) numbers() {
	h := p.c.Response().Header()
	if p.counted {
		h.Set("OGC-NumberMatched", strconv.FormatInt(p.matched, 10))
	}
	h.Set("OGC-NumberReturned", strconv.Itoa(p.returned))
	for _, l := range p.links() {
		h.Add("Link", "<"+l.Href+`>; rel="`+l.Rel+`"; type="`+l.Type+`"`)
	}
}
