package network

import (
	"bytes"
	"strings"
	"testing"
)

const (
	goodVertices = "# made for a test\n# not-snapped: isle;rock\nvertex,lon,lat,places\n0,104.0665412,30.5722,seat-1;zuuu\n1,-179.9999999,-16.5,\n2,0,-0.0000001,port\n"
	goodLinks    = "# made for a test\nfrom,to,direction,runs\n0,1,both,motorway:1234.5 trunk@60:7 access:0.03\n0,1,forward,trunk:12\n1,2,backward,access:0\n"
)

func TestLinkTablesReadBackAsWritten(t *testing.T) {
	table, err := ReadLinks(strings.NewReader(goodVertices), strings.NewReader(goodLinks))
	if err != nil {
		t.Fatal(err)
	}
	var v, l bytes.Buffer
	if err := WriteLinks(&v, &l, table, []string{"made for a test"}); err != nil {
		t.Fatal(err)
	}
	if v.String() != goodVertices || l.String() != goodLinks {
		t.Errorf("written back as\n%s%s", v.String(), l.String())
	}
	g, err := table.Graph(Car)
	if err != nil {
		t.Fatal(err)
	}
	if runs := g.Runs(0); len(runs) != 3 || runs[1] != (Run{Centimeters: 700, Class: Trunk, Posted: SpeedOf(60)}) {
		t.Errorf("runs %v", runs)
	}
	if f, b := g.Directions(2); f != 0 || b != Car {
		t.Errorf("directions of the third link: %v, %v", f, b)
	}
}

func TestReadLinksNamesFileLineAndColumn(t *testing.T) {
	v := func(old, new string) [2]string {
		return [2]string{strings.Replace(goodVertices, old, new, 1), goodLinks}
	}
	l := func(old, new string) [2]string {
		return [2]string{goodVertices, strings.Replace(goodLinks, old, new, 1)}
	}
	for _, c := range []struct {
		files [2]string
		want  string
	}{
		{[2]string{"", goodLinks}, "vertices: no header"},
		{v("vertex,", "id,"), "vertices line 3"},
		{v("\n1,", "\n7,"), "vertices line 5, vertex"},
		{v("104.0665412", "184"), "vertices line 4, lon"},
		{v("30.5722", "NaN"), "vertices line 4, lat"},
		{v("seat-1;zuuu", "zuuu;seat-1"), "vertices line 4, places"},
		{v(",port", ",zuuu"), "vertices line 6, places"},
		{v(",port", ",a,b"), "vertices line 6: 5 cells"},
		{v("isle;rock", "rock;isle"), "not-snapped"},
		{v("isle;rock", "port"), "not-snapped"},
		{l("from,", "a,"), "links line 2"},
		{l("0,1,both", "0,3,both"), "links line 3, to"},
		{l("0,1,both", "1,1,both"), "links line 3, to"},
		{l("0,1,both", "-1,1,both"), "links line 3, from"},
		{l("both", "sideways"), "links line 3, direction"},
		{l("motorway:1234.5", "lane:1"), "links line 3, runs"},
		{l("motorway:1234.5", "motorway:1234.50"), "links line 3, runs"},
		{l("motorway:1234.5", "motorway:-1"), "links line 3, runs"},
		{l("motorway:1234.5", "motorway:99999999"), "links line 3, runs"},
		{l("trunk@60:7", "trunk@656:7"), "links line 3, runs"},
		{l("trunk@60:7", "trunk@60.001:7"), "links line 3, runs"},
		{l("trunk@60:7", "trunk/lava@60:7"), "links line 3, runs"},
		{l("trunk@60:7", "motorway:1234.5"), "links line 3, runs"},
		{l("motorway:1234.5 ", "motorway:1234.5  "), "links line 3, runs"},
		{l("1,2,backward", "0,0,backward"), "links line 5, to"},
		{l("1,2,backward,access:0\n", "0,1,both,access:0\n"), "links line 5, from"},
	} {
		_, err := ReadLinks(strings.NewReader(c.files[0]), strings.NewReader(c.files[1]))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

func FuzzReadLinks(f *testing.F) {
	f.Add(goodVertices, goodLinks)
	f.Add("vertex,lon,lat,places\n", "from,to,direction,runs\n")
	f.Fuzz(func(t *testing.T, vertices, links string) {
		table, err := ReadLinks(strings.NewReader(vertices), strings.NewReader(links))
		if err != nil {
			return
		}
		if _, err := table.Graph(Car); err != nil {
			t.Errorf("tables that read well make no graph: %v", err)
		}
		var v, l bytes.Buffer
		if err := WriteLinks(&v, &l, table, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadLinks(&v, &l); err != nil {
			t.Errorf("what was written does not read back: %v", err)
		}
	})
}
