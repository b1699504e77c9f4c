package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"time"

	"quanyu/spatial"
)

// exports measures the reading of whole collections, page after page, beside
// COPY of the same features by psql; and what the server holds while more than
// a million features pass through it.
func (b *bench) exports(ctx context.Context) error {
	fmt.Fprint(b.out, "\n| whole collection | features | MB | seconds | features/s | of psql's COPY | server MiB, before, after and peak |\n|---|---|---|---|---|---|---|\n")
	for _, k := range b.kinds() {
		plain, err := b.copied(ctx, k)
		if err != nil {
			return err
		}
		fmt.Fprintf(b.out, "| %s, psql's COPY of ST_AsGeoJSON | %s | | %.2f | %s | | |\n", k.name, thousands(k.count), plain.Seconds(), thousands(int(float64(k.count)/plain.Seconds())))
		if err := b.export(ctx, k, "geojson", 1, plain); err != nil {
			return err
		}
	}
	points := b.kinds()[1]
	if err := b.export(ctx, points, "csv", 1, 0); err != nil {
		return err
	}
	return b.export(ctx, points, "geojson", (1_000_000+points.count-1)/points.count, 0)
}

// export pages through a collection so many times.
func (b *bench) export(ctx context.Context, k rows, form string, times int, plain time.Duration) error {
	before, _ := b.cold.memory()
	b.cold.resetPeak()
	start, pages, size := time.Now(), 0, 0
	for range times {
		for next := fmt.Sprintf("%s/collections/%s/items?limit=10000&f=%s", b.cold.base, k.collection, form); next != ""; pages++ {
			following, n, err := readPage(ctx, next)
			if err != nil {
				return err
			}
			next, size = following, size+n
		}
	}
	took, count := time.Since(start).Seconds(), k.count*times
	now, peak := b.cold.memory()
	share := ""
	if plain > 0 {
		share = fmt.Sprintf("%.2f", plain.Seconds()/took)
	}
	fmt.Fprintf(b.out, "| %s, quanyu, %s, %d pages | %s | %s | %.2f | %s | %s | %d, %d, %d |\n", k.name, form, pages, thousands(count), thousands(size/1_000_000), took,
		thousands(int(float64(count)/took)), share, before, now, peak)
	return nil
}

// copied times what the database and its own client make of the collection.
func (b *bench) copied(ctx context.Context, k rows) (time.Duration, error) {
	c, _ := spatial.CollectionByID(k.collection)
	columns := ""
	for _, p := range c.All() {
		columns += "t." + p.ColumnName() + ", "
	}
	sql := fmt.Sprintf("COPY (SELECT ST_AsGeoJSON(r.*, 'geom', 7) FROM (SELECT %st.geom FROM %s t ORDER BY t.id) r) TO STDOUT", columns, c.Table())
	start := time.Now()
	cmd := exec.CommandContext(ctx, "psql", "-q", "-c", sql, b.cluster.URL())
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.Discard, &said
	if err := cmd.Run(); err != nil {
		return 0, fmt.Errorf("psql: %w: %s", err, said.Bytes())
	}
	return time.Since(start), nil
}

var nextInHeader = regexp.MustCompile(`<([^>]*)>; rel="next"`)

// readPage reads a page to its end without keeping it, and finds the link to
// the next one: in a header of CSV, at the end of GeoJSON.
func readPage(ctx context.Context, address string) (next string, size int, err error) {
	response, err := get(ctx, address)
	if err != nil {
		return "", 0, err
	}
	defer response.Body.Close()
	tail, buffer := []byte{}, make([]byte, 64<<10)
	for {
		n, err := response.Body.Read(buffer)
		size += n
		tail = append(tail, buffer[:n]...)
		tail = tail[max(0, len(tail)-len(buffer)):]
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", size, err
		}
	}
	for _, header := range response.Header.Values("Link") {
		if m := nextInHeader.FindStringSubmatch(header); m != nil {
			return m[1], size, nil
		}
	}
	return nextInBody(tail), size, nil
}

func nextInBody(tail []byte) string {
	at := bytes.LastIndex(tail, []byte(`"links":[`))
	if at < 0 {
		return ""
	}
	var links []struct{ Href, Rel string }
	if err := json.NewDecoder(bytes.NewReader(tail[at+len(`"links":`):])).Decode(&links); err != nil {
		return ""
	}
	for _, l := range links {
		if l.Rel == "next" {
			return l.Href
		}
	}
	return ""
}
