package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"quanyu/spatial"
)

// area is where the made-up data lie: about that of Sichuan, Chongqing and
// their neighbours, in degrees.
var area = orb.Bound{Min: orb.Point{97, 24}, Max: orb.Point{111, 36}}

const (
	// sideSegments are the segments of one side of a county: four sides make
	// a ring of 501 points.
	sideSegments = 125
	columns      = 60
	// waves give a side its bends, down to two or three segments long.
	waves = 48
)

// tessellation makes counties in columns and rows. A side is made from its own
// seed, so the two counties that share it have the same points.
type tessellation struct {
	seed uint64
	rows int
}

func newTessellation(count int, seed uint64) tessellation {
	return tessellation{seed: seed, rows: (count + columns - 1) / columns}
}

// node is a corner that up to four counties share.
func (t tessellation) node(column, row int) orb.Point {
	r := rand.New(rand.NewPCG(t.seed, uint64(1+row*(columns+1)+column)))
	shift := func(at, last int) float64 {
		if at == 0 || at == last {
			return 0
		}
		return (r.Float64() - 0.5) * 0.25
	}
	x, y := float64(column)+shift(column, columns), float64(row)+shift(row, t.rows)
	return orb.Point{
		area.Min[0] + x/columns*(area.Max[0]-area.Min[0]),
		area.Min[1] + y/float64(t.rows)*(area.Max[1]-area.Min[1]),
	}
}

// side are the points from one corner up to, and without, the next.
func (t tessellation) side(column, row int, upwards bool) []orb.Point {
	a, id := t.node(column, row), uint64(2*(row*(columns+1)+column))
	b := t.node(column+1, row)
	if upwards {
		b, id = t.node(column, row+1), id+1
	}
	r := rand.New(rand.NewPCG(t.seed, 1<<32+id))
	var heights [waves]float64
	for k := range heights {
		heights[k] = (r.Float64() - 0.5) * 0.16 / math.Pow(float64(k+1), 1.5)
	}
	dx, dy := b[0]-a[0], b[1]-a[1]
	points := make([]orb.Point, sideSegments+1)
	for i := range points {
		along, off := float64(i)/sideSegments, 0.0
		for k, h := range heights {
			off += h * math.Sin(math.Pi*float64(k+1)*along)
		}
		points[i] = orb.Point{round(a[0] + along*dx - off*dy), round(a[1] + along*dy + off*dx)}
	}
	return points
}

// round keeps the seven decimals that such data come with.
func round(x float64) float64 { return math.Round(x*1e7) / 1e7 }

// county is the ring around a cell, counter-clockwise.
func (t tessellation) county(column, row int) orb.MultiPolygon {
	ring := make(orb.Ring, 0, 4*sideSegments+1)
	add := func(points []orb.Point, backwards bool) {
		for i := range sideSegments {
			if backwards {
				i = sideSegments - i
			}
			ring = append(ring, points[i])
		}
	}
	add(t.side(column, row, false), false)
	add(t.side(column+1, row, true), false)
	add(t.side(column, row+1, false), true)
	add(t.side(column, row, true), true)
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

func (t tessellation) records(count int) []spatial.Record {
	records := make([]spatial.Record, count)
	r := rand.New(rand.NewPCG(t.seed, 1<<40))
	for i := range records {
		records[i] = spatial.Record{Feature: spatial.Feature{
			ID: countyID(i), Geometry: t.county(i%columns, i/columns),
			Properties: map[string]any{
				"source": dataset, "name_zh": fmt.Sprintf("县%04d", i), "name_en": fmt.Sprintf("County %04d", i),
				"adcode": fmt.Sprintf("%06d", 510000+i), "level": "county", "division_type": "county", "parent_adcode": fmt.Sprintf("%06d", 510000+i/100*100),
				"resident_population": int64(20_000 + r.IntN(1_000_000)), "resident_population_year": int64(2020),
			},
		}}
	}
	return records
}

func countyID(i int) string { return fmt.Sprintf("county-%06d", i) }
