package postgis

import (
	"fmt"

	"quanyu/spatial"
)

// arithmetic computes in double precision. PostgreSQL raises errors where IEEE
// 754 has infinities and NaN, and an error on one row would end the whole
// answer, perhaps in its middle; so each operation looks at its operands first,
// and gives null where there is no result between 1e-300 and 1e300 (or zero).
// The operands have names, that they be computed once; OFFSET 0 keeps the
// planner from putting them back in place and from computing constants before
// they are looked at.
func (f *filterCompiler) arithmetic(a spatial.Arithmetic) (string, error) {
	operation, ok := operationSQL(a.Op)
	if !ok {
		return "", badFilter("has the operator %q, which is not known", string(a.Op))
	}
	var sides [2]string
	for i, o := range []spatial.Operand{a.Left, a.Right} {
		v, err := f.operand(o)
		if err != nil {
			return "", err
		}
		if !isNumeric(v.of) {
			return "", badFilter("computes with what is no number")
		}
		sides[i] = v.sql + "::double precision"
	}
	return fmt.Sprintf("(SELECT CASE WHEN abs(a) <= 1e300 AND abs(b) <= 1e300 THEN %s END FROM (SELECT %s AS a, %s AS b OFFSET 0) o)",
		operation, sides[0], sides[1]), nil
}

// operationSQL is an operation on a and b, both finite. Remainders and whole
// quotients are taken of the decimals that the numbers are written with, so
// that 0.3 % 0.1 is 0.
func operationSQL(op spatial.ArithmeticOp) (string, bool) {
	switch op {
	case spatial.Add, spatial.Subtract:
		return "a " + string(op) + " b", true
	case spatial.Multiply:
		return "CASE WHEN a = 0 OR b = 0 THEN 0 WHEN abs(ln(abs(a)) + ln(abs(b))) <= 690 THEN a * b END", true
	case spatial.Divide:
		return "CASE WHEN b = 0 THEN NULL WHEN a = 0 THEN 0 WHEN abs(ln(abs(a)) - ln(abs(b))) <= 690 THEN a / b END", true
	case spatial.Modulo:
		return "CASE WHEN abs(b) >= 1e-300 AND (a = 0 OR abs(a) >= 1e-300) THEN mod(a::text::numeric, b::text::numeric)::double precision END", true
	case spatial.IntegerDivision:
		return "CASE WHEN abs(b) < 1e-300 THEN NULL WHEN a = 0 THEN 0 WHEN ln(abs(a)) - ln(abs(b)) <= 690 THEN div(a::text::numeric, b::text::numeric)::double precision END", true
	case spatial.Power:
		return "CASE WHEN a = 0 THEN CASE WHEN b > 0 THEN 0 WHEN b = 0 THEN 1 END WHEN abs(b) < 1e-300 THEN 1 WHEN a < 0 AND b <> trunc(b) THEN NULL WHEN abs(b * ln(abs(a))) <= 690 THEN power(a, b) END", true
	}
	return "", false
}
