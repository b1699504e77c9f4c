package geom

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// The short way of writing a number and the long one, which rounds its text, give
// the same, also close to halves and where lengths change.
func TestDecimalsAreThoseOfTheText(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, decimals := range []int{0, 1, 3, 7, 9, 15} {
		f := &decimalForm{decimals: decimals, scale: math.Pow10(decimals)}
		for range 200_000 {
			x := math.Pow(10, random.Float64()*16-7) * float64(1-2*random.IntN(2))
			switch random.IntN(4) {
			case 0: // whole units
				x = math.Round(x*f.scale) / f.scale
			case 1: // about a half
				x = (math.Floor(x*f.scale) + 0.5 + (random.Float64()-0.5)*4e-3) / f.scale
			case 2: // few digits
				x = math.Round(x)
			}
			if size := math.Abs(x); size <= leastFixed || size >= mostFixed {
				continue
			}
			want := appendRounded(nil, strconv.AppendFloat(nil, x, 'f', -1, 64), decimals)
			if got := f.append([]byte("["), x); string(got) != "["+string(want) {
				t.Fatalf("%v with %d decimals is %s, should be [%s", x, decimals, got, want)
			}
		}
	}
}

func TestEightDigits(t *testing.T) {
	for number := uint64(0); number < 1e8; number += 1 + number%97 {
		digits, want := eightDigits(number), number
		for at := 7; at >= 0; at-- {
			if byte(digits>>(8*at)) != byte(want%10) {
				t.Fatalf("%d has the digits %x", number, digits)
			}
			want /= 10
		}
	}
}
