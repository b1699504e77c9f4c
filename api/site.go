package api

import (
	"io/fs"
	"mime"
	"net/http"
	"path"

	"github.com/labstack/echo/v4"
)

// site is the map page: index.html answers at "/", its assets beside it and
// under /app/. Files are read once, since they are embedded in the program.
type site struct {
	index *siteFile
	files []siteFile
}

type siteFile struct {
	name, media, tag string
	body             []byte
}

// mapPagePolicy lets the page draw with workers made from blobs and read maps
// of hosts that the operator configures, and run no script but its own.
const mapPagePolicy = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; child-src blob:; style-src 'self' 'unsafe-inline'; img-src * data: blob:; connect-src *; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"

// newSite reads the files; a page that cannot be read is a fault of the build.
func newSite(page fs.FS) *site {
	s := &site{}
	if page == nil {
		return s
	}
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(page, name)
		if err != nil {
			return err
		}
		file := siteFile{name: name, media: mediaByName(name), tag: `"` + digest(string(body)) + `"`, body: body}
		if name == "index.html" {
			s.index = &file
		}
		s.files = append(s.files, file)
		return nil
	})
	if err != nil {
		panic("api: the map page cannot be read: " + err.Error())
	}
	return s
}

func mediaByName(name string) string {
	if media := mime.TypeByExtension(path.Ext(name)); media != "" {
		return media
	}
	return "application/octet-stream"
}

func (s *server) serveFile(file siteFile) echo.HandlerFunc {
	return func(c echo.Context) error { return s.writeFile(c, file) }
}

func (s *server) writeFile(c echo.Context, file siteFile) error {
	h := c.Response().Header()
	h.Set("Vary", "Accept, Accept-Encoding")
	if same, err := s.tagged(c, codedTag(c, file.tag)); same {
		return err
	}
	if file.media == mediaHTML || path.Ext(file.name) == ".html" {
		h.Set("Content-Security-Policy", mapPagePolicy)
	}
	return c.Blob(http.StatusOK, file.media, file.body)
}

// codedTag tells the compressed forms of one body apart, as strong tags must.
func codedTag(c echo.Context, tag string) string {
	if e := encodingFor(c.Request()); e != "" {
		return tag[:len(tag)-1] + "-" + string(e) + `"`
	}
	return tag
}
