package hierarchy
import ("testing";"context";"time";"slices")
func arcsOf(n int, g *roads, order []uint32) (arcs, tri, height int) {
	rank := make([]uint32, n)
	for i := range rank { rank[i]=none }
	for r, v := range order { if rank[v]!=none {panic("dup")}; rank[v]=uint32(r) }
	adj := undirected(n, g.tail, g.head, rank)
	// elimination by row subtrees
	parent := make([]uint32, n); anc := make([]uint32, n)
	for y := range uint32(n) { parent[y]=none; anc[y]=none
		for _, x := range adj.at(y) { if x<y { for x!=none && x<y { nx:=anc[x]; anc[x]=y; if nx==none {parent[x]=y}; x=nx } } } }
	cnt := make([]int, n); mark := make([]uint32, n)
	for y := range uint32(n) { mark[y]=y
		for _, x := range adj.at(y) { if x<y { for mark[x]!=y { mark[x]=y; cnt[x]++; x=parent[x] } } } }
	depth := make([]int, n)
	for v := n-1; v>=0; v-- { arcs+=cnt[v]; tri+=cnt[v]*(cnt[v]-1)/2; if parent[v]!=none {depth[v]=depth[parent[v]]+1}; height=max(height,depth[v]) }
	return
}
func TestTmpOrder(t *testing.T) {
	g := roadGrid(benchSize(t), 7)
	start := time.Now()
	order, err := Order(context.Background(), g.n, g.tail, g.head, g.lon, g.lat, nil)
	if err != nil { t.Fatal(err) }
	el := time.Since(start)
	a, tri, h := arcsOf(g.n, g, order)
	t.Logf("n %d order %v arcs %d (%.3f) tri %d height %d", g.n, el, a, float64(a)/float64(g.n), tri, h)
	_ = slices.Max(order)
}
