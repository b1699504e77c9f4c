package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

// getTileMatrixSets lists the grids that tiles come in. Each is linked as
// self, as the standard has it, and as item, which the OGC's suite looks for.
func (s *server) getTileMatrixSets(c echo.Context) error {
	list := []map[string]any{}
	var shown []link
	for _, grid := range spatial.Grids() {
		set := tiles.NewMatrixSet(grid)
		at := s.path(c, "tileMatrixSets", set.ID)
		list = append(list, map[string]any{
			"id": set.ID, "title": set.Title, "uri": set.URI, "crs": set.CRS,
			"links": []link{
				{Href: at, Rel: "self", Type: mediaJSON, Title: set.Title},
				{Href: at, Rel: "item", Type: mediaJSON, Title: set.Title},
				{Href: at + "?f=html", Rel: "alternate", Type: mediaHTML, Title: set.Title + " as html"},
			},
		})
		shown = append(shown, link{Href: at + "?f=html", Rel: "item", Type: set.CRS, Title: set.Title})
	}
	page := view{Title: "Tile matrix sets", TitleZH: "瓦片矩阵集", Crumbs: s.crumbs(c, "tileMatrixSets", "Tile matrix sets 瓦片矩阵集"),
		Body: map[string]any{"About": "The grids that tiles come in.", "Links": shown}}
	return s.fixed(c, "links.html", page, func(links []link) any { return map[string]any{"tileMatrixSets": list, "links": links} })
}

// matrixSetDocument is a tile matrix set with links to its other form.
type matrixSetDocument struct {
	tiles.MatrixSet
	Links []link `json:"links"`
}

func (s *server) getTileMatrixSet(c echo.Context) error {
	grid, err := knownGrid(c)
	if err != nil {
		return err
	}
	set := tiles.NewMatrixSet(grid)
	page := view{Title: set.Title, Crumbs: s.crumbs(c, "tileMatrixSets", "Tile matrix sets 瓦片矩阵集", set.ID, set.Title), Body: set}
	return s.fixed(c, "matrices.html", page, func(links []link) any { return matrixSetDocument{set, links} })
}

// fixed answers with a document that changes only with the program, or with
// its page.
func (s *server) fixed(c echo.Context, template string, page view, document func([]link) any) error {
	chosen, err := negotiate(c, formJSON, formHTML)
	if err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false); same || err != nil {
		return err
	}
	links := s.selfLinks(c, chosen, formJSON, formHTML)
	if chosen.name == formHTML.name {
		page.Links = links
		return s.html(c, template, page)
	}
	return c.JSON(http.StatusOK, document(links))
}
