package api

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

//go:embed pages/*.html pages/style.css
var pageFiles embed.FS

// pagePolicy lets server-made pages have their own style and nothing else.
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// crumb is one step of the path above a page's title.
type crumb struct{ Href, Title string }

// view is what every page's template gets.
type view struct {
	Title, TitleZH string
	Crumbs         []crumb
	Links          []link
	Style          template.CSS
	Body           any
}

func parsePages() *template.Template {
	return template.Must(template.New("pages").ParseFS(pageFiles, "pages/*.html"))
}

// html renders a page whole before it is sent, so that a fault in a template
// is still a clean 500.
func (s *server) html(c echo.Context, name string, v view) error {
	return s.htmlUnder(c, pagePolicy, name, v)
}

// htmlUnder is html for pages that need another content security policy.
func (s *server) htmlUnder(c echo.Context, policy, name string, v view) error {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return err
	}
	v.Style = template.CSS(style)
	var body bytes.Buffer
	if err := s.pages.ExecuteTemplate(&body, name, v); err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", policy)
	return c.HTMLBlob(http.StatusOK, body.Bytes())
}

// crumbs lead from the landing page; pairs are path segments and titles, each
// path below the one before.
func (s *server) crumbs(c echo.Context, pairs ...string) []crumb {
	path := []string{}
	list := []crumb{{Href: s.base(c) + "/?f=html", Title: "Quanyu"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		path = append(path, pairs[i])
		list = append(list, crumb{Href: s.path(c, path...) + "?f=html", Title: pairs[i+1]})
	}
	return list
}

// field is one row of a table of names and values.
type field struct{ Name, About, Value string }

// tableRow is a feature in the table of a page.
type tableRow struct {
	ID, Href string
	Cells    []string
}

// writeHTML shows a page as a table; properties without any value are left
// out, since most tables have more columns than a screen.
func (p *page) writeHTML() error {
	s, collection := p.server, p.query.Collection
	p.query.SkipGeometry = true // it is not shown
	columns := csvColumns(p.query)[1:]
	var rows []tableRow
	filled := make([]bool, len(columns))
	err := p.each(func(row spatial.ItemRow) error {
		line, err := csvLine(row, append([]string{"id"}, columns...))
		if err != nil {
			return err
		}
		for i, text := range line[1:] {
			filled[i], line[i+1] = filled[i] || text != "", clip(text)
		}
		rows = append(rows, tableRow{ID: line[0], Href: s.path(p.c, "collections", collection.ID, "items", line[0]) + "?f=html", Cells: line[1:]})
		return nil
	})
	if err != nil {
		return err
	}
	p.numbers(true)
	keep := func(list []string) []string {
		var kept []string
		for i, text := range list {
			if filled[i] {
				kept = append(kept, text)
			}
		}
		return kept
	}
	for i := range rows {
		rows[i].Cells = keep(rows[i].Cells)
	}
	links := p.links()
	body := map[string]any{"Columns": keep(slices.Clone(columns)), "Rows": rows, "Returned": p.returned, "Next": hrefOf(links, "next"), "Prev": hrefOf(links, "prev")}
	if p.counted {
		body["Matched"] = p.matched
	}
	return s.html(p.c, "items.html", view{Title: collection.Title, TitleZH: collection.TitleZH, Links: links, Body: body,
		Crumbs: s.crumbs(p.c, "collections", "Collections 数据集合", collection.ID, collection.Title)})
}

func hrefOf(links []link, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// shown cuts a text to what a person would read; the other forms have the rest.
func shown(text string) string {
	const most = 2000
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// itemPage shows one feature with the meaning of each property.
func (s *server) itemPage(c echo.Context, collection spatial.Collection, row spatial.ItemRow, links []link) error {
	var values map[string]json.RawMessage
	if err := json.Unmarshal(row.Properties, &values); err != nil {
		return err
	}
	var fields []field
	for _, p := range collection.All() {
		fields = append(fields, field{Name: p.Name, About: p.Description, Value: shown(cell(values[p.Name]))})
	}
	body := map[string]any{"Fields": fields, "Geometry": shown(string(row.Geometry))}
	return s.html(c, "item.html", view{Title: row.Position.ID, TitleZH: cell(values["name_zh"]), Links: links, Body: body,
		Crumbs: s.crumbs(c, "collections", "Collections 数据集合", collection.ID, collection.Title, "items", "Items 要素")})
}
