package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

func (s *server) getTileMatrixSets(c echo.Context) error {
	list := []map[string]any{}
	for _, grid := range spatial.Grids() {
		set := tiles.NewMatrixSet(grid)
		list = append(list, map[string]any{
			"id": set.ID, "title": set.Title, "uri": set.URI, "crs": set.CRS,
			"links": []link{{Href: s.path(c, "tileMatrixSets", set.ID), Rel: "self", Type: mediaJSON, Title: set.Title}},
		})
	}
	return s.fixed(c, map[string]any{"tileMatrixSets": list})
}

func (s *server) getTileMatrixSet(c echo.Context) error {
	grid, err := knownGrid(c)
	if err != nil {
		return err
	}
	return s.fixed(c, tiles.NewMatrixSet(grid))
}

// fixed answers with a document that changes only with the program.
func (s *server) fixed(c echo.Context, document any) error {
	chosen, err := negotiate(c, formJSON)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	return c.JSON(http.StatusOK, document)
}

func (s *server) getStyles(c echo.Context) error {
	list := []map[string]any{}
	add := func(id, title string) {
		list = append(list, map[string]any{"id": id, "title": title, "links": []link{
			{Href: s.path(c, "styles", id), Rel: "stylesheet", Type: mediaJSON, Title: title},
		}})
	}
	add(tiles.OverviewID, "All collections")
	for _, one := range s.tiled() {
		add(one.ID, one.Title)
	}
	return s.fixed(c, map[string]any{"default": tiles.OverviewID, "styles": list, "links": []link{{Href: s.self(c), Rel: "self", Type: mediaJSON}}})
}

func (s *server) getStyle(c echo.Context) error {
	chosen, err := negotiate(c, formStyle)
	if err != nil {
		return err
	}
	style, err := s.style(c, param(c, "styleId"))
	if err != nil {
		return err
	}
	style.Glyphs = s.glyphs(c)
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	return c.JSON(http.StatusOK, style)
}

func (s *server) style(c echo.Context, id string) (tiles.Style, error) {
	if id == tiles.OverviewID {
		return tiles.Overview(s.tiled(), s.path(c, "tiles", spatial.WebMercatorQuad().ID)+"?f=tilejson"), nil
	}
	if one, ok := s.collectionByID(id); ok {
		if style, ok := tiles.CollectionStyle(one, s.path(c, "collections", id, "tiles", spatial.WebMercatorQuad().ID)+"?f=tilejson"); ok {
			return style, nil
		}
	}
	return tiles.Style{}, spatial.Errorf(spatial.NotFound, "There is no style %q; /styles lists them.", clip(id))
}
