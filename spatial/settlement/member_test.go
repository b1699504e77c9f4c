package settlement

import (
	"reflect"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestMembershipAtTheThreshold(t *testing.T) {
	if !*Belongs(number(0.5), 0.5) || *Belongs(number(0.4999999), 0.5) || Belongs(nil, 0.5) != nil {
		t.Error("half is at least half, less is not, and unknown is neither")
	}
}

func TestPlannedAgainstComputed(t *testing.T) {
	c := Compare([]string{"b", "a", "x", "u", "a"}, map[string]*bool{"a": yes(), "b": no(), "c": yes(), "d": no(), "u": nil})
	want := Comparison{Both: []string{"a"}, Missing: []string{"b"}, Surplus: []string{"c"}, Unjudged: []string{"u", "x"}, Jaccard: number(1.0 / 3)}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("%+v", c)
	}
	if none := Compare([]string{"u"}, nil); none.Jaccard != nil || len(none.Unjudged) != 1 {
		t.Errorf("nothing to compare: %+v", none)
	}
}

// TestEveryPlannedMemberIsInOneList, every computed one too; a lower threshold
// never takes a member away.
func TestEveryPlannedMemberIsInOneList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfDistinct(rapid.StringMatching(`[a-f]{1,2}`), rapid.ID[string]).Draw(t, "ids")
		low, high := rapid.Float64Range(0, 1).Draw(t, "t"), 0.0
		high = rapid.Float64Range(low, 1).Draw(t, "u")
		var planned []string
		found, strict := map[string]*bool{}, map[string]*bool{}
		for _, id := range ids {
			if rapid.Bool().Draw(t, "planned") {
				planned = append(planned, id)
			}
			share := maybe(rapid.Float64Range(0, 1)).Draw(t, "share")
			found[id], strict[id] = Belongs(share, low), Belongs(share, high)
		}
		c, d := Compare(planned, found), Compare(planned, strict)
		lists := slices.Concat(c.Both, c.Missing, c.Unjudged)
		slices.Sort(lists)
		slices.Sort(planned)
		if !slices.Equal(lists, planned) {
			t.Fatalf("%v of %v", lists, planned)
		}
		for _, id := range slices.Concat(d.Both, d.Surplus) {
			if !slices.Contains(c.Both, id) && !slices.Contains(c.Surplus, id) {
				t.Fatalf("%s belongs at %v, not at %v", id, high, low)
			}
		}
		if c.Jaccard != nil && (*c.Jaccard < 0 || *c.Jaccard > 1) {
			t.Fatalf("%v", *c.Jaccard)
		}
	})
}

// TestPiecesAreTheConnectedParts compares with labels spread until nothing
// changes.
func TestPiecesAreTheConnectedParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 12).Draw(t, "n")
		edges, label, ids := map[[2]string]bool{}, map[string]int{}, []string{}
		for i := range n {
			ids = append(ids, strconv.Itoa(i))
			label[ids[i]] = i
		}
		for i := range n {
			for j := range i {
				if rapid.IntRange(0, 4).Draw(t, "edge") == 0 {
					edges[[2]string{ids[i], ids[j]}], edges[[2]string{ids[j], ids[i]}] = true, true
				}
			}
		}
		for range n {
			for e := range edges {
				label[e[0]] = min(label[e[0]], label[e[1]])
			}
		}
		pieces := Pieces(ids, func(a, b string) bool { return edges[[2]string{a, b}] })
		seen := 0
		for k, piece := range pieces {
			seen += len(piece)
			for _, id := range piece {
				if label[id] != label[piece[0]] {
					t.Fatalf("%v hangs not together", piece)
				}
			}
			if k > 0 && label[piece[0]] == label[pieces[k-1][0]] {
				t.Fatalf("%v is torn apart", pieces)
			}
		}
		if seen != n || n > 0 && pieces[0][0] != "0" {
			t.Fatalf("%d of %d members, %v", seen, n, pieces)
		}
	})
}
