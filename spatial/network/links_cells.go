package network

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

func readVertex(r row, number int, seen map[string]bool) (LinkVertex, error) {
	var v LinkVertex
	if r.cells[0] != strconv.Itoa(number) {
		return v, r.fault(0, fmt.Sprintf("must be %d: rows are numbered from 0", number))
	}
	for i, limit := range []float64{180, 90} {
		deg, err := strconv.ParseFloat(r.cells[1+i], 64)
		if err != nil || !(math.Abs(deg) <= limit) {
			return v, r.fault(1+i, fmt.Sprintf("is not a number of degrees from -%v to %v", limit, limit))
		}
		v.Point[i] = deg
	}
	v.Point = orb.Point(toCoordinate(v.Point).point())
	if r.cells[3] == "" {
		return v, nil
	}
	v.Places = strings.Split(r.cells[3], ";")
	for i, id := range v.Places {
		if id == "" || seen[id] || i > 0 && v.Places[i-1] >= id {
			return v, r.fault(3, fmt.Sprintf("has the id %q empty, twice or out of order", id))
		}
		seen[id] = true
	}
	return v, nil
}

func readLink(r row, vertices int) (Link, error) {
	var l Link
	for i, end := range []*Vertex{&l.From, &l.To} {
		n, err := strconv.ParseUint(r.cells[i], 10, 32)
		if err != nil || n >= uint64(vertices) {
			return l, r.fault(i, fmt.Sprintf("is not a vertex from 0 to %d", vertices-1))
		}
		*end = Vertex(n)
	}
	if l.From >= l.To {
		return l, r.fault(1, "must be above from")
	}
	switch r.cells[2] {
	case "both":
		l.Forward, l.Backward = true, true
	case "forward":
		l.Forward = true
	case "backward":
		l.Backward = true
	default:
		return l, r.fault(2, "is not both, forward or backward")
	}
	var total uint64
	for text := range strings.SplitSeq(r.cells[3], " ") {
		run, ok := parseRun(text)
		if !ok {
			return l, r.fault(3, fmt.Sprintf("has %.40q, not class:metres or class@limit:metres", text))
		}
		if n := len(l.Runs); n > 0 && compareRuns(l.Runs[n-1], run) >= 0 {
			return l, r.fault(3, "has a run twice or out of the order of classes")
		}
		l.Runs = append(l.Runs, run)
		total += uint64(run.Centimeters)
	}
	if total > maxEdgeCentimeters {
		return l, r.fault(3, fmt.Sprintf("is longer than %d km", maxEdgeCentimeters/100_000))
	}
	return l, nil
}

// parseRun reads what runText writes, and nothing else.
func parseRun(text string) (Run, bool) {
	kind, length, found := strings.Cut(text, ":")
	kind, posted, limited := strings.Cut(kind, "@")
	name, surface, surfaced := strings.Cut(kind, "/")
	class, known := ParseClass(name)
	if !found || !known {
		return Run{}, false
	}
	run := Run{Class: class}
	if surfaced {
		if run.Surface, known = ParseSurface(surface); !known || run.Surface == SurfaceUnknown {
			return Run{}, false
		}
	}
	if limited {
		kmh, err := strconv.ParseFloat(posted, 64)
		if err != nil || !(kmh > 0 && kmh <= 655.35) {
			return Run{}, false
		}
		run.Posted = SpeedOf(kmh)
	}
	whole, part, pointed := strings.Cut(length, ".")
	m, err := strconv.ParseUint(whole, 10, 32)
	if err != nil || m > maxEdgeCentimeters/100 || pointed && (len(part) == 0 || len(part) > 2) {
		return Run{}, false
	}
	cm, err := strconv.ParseUint((part + "00")[:2], 10, 8)
	if err != nil {
		return Run{}, false
	}
	run.Centimeters = uint32(m*100 + cm)
	var back strings.Builder
	runText(&back, run)
	return run, slices.Equal([]byte(back.String()), []byte(text))
}
