package osm

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// cutter serves a file and cuts every answer after some bytes.
type cutter struct {
	data    atomic.Pointer[[]byte]
	etag    atomic.Pointer[string]
	cut     int
	asked   atomic.Int32
	resumed atomic.Int32
}

func newCutter(data []byte, etag string, cut int) *cutter {
	c := &cutter{cut: cut}
	c.serve(data, etag)
	return c
}

func (c *cutter) serve(data []byte, etag string) { c.data.Store(&data); c.etag.Store(&etag) }

func (c *cutter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.asked.Add(1)
	if r.Header.Get("Range") != "" {
		c.resumed.Add(1)
	}
	w.Header().Set("ETag", *c.etag.Load())
	http.ServeContent(&cutWriter{w, c.cut}, r, "", time.Time{}, bytes.NewReader(*c.data.Load()))
}

type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(b []byte) (int, error) {
	if len(b) >= w.left {
		w.ResponseWriter.Write(b[:w.left])
		w.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	w.left -= len(b)
	return w.ResponseWriter.Write(b)
}

func someBytes(n int, seed byte) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7) ^ byte(i>>8) ^ seed
	}
	return b
}

func TestDownloadGoesOnWhereTheConnectionBroke(t *testing.T) {
	want := someBytes(100_000, 1)
	c := newCutter(want, `"v1"`, 30_000)
	server := httptest.NewServer(c)
	defer server.Close()
	var last Progress
	path, err := Download(context.Background(), server.URL+"/sichuan-latest.osm.pbf?x=1", t.TempDir(), func(p Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, want) || filepath.Base(path) != "sichuan-latest.osm.pbf" {
		t.Errorf("%s: %d bytes, %v", path, len(got), err)
	}
	if c.resumed.Load() != 3 || last != (Progress{PhaseDownload, 100_000, 100_000}) {
		t.Errorf("%d requests resumed, last progress %+v", c.resumed.Load(), last)
	}
	left, _ := filepath.Glob(filepath.Dir(path) + "/*")
	if len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestBaseNameCutsTheEndingsOfMaps(t *testing.T) {
	for file, want := range map[string]string{
		"sichuan-latest.osm.pbf": "sichuan-latest", "/maps/andorra.osm.gz": "andorra", "a.osm.bz2": "a", "b.osm": "b", "c.pbf": "c",
		"https://example.org/maps/x-1.osm.pbf?v=2": "x-1", "my.osmosis.osm.pbf": "my.osmosis", "roads.zip": "roads.zip", ".pbf": "", "x.gz": "x.gz",
	} {
		if got := BaseName(file); got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

func TestDownloadResumesAfterTheProgramEnded(t *testing.T) {
	want := someBytes(50_000, 1)
	c := newCutter(want, `"v1"`, 20_000)
	server := httptest.NewServer(c)
	defer server.Close()
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Download(ctx, server.URL+"/x.pbf", dir, func(p Progress) {
		if p.Done >= 10_000 {
			cancel()
		}
	})
	if err == nil {
		t.Fatal("a cancelled download succeeded")
	}
	part, err := os.Stat(filepath.Join(dir, "x.pbf.part"))
	if err != nil || part.Size() == 0 {
		t.Fatalf("nothing kept: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "x.pbf")); err == nil {
		t.Fatal("an unfinished file lies under its final name")
	}
	path, err := Download(context.Background(), server.URL+"/x.pbf", dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, want) || c.resumed.Load() == 0 {
		t.Errorf("%d bytes, %d resumed", len(got), c.resumed.Load())
	}
}

func TestDownloadStartsAnewWhenTheFileChanged(t *testing.T) {
	c := newCutter(someBytes(50_000, 1), `"v1"`, 20_000)
	want := someBytes(60_000, 2)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.asked.Load() == 1 {
			c.serve(want, `"v2"`)
		}
		c.ServeHTTP(w, r)
	}))
	defer server.Close()
	path, err := Download(context.Background(), server.URL+"/x.pbf", t.TempDir(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, want) {
		t.Errorf("%d bytes are not those of the second version", len(got))
	}
}

func TestDownloadGivesUpAndSaysWhy(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/missing.pbf":
			http.NotFound(w, r)
		case "/busy.pbf":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/shifted.pbf":
			w.Header().Set("Content-Range", "bytes 5-9/10")
			w.WriteHeader(http.StatusPartialContent)
		}
	}))
	defer server.Close()
	for address, want := range map[string]string{
		server.URL + "/missing.pbf": "404",
		server.URL + "/busy.pbf":    "given up after 5 tries",
		server.URL + "/shifted.pbf": "Content-Range",
		server.URL + "/roads.zip":   ".pbf",
		server.URL + "/":            ".pbf",
		server.URL + "/.pbf":        ".pbf",
		"ftp://example.org/x.pbf":   "http or https",
		"https:///x.pbf":            "http or https",
		"::":                        "http or https",
	} {
		if _, err := Download(context.Background(), address, t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", address, err, want)
		}
	}
}
