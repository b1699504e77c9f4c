// Command bundle makes the map page: `go run ./web/bundle` from the root of
// the repository turns web/src and the packages that npm fetched into a few
// minified files in web/dist, which package web embeds. esbuild runs as a Go
// library, so no version of Node is asked for.
package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// maplibre is where npm puts the map library.
const maplibre = "node_modules/maplibre-gl"

func main() {
	if err := build("web", filepath.Join("web", "dist")); err != nil {
		fmt.Fprintln(os.Stderr, "web/bundle:", err)
		os.Exit(1)
	}
}

// build bundles the page of room into out.
func build(room, out string) error {
	if _, err := os.Stat(filepath.Join(room, maplibre)); err != nil {
		return fmt.Errorf("%s is missing: run `npm ci` in %s first (`make page` does both)", maplibre, room)
	}
	files, err := bundle(room)
	if err != nil {
		return err
	}
	// The worker is a file of its own and already minified: the build of the
	// library for strict content security policies loads it by address.
	for name, from := range map[string]string{
		"worker.js":    filepath.Join(maplibre, "dist", "maplibre-gl-csp-worker.js"),
		"licences.txt": filepath.Join(maplibre, "LICENSE.txt"),
		"index.html":   "index.html",
	} {
		if files[name], err = os.ReadFile(filepath.Join(room, from)); err != nil {
			return err
		}
	}
	files["worker.js"] = dropSourceMap(files["worker.js"])
	return write(out, files)
}

// bundle runs esbuild and gives its files by base name.
func bundle(room string) (map[string][]byte, error) {
	directory, err := filepath.Abs(room)
	if err != nil {
		return nil, err
	}
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:       directory,
		EntryPointsAdvanced: []api.EntryPoint{{InputPath: "src/main.ts", OutputPath: "app"}},
		Outdir:              "dist",
		Bundle:              true,
		MinifySyntax:        true,
		MinifyWhitespace:    true,
		MinifyIdentifiers:   true,
		Charset:             api.CharsetUTF8,
		LegalComments:       api.LegalCommentsEndOfFile,
		Target:              api.ES2022,
		Format:              api.FormatIIFE,
		Alias:               map[string]string{"maplibre-gl": "./" + maplibre + "/dist/maplibre-gl-csp.js"},
		LogLevel:            api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return nil, fmt.Errorf("%d errors in the sources of the page", len(result.Errors))
	}
	files := map[string][]byte{}
	for _, file := range result.OutputFiles {
		files[filepath.Base(file.Path)] = file.Contents
	}
	return files, nil
}

// dropSourceMap removes the reference to a source map that is not shipped.
func dropSourceMap(script []byte) []byte {
	if at := bytes.LastIndex(script, []byte("//# sourceMappingURL=")); at >= 0 {
		return script[:at]
	}
	return script
}

// write puts the files into out; index.html comes last, since make takes it
// for the sign that the page is complete.
func write(out string, files map[string][]byte) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, content := range files {
		if name == "index.html" {
			continue
		}
		if err := os.WriteFile(filepath.Join(out, name), content, 0o644); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(out, "index.html"), files["index.html"], 0o644)
}
