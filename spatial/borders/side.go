package borders

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// side is 1 where c lies left of the line from a to b, -1 right of it and 0 on
// it. It is exact for all finite numbers: floating point decides where its error
// cannot matter (bound of Shewchuk, Adaptive Precision Floating-Point
// Arithmetic, 1997, for the determinant's first stage), else rationals.
func side(a, b, c orb.Point) int {
	left := (a[0] - c[0]) * (b[1] - c[1])
	right := (a[1] - c[1]) * (b[0] - c[0])
	det := left - right
	if limit := 3.3306690738754716e-16 * (math.Abs(left) + math.Abs(right)); det > limit || -det > limit {
		return sign(det)
	}
	if left == 0 && right == 0 && (a == c || b == c || a[0] == c[0] && b[0] == c[0] || a[1] == c[1] && b[1] == c[1]) {
		return 0 // the usual case: along a meridian or parallel
	}
	exact := func(p, q float64) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).SetFloat64(p), new(big.Rat).SetFloat64(q))
	}
	l := new(big.Rat).Mul(exact(a[0], c[0]), exact(b[1], c[1]))
	r := new(big.Rat).Mul(exact(a[1], c[1]), exact(b[0], c[0]))
	return l.Cmp(r)
}

func sign(v float64) int {
	if v > 0 {
		return 1
	}
	return -1
}

// inBox tells whether c lies in the box of a and b.
func inBox(a, b, c orb.Point) bool {
	return min(a[0], b[0]) <= c[0] && c[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= c[1] && c[1] <= max(a[1], b[1])
}

// distance is how far c is from the straight line between a and b, ends
// included.
func distance(a, b, c orb.Point) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	x, y := c[0]-a[0], c[1]-a[1]
	if length2 := dx*dx + dy*dy; length2 > 0 {
		share := max(0, min(1, (x*dx+y*dy)/length2))
		x, y = x-share*dx, y-share*dy
	}
	return math.Sqrt(x*x + y*y)
}

// before orders points by x, then y.
func before(p, q orb.Point) bool {
	if p[0] != q[0] {
		return p[0] < q[0]
	}
	return p[1] < q[1]
}
