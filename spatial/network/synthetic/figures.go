package synthetic

import "quanyu/spatial/network"

// The shares and densities that make the map. Those of junctions were set so
// that the whole comes out as doc.go says; tests hold it there.
const (
	plannedShare          = 0.72 // of the junctions; dead ends are added up to the wanted number
	urbanShare            = 0.70 // of the planned junctions, in streets of towns
	crossroadsPerJunction = 1.25 // points drawn for each planned junction outside towns
	junctionsPerTown      = 350  // planned, on average
	junctionsPerBlock     = 21   // of streets, see streets.go
	townExponent          = 0.8  // size of the town of rank k is proportional to k^-townExponent

	postedShare = 0.3 // of the ways of a class that has posted limits
	oneWayShare = 0.12
	cutShare    = 0.25 // of streets that do not run through
	crossShare  = 0.45 // of the gaps between two streets that a third one joins
	byRoadShare = 0.25 // of neighbours joined although a third is nearer to both
	ferryEvery  = 1500 // neighbours of those not joined, for each ferry
)

// postedKMH are the limits that signs show, by class; the others have none.
var postedKMH = map[network.Class][]float64{
	network.Motorway:     {120, 120, 100, 80},
	network.MotorwayLink: {60, 40},
	network.Trunk:        {80, 80, 70, 60},
	network.Primary:      {80, 70, 60, 40},
	network.Secondary:    {60, 50, 40},
	network.Tertiary:     {40, 30},
	network.Residential:  {30, 20},
}

// surface draws what a road is made of: large ones are paved, of the small
// ones many do not say and some are not.
func (g *generator) surface(class network.Class) network.Surface {
	x := g.random.Float64()
	switch {
	case class <= network.SecondaryLink:
		if x < 0.8 {
			return network.Paved
		}
	case class == network.Track:
		if x < 0.4 {
			return network.Unpaved
		} else if x < 0.8 {
			return network.Compacted
		}
	case class == network.Unclassified:
		if x < 0.08 {
			return network.Unpaved
		} else if x < 0.2 {
			return network.Compacted
		} else if x < 0.6 {
			return network.Paved
		}
	case x < 0.5:
		return network.Paved
	}
	return network.SurfaceUnknown
}
