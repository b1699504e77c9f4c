package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// pageRows is the size of the pages measured.
const pageRows = 1000

// rows is a kind of features whose pages and items are measured.
type rows struct {
	name, collection string
	count            int
	id               func(i int) string
	at               []orb.Point
	side             float64 // of a box asked for, degrees
}

func (b *bench) kinds() []rows {
	return []rows{
		{"counties", polygonsIn, b.options.counties, countyID, b.centers, 0.5},
		{"points", pointsIn, b.points, pointID, b.places, 0.2},
	}
}

// featureSQL selects what a page shows of a collection, as the features of
// GeoJSON. ST_AsGeoJSON of a row makes them one by one.
func featureSQL(c spatial.Collection, where string) string {
	var columns []string
	for _, p := range c.All() {
		columns = append(columns, "t."+p.ColumnName())
	}
	return fmt.Sprintf("SELECT string_agg(ST_AsGeoJSON(r.*, 'geom', 7), ',') FROM (SELECT %s, t.geom FROM %s t %s) r;\n", strings.Join(columns, ", "), c.Table(), where)
}

func (b *bench) pages(ctx context.Context) error {
	for _, k := range b.kinds() {
		c, _ := spatial.CollectionByID(k.collection)
		if err := b.walk(ctx, k, c); err != nil {
			return err
		}
		if err := b.boxes(ctx, k, c); err != nil {
			return err
		}
	}
	return nil
}

// walk measures pages at the places that a reader of the collection comes by.
func (b *bench) walk(ctx context.Context, k rows, c spatial.Collection) error {
	name, last := fmt.Sprintf("page of %d %s", pageRows, k.name), min(k.count/pageRows, 20)
	var paths []string
	path := fmt.Sprintf("/collections/%s/items?limit=%d", k.collection, pageRows)
	for range last {
		paths = append(paths, path)
		next, _, err := readPage(ctx, b.warm.base+path)
		if err != nil {
			return err
		}
		if next == "" {
			break
		}
		path = strings.TrimPrefix(next, b.warm.base)
	}
	script := fmt.Sprintf("\\set i random(0, %d)\n", len(paths)-1) +
		featureSQL(c, fmt.Sprintf("WHERE t.id > '%s-' || lpad(((:i * %d)::bigint - 1)::text, 6, '0') ORDER BY t.id LIMIT %d", strings.TrimSuffix(k.id(0), "-000000"), pageRows, pageRows))
	return b.beside(ctx, name, script, []contender{{"cold", b.cold, paths}})
}

// boxes measures what a map asks for.
func (b *bench) boxes(ctx context.Context, k rows, c spatial.Collection) error {
	name := fmt.Sprintf("%s in a box of %g degrees", k.name, k.side)
	random := rand.New(rand.NewPCG(b.seed, 5))
	var paths []string
	var boxes []orb.Bound
	for range tilesOfACase {
		at := k.at[random.IntN(len(k.at))]
		box := orb.Bound{Min: at, Max: at}.Pad(k.side / 2)
		boxes = append(boxes, box)
		paths = append(paths, fmt.Sprintf("/collections/%s/items?limit=%d&bbox=%.6f,%.6f,%.6f,%.6f", k.collection, pageRows, box.Min[0], box.Min[1], box.Max[0], box.Max[1]))
	}
	if err := b.ask(ctx, name, boxes, 4326); err != nil {
		return err
	}
	script := fmt.Sprintf("\\set i random(1, %d)\n", len(paths)) +
		featureSQL(c, fmt.Sprintf("JOIN asked b ON t.geom && b.tile WHERE b.name = '%s' AND b.i = :i LIMIT %d", name, pageRows))
	return b.beside(ctx, name, script, []contender{{"cold", b.cold, paths}})
}

// items measures single points by id: each time another, the same few kept in
// memory, and the same few asked for with the tag that the client has.
func (b *bench) items(ctx context.Context) error {
	k := b.kinds()[1]
	c, _ := spatial.CollectionByID(k.collection)
	random := rand.New(rand.NewPCG(b.seed, 6))
	var all []string
	for range 20_000 {
		all = append(all, fmt.Sprintf("/collections/%s/items/%s", k.collection, k.id(random.IntN(k.count))))
	}
	few, tagged := all[:1000], make([]string, 1000)
	for i, path := range few {
		tag, err := tagOf(ctx, b.warm.base+path)
		if err != nil {
			return err
		}
		tagged[i] = path + "\tIf-None-Match: " + tag
	}
	script := fmt.Sprintf("\\set i random(0, %d)\n", k.count-1) + featureSQL(c, "WHERE t.id = 'point-' || lpad(:i::text, 6, '0')")
	return b.beside(ctx, "one point by id", script, []contender{{"not cached", b.cold, all}, {"cached", b.warm, few}, {"304", b.warm, tagged}})
}

func tagOf(ctx context.Context, address string) (string, error) {
	response, err := get(ctx, address)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.Header.Get("ETag"), err
}

func get(ctx context.Context, address string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err == nil && response.StatusCode != http.StatusOK {
		response.Body.Close()
		err = fmt.Errorf("%s: %s", address, response.Status)
	}
	return response, err
}
