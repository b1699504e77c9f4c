package geom

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// decimalForm writes numbers as PostGIS does, with so many decimals at most and
// none of their zeros at the end.
type decimalForm struct {
	decimals  int
	scale     float64 // 10 to the decimals
	unbounded bool    // a number was not finite, and was left out
}

// The bounds outside of which PostGIS writes an exponent (lwprint.c).
const leastFixed, mostFixed = 1e-8, 1e15

// mostUnits bounds the units of the last decimal that are counted in floating
// point: below it (440,000 degrees), what the product errs by and what the shortest
// text differs by from the number are together less than closeToHalf.
const (
	mostUnits   = 1 << 42
	closeToHalf = 1e-3
)

// append writes a number. Nearly all are counted in units of the last
// decimal, as a whole number; only those whose rounding is in doubt, and very large
// and small ones, have their text made and rounded.
func (f *decimalForm) append(out []byte, x float64) []byte {
	size := math.Abs(x)
	if above := size*f.scale + 0.5; above < mostUnits && size > leastFixed {
		whole := int64(above)
		if part := above - float64(whole); math.Abs(part-0.5) < 0.5-closeToHalf { // neither just rounded up nor nearly so
			return f.units(out, uint64(whole), x < 0)
		}
	}
	switch {
	case size == 0:
		return append(out, '0')
	case !(size <= math.MaxFloat64):
		f.unbounded = true
		return out
	case size <= leastFixed || size >= mostFixed:
		return f.exponent(out, x)
	}
	return appendRounded(out, strconv.AppendFloat(nil, x, 'f', -1, 64), f.decimals)
}

// units writes a whole number of units of the last decimal.
func (f *decimalForm) units(out []byte, units uint64, negative bool) []byte {
	var whole, rest uint64
	switch f.decimals { // division by a constant is a multiplication
	case 7:
		whole, rest = units/1e7, units%1e7*10
	case 3:
		whole, rest = units/1e3, units%1e3*1e5
	default:
		return f.otherUnits(out, units, negative)
	}
	n := len(out)
	out = slices.Grow(out, mostDigits)[:n+mostDigits]
	if negative && units > 0 {
		out[n] = '-'
		n++
	}
	if whole < uint64(len(shortNumbers)) {
		digits := shortNumbers[whole]
		binary.LittleEndian.PutUint32(out[n:], digits)
		n += int(digits >> 24)
	} else {
		n = len(strconv.AppendUint(out[:n], whole, 10))
	}
	if rest == 0 {
		return out[:n]
	}
	digits := eightDigits(rest)
	out[n] = '.'
	binary.LittleEndian.PutUint64(out[n+1:], digits|0x3030303030303030)
	return out[:n+9-bits.LeadingZeros64(digits|1)/8]
}

// mostDigits is more than units writes: a sign, 10 digits, a point and 8 digits.
const mostDigits = 24

// shortNumbers are the texts of 0 to 999, and in the fourth byte their length.
var shortNumbers = func() (texts [1000]uint32) {
	for i := range texts {
		text := strconv.Itoa(i)
		for at := range text {
			texts[i] |= uint32(text[at]) << (8 * at)
		}
		texts[i] |= uint32(len(text)) << 24
	}
	return texts
}()

// eightDigits are the digits of a number below 1e8, the first in the lowest byte:
// halves, quarters and eighths of it are divided side by side in one word.
func eightDigits(number uint64) uint64 {
	high := number / 1e4
	halves := high | (number-1e4*high)<<32
	hundreds := halves * 10486 >> 20 & 0x7f_0000_007f
	quarters := hundreds | (halves-100*hundreds)<<16
	tens := quarters * 103 >> 10 & 0x000f_000f_000f_000f
	return tens | (quarters-10*tens)<<8
}

// otherUnits is units for decimals that no CRS asks for.
func (f *decimalForm) otherUnits(out []byte, units uint64, negative bool) []byte {
	if negative && units > 0 {
		out = append(out, '-')
	}
	unit := uint64(f.scale)
	out = strconv.AppendUint(out, units/unit, 10)
	rest := units % unit
	if rest == 0 {
		return out
	}
	text := strconv.AppendUint(nil, unit+rest, 10) // the 1 in front keeps its zeros
	return append(append(out, '.'), bytes.TrimRight(text[1:], "0")...)
}

// appendRounded writes a decimal with fewer decimals. PostGIS rounds the shortest
// text that reads back as the number, not the number, and halves to even.
func appendRounded(dst, text []byte, decimals int) []byte {
	whole, fraction, _ := bytes.Cut(text, []byte("."))
	if len(fraction) <= decimals {
		return append(dst, text...)
	}
	sign := bytes.HasPrefix(whole, []byte("-"))
	digits := append(append([]byte("0"), bytes.TrimPrefix(whole, []byte("-"))...), fraction[:decimals]...)
	last := len(digits) - 1
	order := bytes.Compare(bytes.TrimRight(fraction[decimals:], "0"), []byte("5"))
	if up := order > 0 || order == 0 && digits[last]%2 == 1; up {
		for ; digits[last] == '9'; last-- {
			digits[last] = '0'
		}
		digits[last]++
	}
	point := len(digits) - decimals
	front, back := bytes.TrimLeft(digits[:point-1], "0"), bytes.TrimRight(digits[point:], "0")
	front = append(front, digits[point-1])
	if sign && (len(back) > 0 || string(front) != "0") {
		dst = append(dst, '-')
	}
	if dst = append(dst, front...); len(back) > 0 {
		dst = append(append(dst, '.'), back...)
	}
	return dst
}

// exponent writes 1.5e+15 and 1e-9, with as many digits after the point as fixed
// (PostGIS too makes 10e-10 of 9.99999999e-10).
func (f *decimalForm) exponent(out []byte, x float64) []byte {
	mantissa, exponent, _ := bytes.Cut(strconv.AppendFloat(nil, x, 'e', -1, 64), []byte("e"))
	power, _ := strconv.Atoi(string(exponent)) // strconv wrote it
	out = append(appendRounded(out, mantissa, f.decimals), 'e')
	if power > 0 {
		out = append(out, '+')
	}
	return strconv.AppendInt(out, int64(power), 10)
}
