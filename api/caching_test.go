package api_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func TestUnchangedDataIsNotReadAgain(t *testing.T) {
	s := newStore(3)
	now := noon
	cfg := config(s)
	cfg.Now = func() time.Time { return now }
	c := serve(t, cfg)
	for _, path := range []string{"/", "/collections", "/collections/seats", "/collections/seats/items", "/collections/seats/items?f=csv", "/collections/seats/tiles/WebMercatorQuad/0/0/0", "/tiles/WebMercatorQuad?f=tilejson", "/styles/overview", "/processes/sum"} {
		first := c.get(path).want(t, 200)
		tag := first.header.Get("ETag")
		before := s.queries
		again := c.get(path, "If-None-Match", `"other", `+tag).want(t, 304)
		if s.queries != before {
			t.Errorf("%s: a 304 cost a query", path)
		}
		for _, name := range []string{"ETag", "Cache-Control", "Vary"} {
			if again.header.Get(name) != first.header.Get(name) || again.header.Get(name) == "" {
				t.Errorf("%s: %s is %q in the 304 and %q in the 200", path, name, again.header.Get(name), first.header.Get(name))
			}
		}
		if html := c.get(path, "Accept", "text/html,*/*;q=0.1", "If-None-Match", tag); html.status == 304 && strings.Contains(html.header.Get("Content-Type"), "html") {
			t.Errorf("%s: another form has the same tag", path)
		}
		c.get(path, "If-None-Match", tag, "Accept-Encoding", "gzip").want(t, 200)
	}
	const path = "/collections/seats/items"
	tag := c.get(path).header.Get("ETag")
	if !strings.HasPrefix(tag, `W/"`) {
		t.Errorf("tag %s is strong though timeStamp differs from answer to answer", tag)
	}
	now = now.Add(5 * time.Hour) // past midnight in UTC+8, though not in UTC
	c.get(path, "If-None-Match", tag).want(t, 200)
	tag = c.get(path).header.Get("ETag")
	s.version++
	c.get(path, "If-None-Match", tag).want(t, 200)
}

func TestBodiesAreCompressedOnlyWhenAsked(t *testing.T) {
	c := serve(t, config(newStore(50)))
	for _, path := range []string{"/collections/seats/items", "/collections/seats/tiles/WebMercatorQuad/0/0/0", "/app.js", "/collections?f=html"} {
		plain := c.get(path).want(t, 200)
		for accept, want := range map[string]string{
			"gzip": "gzip", "zstd": "zstd", "gzip, zstd, br": "zstd", "gzip;q=1, zstd;q=0.5": "gzip", "zstd;q=0, gzip": "gzip", "br": "", "identity": "", "gzip;q=0": "", "*": "gzip",
		} {
			a := c.get(path, "Accept-Encoding", accept).want(t, 200)
			if got := a.header.Get("Content-Encoding"); got != want {
				t.Errorf("%s: Accept-Encoding %q gives %q, want %q", path, accept, got, want)
				continue
			}
			if got := decode(t, want, a.body); !bytes.Equal(got, plain.body) {
				t.Errorf("%s as %q has %d bytes, plain %d", path, want, len(got), len(plain.body))
			}
			if want != "" && len(a.body) >= len(plain.body) {
				t.Errorf("%s: %d bytes compressed, %d plain", path, len(a.body), len(plain.body))
			}
		}
	}
}

func decode(t *testing.T, encoding string, body []byte) []byte {
	t.Helper()
	switch encoding {
	case "gzip":
		r, err := gzip.NewReader(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return out
	case "zstd":
		r, err := zstd.NewReader(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		out, err := r.DecodeAll(body, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	return body
}

func TestTilesAreMadeOnceAndEmptyOnesHaveNoBytes(t *testing.T) {
	s := newStore(3)
	c := serve(t, config(s))
	a := c.get("/collections/seats/tiles/WebMercatorQuad/5/13/25").want(t, 200)
	if a.header.Get("Content-Type") != "application/vnd.mapbox-vector-tile" || !strings.HasPrefix(string(a.body), "tile 5 25 13 ") {
		t.Errorf("row before column: %v %.40s", a.header, a.body)
	}
	before := s.queries
	c.get("/collections/seats/tiles/WebMercatorQuad/5/13/25").want(t, 200)
	c.get("/tiles/WebMercatorQuad/5/13/25?collections=seats").want(t, 200)
	if s.queries != before {
		t.Errorf("%d queries for a tile in the cache", s.queries-before)
	}
	c.get("/tiles/WebMercatorQuad/5/13/25?collections=seats,roads").want(t, 200)
	c.get("/tiles/WebMercatorQuad/5/13/25?collections=roads,seats").want(t, 200)
	if s.queries != before+1 {
		t.Errorf("%d queries for one composite tile named in two orders", s.queries-before)
	}
	if empty := c.get("/collections/airports/tiles/WebMercatorQuad/5/13/25", "Accept-Encoding", "gzip").want(t, 200); len(empty.body) != 0 || empty.header.Get("Content-Encoding") != "" {
		t.Errorf("an empty tile has %d bytes and headers %v", len(empty.body), empty.header)
	}
	tag := a.header.Get("ETag")
	c.get("/collections/seats/tiles/WebMercatorQuad/5/13/25", "If-None-Match", tag).want(t, 304)
	metrics := string(c.get("/metrics").want(t, 200).body)
	for _, want := range []string{`quanyu_tiles_total{outcome="hit"} 3`, `quanyu_tiles_total{outcome="miss"} 3`, `quanyu_tiles_total{outcome="not_modified"} 1`, `quanyu_http_requests_total{method="GET",route="/collections/:collectionId/tiles/:tileMatrixSetId/:tileMatrix/:tileRow/:tileCol",status="200"} 3`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("metrics lack %s in\n%s", want, grep(metrics, "quanyu_"))
		}
	}
}

func grep(text, part string) string {
	var kept []string
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, part) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func TestTilesetTellsClientsWhatTheyNeed(t *testing.T) {
	c := serve(t, config(newStore(3)))
	set := c.get("/collections/seats/tiles/WebMercatorQuad").want(t, 200).json(t)
	if set["dataType"] != "vector" || !strings.Contains(rel(set, "item"), "{tileMatrix}/{tileRow}/{tileCol}") || rel(set, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme") == "" {
		t.Errorf("tileset %v", set["links"])
	}
	limits := set["tileMatrixSetLimits"].([]any)
	if len(limits) != 15 {
		t.Fatalf("%d limits for zooms 0 to 14", len(limits))
	}
	deep := limits[5].(map[string]any)
	if deep["tileMatrix"] != "5" || deep["minTileCol"] != 23.0 || deep["maxTileCol"] != 26.0 || deep["minTileRow"] != 10.0 || deep["maxTileRow"] != 14.0 {
		t.Errorf("limits at zoom 5: %v", deep)
	}
	tileJSON := c.get("/tiles/WebMercatorQuad?f=tilejson&collections=seats,airports").want(t, 200).json(t)
	template := tileJSON["tiles"].([]any)[0].(string)
	if want := c.base + "/tiles/WebMercatorQuad/{z}/{y}/{x}?collections=seats,airports"; template != want {
		t.Errorf("template %s, want %s", template, want)
	}
	if !strings.Contains(tileJSON["attribution"].(string), "无审图号") {
		t.Errorf("attribution %v does not say that this is no map for publication", tileJSON["attribution"])
	}
	c.get(strings.NewReplacer("{z}", "5", "{y}", "13", "{x}", "25").Replace(template)).want(t, 200)
}

func TestLinksLeadBackTheWayTheClientCame(t *testing.T) {
	self := func(c *client, headers ...string) string {
		return rel(c.get("/conformance", headers...).want(t, 200).json(t), "self")
	}
	plain := serve(t, config(newStore(1)))
	if got := self(plain, "X-Forwarded-Host", "evil.test", "X-Forwarded-Proto", "https"); got != plain.base+"/conformance" {
		t.Errorf("forwarded headers are believed unasked: %s", got)
	}
	proxied := config(newStore(1))
	proxied.TrustForwarded = true
	if got := self(serve(t, proxied), "X-Forwarded-Host", "map.test", "X-Forwarded-Proto", "https", "X-Forwarded-Prefix", "/quanyu/"); got != "https://map.test/quanyu/conformance" {
		t.Errorf("behind a proxy: %s", got)
	}
	if got := self(serve(t, proxied), "X-Forwarded-Host", `evil"><script>`); !strings.HasPrefix(got, "http://localhost") {
		t.Errorf("a forged host came back: %s", got)
	}
	public := config(newStore(1))
	public.PublicURL = "https://plan.test/base/"
	if got := rel(serve(t, public).get("/collections").want(t, 200).json(t), "self"); got != "https://plan.test/base/collections" {
		t.Errorf("with a public URL: %s", got)
	}
}
