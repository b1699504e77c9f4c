package api

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"quanyu/spatial"
)

// glyphRange is a file of 256 letters, as MapLibre asks for it.
var glyphRange = regexp.MustCompile(`^[0-9]{1,7}-[0-9]{1,7}\.pbf$`)

// getGlyphs answers letters of the first font of a stack that the operator's
// folder has: a folder a font, in it files such as 0-255.pbf. A name that is no
// plain one reaches no file: fs.FS knows no way out of its root.
func (s *server) getGlyphs(c echo.Context) error {
	stack, file := param(c, "fontstack"), param(c, "range")
	if s.cfg.Fonts != nil && glyphRange.MatchString(file) {
		for _, font := range strings.Split(stack, ",") {
			font = strings.TrimSpace(font)
			if strings.ContainsAny(font, `/\`) || !fs.ValidPath(font) || font == "." {
				continue
			}
			letters, err := fs.ReadFile(s.cfg.Fonts, font+"/"+file)
			if err != nil {
				continue
			}
			c.Response().Header().Set("Cache-Control", "public, max-age=86400")
			return c.Blob(http.StatusOK, mediaGlyphs, letters)
		}
	}
	return spatial.Errorf(spatial.NotFound, "There are no letters %s of %s.", clip(file), clip(stack))
}

const mediaGlyphs = "application/x-protobuf"

// glyphs is the address of letters that styles name, "" where browsers draw them
// from the fonts of their machine.
func (s *server) glyphs(c echo.Context) string {
	if s.cfg.Fonts == nil {
		return ""
	}
	return s.path(c, "fonts") + "/{fontstack}/{range}.pbf"
}
