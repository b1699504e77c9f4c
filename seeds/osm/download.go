package osm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Bounds of a download.
const (
	downloadTries = 5         // in a row without a byte gained
	maxDownload   = 200 << 30 // bytes; the whole planet is less than half of it
)

// errRetry marks a fault of the connection after which it is worth going on.
var errRetry = errors.New("the connection broke")

// Download fetches the extract at an http or https address into dir and gives
// the path of the finished file, named as in the address. A download that was
// cut goes on where it stopped, also after the program was ended: the bytes so
// far wait in NAME.part, the version they belong to (ETag or Last-Modified) in
// NAME.part.version. When the server has another version by now, it starts
// anew. The file is moved into place only when it is complete.
func Download(ctx context.Context, address, dir string, progress func(Progress)) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", fmt.Errorf("%q is not an http or https address", address)
	}
	name := path.Base(u.Path)
	if base := BaseName(name); base == name || base == "" {
		return "", fmt.Errorf("%s: the path does not end in the name of a map file, with one of the endings %s", u.Redacted(), strings.Join(endings, ", "))
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	d := &download{address: address, shown: u.Redacted(), part: filepath.Join(dir, name+".part"), progress: progress,
		client: &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}}
	defer d.client.CloseIdleConnections()
	if err := d.run(ctx); err != nil {
		return "", err
	}
	final := filepath.Join(dir, name)
	if err := os.Rename(d.part, final); err != nil {
		return "", err
	}
	return final, os.Remove(d.part + ".version")
}

// endings are those of the files that are read, longer ones first.
var endings = []string{".osm.pbf", ".osm.gz", ".osm.bz2", ".pbf", ".osm"}

// BaseName is the name of a map file without its folder, a query behind it and
// its endings. It is the file's own name where that is no map's.
func BaseName(file string) string {
	if u, err := url.Parse(file); err == nil && u.Host != "" {
		file = u.Path
	}
	name := path.Base(filepath.ToSlash(file))
	for _, e := range endings {
		if base, found := strings.CutSuffix(name, e); found {
			return base
		}
	}
	return name
}

type download struct {
	address, shown, part string
	progress             func(Progress)
	client               *http.Client
	done, total          int64 // total is 0 when not known
}

// run fetches until the file is complete or nothing more is gained.
func (d *download) run(ctx context.Context) error {
	for tries := 0; ; {
		before := d.done
		err := d.once(ctx)
		if err == nil || !errors.Is(err, errRetry) {
			return err
		}
		if tries++; d.done > before {
			tries = 1
		}
		if tries >= downloadTries {
			return fmt.Errorf("%s: given up after %d tries at byte %d; the same command goes on from there: %w", d.shown, tries, d.done, err)
		}
		select {
		case <-time.After(time.Duration(tries*tries) * 100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
