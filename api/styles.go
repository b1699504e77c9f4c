package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

func (s *server) getStyles(c echo.Context) error {
	list := []map[string]any{}
	var shown []link
	add := func(id, title string) {
		at := s.path(c, "styles", id)
		list = append(list, map[string]any{"id": id, "title": title, "links": []link{
			{Href: at, Rel: "stylesheet", Type: mediaJSON, Title: title},
			{Href: at + "?f=html", Rel: "alternate", Type: mediaHTML, Title: title + " drawn"},
		}})
		shown = append(shown, link{Href: at + "?f=html", Rel: "item", Type: id, Title: title})
	}
	add(tiles.OverviewID, "All collections")
	for _, one := range s.tiled() {
		add(one.ID, one.Title)
	}
	page := view{Title: "Styles", TitleZH: "样式", Crumbs: s.crumbs(c, "styles", "Styles 样式"),
		Body: map[string]any{"About": "MapLibre styles, usable unedited. Each page draws its style.", "Links": shown}}
	return s.fixed(c, "links.html", page, func(links []link) any {
		return map[string]any{"default": tiles.OverviewID, "styles": list, "links": links}
	})
}

// getStyle answers a style as MapLibre reads it; to a browser, a page that
// draws it.
func (s *server) getStyle(c echo.Context) error {
	chosen, err := negotiate(c, formStyle, formHTML)
	if err != nil {
		return err
	}
	id := param(c, "styleId")
	style, title, err := s.style(c, id)
	if err != nil {
		return err
	}
	style.Glyphs = s.glyphs(c)
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	if chosen.name != formHTML.name {
		return c.JSON(http.StatusOK, style)
	}
	body := map[string]any{"Style": s.path(c, "styles", id), "Attribution": s.cfg.attribution(), "Script": ""}
	if s.site.index != nil {
		body["Script"], body["Sheet"], body["Worker"] = s.path(c, "app", "app.js"), s.path(c, "app", "app.css"), s.path(c, "app", "worker.js")
	}
	return s.htmlUnder(c, mapPagePolicy, "style.html", view{Title: title, Links: s.selfLinks(c, chosen, formStyle, formHTML), Body: body, Crumbs: s.crumbs(c, "styles", "Styles 样式", id, title)})
}

// style is a style by its id, which is that of its collection, with its title.
func (s *server) style(c echo.Context, id string) (style tiles.Style, title string, err error) {
	if id == tiles.OverviewID {
		return tiles.Overview(s.tiled(), s.path(c, "tiles", spatial.WebMercatorQuad().ID)+"?f=tilejson"), "All collections", nil
	}
	one, ok := s.collectionByID(id)
	if !ok {
		if one, ok, err = s.resultCollection(c, id); err != nil {
			return tiles.Style{}, "", err
		}
	}
	if ok {
		if style, ok := tiles.CollectionStyle(one, s.path(c, "collections", id, "tiles", spatial.WebMercatorQuad().ID)+"?f=tilejson"); ok {
			return style, one.Title, nil
		}
	}
	return tiles.Style{}, "", spatial.Errorf(spatial.NotFound, "There is no style %q; /styles lists them.", clip(id))
}
