package network

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

const (
	vertexHead = "vertex,lon,lat,places"
	linkHead   = "from,to,direction,runs"
	// lostMark starts the comment line that names the places not snapped.
	lostMark = "# not-snapped: "
)

// WriteLinks writes a table in the form that ReadLinks describes. Each line of
// notice goes before the header of both files as a comment.
func WriteLinks(vertices, links io.Writer, t *LinkTable, notice []string) error {
	if err := writeLines(vertices, notice, func(line func(string)) {
		if len(t.NotSnapped) > 0 {
			line(lostMark + strings.Join(t.NotSnapped, ";"))
		}
		line(vertexHead)
		for i, v := range t.Vertices {
			c := toCoordinate(v.Point)
			line(fmt.Sprintf("%d,%s,%s,%s", i, degreesText(c.lon), degreesText(c.lat), strings.Join(v.Places, ";")))
		}
	}); err != nil {
		return err
	}
	return writeLines(links, notice, func(line func(string)) {
		line(linkHead)
		var b strings.Builder
		for _, l := range t.Links {
			b.Reset()
			fmt.Fprintf(&b, "%d,%d,%s,", l.From, l.To, directionText(l))
			for i, r := range l.Runs {
				if i > 0 {
					b.WriteByte(' ')
				}
				runText(&b, r)
			}
			line(b.String())
		}
	})
}

func directionText(l Link) string {
	switch {
	case l.Forward && l.Backward:
		return "both"
	case l.Forward:
		return "forward"
	}
	return "backward"
}

// degreesText writes units of 1e-7 degrees as degrees, exactly.
func degreesText(v int32) string {
	sign := ""
	u := int64(v)
	if u < 0 {
		sign, u = "-", -u
	}
	text := fmt.Sprintf("%s%d.%07d", sign, u/coordinateScale, u%coordinateScale)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func writeLines(out io.Writer, notice []string, body func(line func(string))) error {
	w := bufio.NewWriter(out)
	line := func(s string) { w.WriteString(s); w.WriteByte('\n') } // errors stay in w until Flush
	for _, n := range notice {
		line("# " + n)
	}
	body(line)
	return w.Flush()
}
