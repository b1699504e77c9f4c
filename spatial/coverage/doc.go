// Package coverage tells which demand points reach a facility within a time,
// as a share with its band, and what each point's answer rests on.
//
// The measure is REACH(T) of the plans: points whose fastest facility is
// within T, over all points. A point that cannot be tied to the road, or from
// which no facility can be reached, stays in the denominator and is never
// covered; each is a state of its own. Shares of parts are added as ratios of
// sums, never as means of ratios.
//
// The band: speeds are known badly, so each share is also given with every
// time, access legs included, divided by speed factors. The rule, in whole
// milliseconds: a time w at factor f is round(w / f), half away from zero, and
// the point is covered at f when that is at most round(minutes * 60000); the
// limit itself is within. Rounding keeps order, so a share never falls as f,
// the limit or the facilities grow. The middle factor (of an even number, the
// slower of the two in the middle) is the base: every figure that is not a
// band's is at the base, so the numerator is exactly the number of findings
// whose state is covered.
package coverage
