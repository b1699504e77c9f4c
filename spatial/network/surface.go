package network

// Surface is what a road is made of, in the four grades that speeds tell apart.
type Surface uint8

// The grades of surface. A road that does not say is taken as its class
// usually is.
const (
	SurfaceUnknown Surface = iota
	Paved                  // asphalt, concrete, paving stones
	Compacted              // gravel and the like, rolled
	Unpaved                // earth, sand, grass
	surfaceCount
)

var surfaceNames = [surfaceCount]string{"unknown", "paved", "compacted", "unpaved"}

// String is the name of the grade, as profiles/surfaces.csv has it.
func (s Surface) String() string {
	if s >= surfaceCount {
		return "unknown"
	}
	return surfaceNames[s]
}

// ParseSurface finds a grade by name.
func ParseSurface(name string) (Surface, bool) {
	for s, n := range surfaceNames {
		if n == name {
			return Surface(s), true
		}
	}
	return 0, false
}
