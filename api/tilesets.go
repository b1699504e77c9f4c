package api

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
	"quanyu/tiles"
)

// tiled lists the collections that have tiles.
func (s *server) tiled() []spatial.Collection {
	return slices.DeleteFunc(slices.Clone(s.cfg.Collections), func(one spatial.Collection) bool { return one.Tiles == nil })
}

// rangeOf tells which tiles of a grid a set of collections has: none further
// out than their data. While none of them has data, the whole grid is theirs.
func (s *server) rangeOf(ctx context.Context, grid spatial.Grid, collections []spatial.Collection) (tiles.Range, error) {
	r, _ := tiles.RangeOf(grid, collections)
	for _, one := range collections {
		e, err := s.extentOf(ctx, one)
		if err != nil {
			return r, err
		}
		if e.known {
			r.Include(e.bound)
		}
	}
	return r, nil
}

// tileSubject is what a tile path is about: one collection, or several.
type tileSubject struct {
	name, title string
	collections []spatial.Collection
	at          []string // path segments before /tiles
	selection   string   // value of the parameter collections, "" when there was none
}

// subject reads the collection of the path, or the parameter collections of
// the dataset's own tiles; absent it means all. Order and repeats do not
// matter, so that one tile has one place in the cache.
func (s *server) subject(c echo.Context, q *query) (tileSubject, error) {
	if param(c, "collectionId") != "" {
		one, err := s.collection(c)
		if err == nil && one.Tiles == nil {
			err = spatial.Errorf(spatial.NotFound, "Collection %q has no tiles: its features have no geometry.", one.ID)
		}
		return tileSubject{name: one.ID, title: one.Title, collections: []spatial.Collection{one}, at: []string{"collections", one.ID}}, err
	}
	subject := tileSubject{name: "all", title: "All collections", collections: s.tiled()}
	text, ok := q.get("collections")
	if !ok {
		return subject, nil
	}
	wanted := strings.Split(text, ",")
	all := s.tiled()
	var known []string
	for _, one := range all {
		known = append(known, one.ID)
	}
	for _, id := range slices.Compact(slices.Sorted(slices.Values(wanted))) {
		one, ok, err := s.resultCollection(c, id)
		if err != nil {
			return subject, err
		}
		if ok && one.Tiles != nil {
			all = append(all, one)
		} else if !slices.Contains(known, id) {
			q.fault("collections", "\""+clip(id)+"\" is not a collection with tiles", known)
		}
	}
	subject.collections = slices.DeleteFunc(all, func(one spatial.Collection) bool { return !slices.Contains(wanted, one.ID) })
	var ids []string
	for _, one := range subject.collections {
		ids = append(ids, one.ID)
	}
	subject.selection = strings.Join(ids, ",")
	subject.name, subject.title = subject.selection, "Collections "+subject.selection
	return subject, nil
}

// knownGrid finds the tile matrix set that the path names.
func knownGrid(c echo.Context) (spatial.Grid, error) {
	id := param(c, "tileMatrixSetId")
	grid, ok := spatial.GridByID(id)
	if !ok {
		return grid, spatial.Errorf(spatial.NotFound, "There is no tile matrix set %q; /tileMatrixSets lists them.", clip(id))
	}
	return grid, nil
}

// getTilesets lists the tilesets of a subject: one for each grid.
func (s *server) getTilesets(c echo.Context) error {
	return s.tilesetPage(c, spatial.Grids(), []form{formTileset, formHTML}, func(subject tileSubject, ranges []tiles.Range, chosen form, links []link) error {
		list := []tiles.Tileset{}
		for _, r := range ranges {
			// The OGC's suite gets each link of an entry and wants JSON, so the
			// template of the tiles is in the tileset's own document alone.
			list = append(list, tiles.NewTileset(subject.title, nil, r, s.tilesetLinks(c, r.Grid, subject)))
		}
		if chosen.name == formHTML.name {
			return s.html(c, "tilesets.html", view{Title: subject.title + ": tilesets", TitleZH: "瓦片集", Links: links, Body: list, Crumbs: s.tileCrumbs(c, subject)})
		}
		return c.JSON(http.StatusOK, map[string]any{"links": links, "tilesets": list})
	})
}

// tileCrumbs lead to the tilesets of a subject.
func (s *server) tileCrumbs(c echo.Context, subject tileSubject) []crumb {
	if len(subject.at) == 0 {
		return s.crumbs(c, "tiles", "Tilesets 瓦片集")
	}
	return s.crumbs(c, "collections", "Collections 数据集合", subject.name, subject.title, "tiles", "Tilesets 瓦片集")
}

// getTileset describes one tileset, in the OGC's form or, as that knows no
// other grid than Web Mercator, as TileJSON.
func (s *server) getTileset(c echo.Context) error {
	grid, err := knownGrid(c)
	if err != nil {
		return err
	}
	return s.tilesetPage(c, []spatial.Grid{grid}, tilesetForms(grid), func(subject tileSubject, ranges []tiles.Range, chosen form, links []link) error {
		item := link{Href: s.tileTemplate(c, grid, subject, "{tileMatrix}/{tileRow}/{tileCol}"), Rel: "item", Type: tiles.MediaType, Title: "Tiles", Templated: true}
		set := tiles.NewTileset(subject.title, subject.collections, ranges[0], append(s.tilesetLinks(c, grid, subject), item))
		switch chosen.name {
		case formTileJSON.name:
			return c.JSON(http.StatusOK, tiles.Describe(subject.name, subject.collections, ranges[0], s.tileTemplate(c, grid, subject, "{z}/{y}/{x}"), s.cfg.attribution()))
		case formHTML.name:
			body := map[string]any{"Set": set, "Template": item.Href}
			return s.html(c, "tileset.html", view{Title: subject.title + ": " + grid.ID, TitleZH: "瓦片集", Links: links, Body: body, Crumbs: s.tileCrumbs(c, subject)})
		}
		return c.JSON(http.StatusOK, set)
	})
}

// tilesetForms are those that a tileset of a grid has.
func tilesetForms(grid spatial.Grid) []form {
	if grid == spatial.WebMercatorQuad() {
		return []form{formTileset, formTileJSON, formHTML}
	}
	return []form{formTileset, formHTML}
}

func (s *server) tilesetPage(c echo.Context, grids []spatial.Grid, offers []form, write func(tileSubject, []tiles.Range, form, []link) error) error {
	chosen, err := negotiate(c, offers...)
	if err != nil {
		return err
	}
	q := newQuery(c)
	subject, err := s.subject(c, q)
	if err := spatial.JoinFaults(append(q.errs, err)...); err != nil {
		return err
	}
	if same, err := s.unchanged(c, chosen, false, s.dataKey(subject.collections...)); same || err != nil {
		return err
	}
	var ranges []tiles.Range
	for _, grid := range grids {
		r, err := s.rangeOf(c.Request().Context(), grid, subject.collections)
		if err != nil {
			return err
		}
		ranges = append(ranges, r)
	}
	return write(subject, ranges, chosen, s.selfLinks(c, chosen, offers...))
}

// tileTemplate is the address of a tile with its variables left open. It
// holds no data version, so that a map left open goes on working.
func (s *server) tileTemplate(c echo.Context, grid spatial.Grid, subject tileSubject, variables string) string {
	address := s.path(c, append(subject.at, "tiles", grid.ID)...) + "/" + variables
	if subject.selection != "" {
		address += "?collections=" + subject.selection
	}
	return address
}

func (s *server) tilesetLinks(c echo.Context, grid spatial.Grid, subject tileSubject) []link {
	self := s.path(c, append(subject.at, "tiles", grid.ID)...)
	mark, and := "", "?"
	if subject.selection != "" {
		mark, and = "?collections="+subject.selection, "&"
	}
	links := []link{
		{Href: self + mark, Rel: "self", Type: mediaJSON, Title: "This tileset"},
		{Href: s.path(c, "tileMatrixSets", grid.ID), Rel: relOGC + "tiling-scheme", Type: mediaJSON, Title: "Tile matrix set"},
	}
	if slices.ContainsFunc(tilesetForms(grid), func(f form) bool { return f.name == formTileJSON.name }) {
		links = append(links, link{Href: self + mark + and + "f=tilejson", Rel: "alternate", Type: mediaJSON, Title: "This tileset as TileJSON"})
	}
	for _, one := range subject.collections {
		links = append(links, link{Href: s.path(c, "collections", one.ID), Rel: relOGC + "geodata", Type: mediaJSON, Title: one.Title})
	}
	return links
}

// getTile answers one tile: 404 outside the tileset, no bytes where it is
// empty.
func (s *server) getTile(c echo.Context) error {
	grid, err := knownGrid(c)
	if err != nil {
		return err
	}
	chosen, err := negotiate(c, formMVT)
	if err != nil {
		return err
	}
	q := newQuery(c)
	q.get("f")
	subject, err := s.subject(c, q)
	if err := spatial.JoinFaults(q.finish(), err); err != nil {
		return err
	}
	address, err := tiles.ParseAddress(grid, param(c, "tileMatrix"), param(c, "tileRow"), param(c, "tileCol"))
	if err != nil {
		return err
	}
	// Who names the tag of a tile was given the tile, so it is answered before
	// the limits, which cost a query after each write, are asked for. "*" names
	// nothing.
	version := s.cfg.Tiles.TileVersion(grid, subject.collections, address.Z, address.X, address.Y)
	tag := s.tag(c, chosen, false, version+"@"+s.today())
	if c.Request().Header.Get("If-None-Match") != "*" {
		if same, err := s.tagged(c, tag); same || err != nil {
			return err
		}
	}
	r, err := s.rangeOf(c.Request().Context(), grid, subject.collections)
	if err != nil {
		return err
	}
	if !r.Contains(address) {
		return spatial.Errorf(spatial.NotFound, "The tileset does not reach tile %d/%d/%d; its tileMatrixSetLimits say which tiles it has.", address.Z, address.Y, address.X)
	}
	if same, err := s.tagged(c, tag); same || err != nil {
		return err
	}
	return s.writeTile(c, subject, address, version)
}

// writeTile writes the tile in the version that its tag was made of.
func (s *server) writeTile(c echo.Context, subject tileSubject, address tiles.Address, version string) error {
	hidden := func(one spatial.Collection) bool { return !one.Tiles.In(address.Grid, address.Z) }
	shown := subject.collections
	if slices.ContainsFunc(shown, hidden) {
		shown = slices.DeleteFunc(slices.Clone(shown), hidden)
		version = "" // of more collections than are shown
	}
	encoding := encodingFor(c.Request())
	body, outcome, err := s.cache.Tile(c.Request().Context(), tiles.Request{
		Collections: shown, Address: address, Scope: sightOf(c), Day: s.today(), Encoding: encoding, Version: version,
	})
	s.metrics.tiles.WithLabelValues(string(outcome)).Inc()
	if err != nil {
		return err
	}
	if encoding != tiles.Identity && len(body) > 0 {
		c.Response().Header().Set("Content-Encoding", string(encoding))
	}
	c.Response().Header().Set("Content-Length", strconv.Itoa(len(body))) // or a long one goes out in chunks
	return c.Blob(http.StatusOK, tiles.MediaType, body)
}
