package network

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// benchCity is a grid of 300 by 300 crossings: 90,000 vertices and 179,400
// edges, with ways of several classes so that weights differ.
func benchCity(b *testing.B) *Router {
	b.Helper()
	c := city{size: 300}
	ways := c.ways()
	for i := range ways {
		ways[i].Class = []Class{Residential, Tertiary, Secondary, Primary}[i%7%4]
	}
	g, _, err := Build(Source{Ways: ways}, nodes(c.places()))
	if err != nil {
		b.Fatal(err)
	}
	p, _ := ProfileByName("car")
	return newRouter(b, g, KindImported, p)
}

// BenchmarkSearch is one search over the whole city; ns/vertex is the figure
// to compare.
func BenchmarkSearch(b *testing.B) {
	r := benchCity(b)
	corner := []Snap{r.Snap(orb.Point{0, block})}
	s := r.borrow()
	for b.Loop() {
		s.reset()
		s.offer(uint32(corner[0].Vertex), 0, 0, noEdge)
		if err := r.search(context.Background(), s, false, false, NoLimit); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(r.graph.NumVertices()), "ns/vertex")
}

// BenchmarkNearest is a coverage question: 300 demand points, 30 facilities.
func BenchmarkNearest(b *testing.B) {
	r := benchCity(b)
	demand, facilities := scattered(r, 300, 1), scattered(r, 30, 2)
	for b.Loop() {
		if _, err := r.Nearest(context.Background(), facilities, demand, true, NoLimit); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSnap(b *testing.B) {
	r := benchCity(b)
	random := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		if s := r.Snap(orb.Point{random.Float64() * 299 * block, random.Float64() * 299 * block}); s.State != Snapped {
			b.Fatal(s)
		}
	}
}

func BenchmarkNewRouter(b *testing.B) {
	r := benchCity(b)
	for b.Loop() {
		if _, err := NewRouter(r.network, r.profile); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	c := city{size: 300}
	ways, places := c.ways(), c.places()
	for b.Loop() {
		if _, _, err := Build(Source{Ways: ways}, nodes(places)); err != nil {
			b.Fatal(err)
		}
	}
}

func scattered(r *Router, n int, seed uint64) []Snap {
	random := rand.New(rand.NewPCG(seed, seed))
	list := make([]Snap, n)
	for i := range list {
		list[i] = r.Snap(orb.Point{random.Float64() * 0.29, random.Float64() * 0.29})
	}
	return list
}
