// Package web holds the map page: TypeScript sources under src, bundled by
// `go run ./web/bundle` into dist and embedded here. npm only fetches the one
// run-time dependency; no outside host is needed when the page runs.
package web

import (
	"embed"
	"io/fs"
)

// The committed placeholder lets the package build before the page is.
//
//go:embed all:dist
var dist embed.FS

// Page is the built page: index.html, app.js, app.css, worker.js and
// licences.txt at the root. The bool is false when the page was not built
// (`make build` does it) and only the placeholder is there.
func Page() (fs.FS, bool) {
	page, err := fs.Sub(dist, "dist")
	if err != nil { // cannot be: "dist" is a valid path
		panic(err)
	}
	_, err = fs.Stat(page, "index.html")
	return page, err == nil
}
