package filter

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"quanyu/spatial"
)

// Format writes an expression as CQL2 text. Whatever Parse gives is read back
// equal. An And or Or of one item is written as that item; of none, as TRUE or
// FALSE, which is what they mean.
func Format(e spatial.Expr) string {
	var b strings.Builder
	write(&b, e)
	return b.String()
}

func write(b *strings.Builder, e spatial.Expr) {
	switch e := e.(type) {
	case spatial.And:
		writeChain(b, e.Items, " AND ", "TRUE")
	case spatial.Or:
		writeChain(b, e.Items, " OR ", "FALSE")
	case spatial.Not:
		writeNot(b, e)
	default:
		writePredicate(b, e, "")
	}
}

// writeChain puts parentheses round every connective inside, so that the
// shape of the tree survives.
func writeChain(b *strings.Builder, items []spatial.Expr, joint, none string) {
	if len(items) == 0 {
		b.WriteString(none)
		return
	}
	for i, item := range items {
		if i > 0 {
			b.WriteString(joint)
		}
		if len(items) > 1 && isChain(item) {
			b.WriteString("(" + Format(item) + ")")
		} else {
			write(b, item)
		}
	}
}

func isChain(e spatial.Expr) bool {
	switch e.(type) {
	case spatial.And, spatial.Or:
		return true
	}
	return false
}

func writeNot(b *strings.Builder, e spatial.Not) {
	switch e.Item.(type) {
	case spatial.In, spatial.Between, spatial.Like, spatial.IsNull:
		writePredicate(b, e.Item, "NOT ")
	default:
		b.WriteString("NOT (" + Format(e.Item) + ")")
	}
}

func writePredicate(b *strings.Builder, e spatial.Expr, not string) {
	switch e := e.(type) {
	case spatial.Compare:
		fmt.Fprintf(b, "%s %s %s", name(e.Property), e.Op, value(e.Property, e.Value))
	case spatial.In:
		values := make([]string, len(e.Values))
		for i, v := range e.Values {
			values[i] = value(e.Property, v)
		}
		fmt.Fprintf(b, "%s %sIN (%s)", name(e.Property), not, strings.Join(values, ", "))
	case spatial.Between:
		fmt.Fprintf(b, "%s %sBETWEEN %s AND %s", name(e.Property), not, value(e.Property, e.Low), value(e.Property, e.High))
	case spatial.Like:
		fmt.Fprintf(b, "%s %sLIKE %s", name(e.Property), not, quote(e.Pattern, "'"))
	case spatial.IsNull:
		fmt.Fprintf(b, "%s IS %sNULL", name(e.Property), not)
	}
}

// name quotes what would not be read as a plain name.
func name(p spatial.Property) string {
	first, plain := true, p.Name != "" && !isKeyword(p.Name)
	for _, r := range p.Name {
		if plain = plain && (isNameStart(r) || !first && isNamePart(r)); !plain {
			break
		}
		first = false
	}
	if plain {
		return p.Name
	}
	return quote(p.Name, `"`)
}

func value(p spatial.Property, v any) string {
	switch v := v.(type) {
	case string:
		return quote(v, "'")
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case bool:
		return strings.ToUpper(strconv.FormatBool(v))
	case time.Time:
		if p.Type == spatial.Date {
			return "DATE('" + v.UTC().Format(time.DateOnly) + "')"
		}
		return "TIMESTAMP('" + v.UTC().Format(time.RFC3339Nano) + "')"
	}
	return "NULL"
}

func quote(s, mark string) string { return mark + strings.ReplaceAll(s, mark, mark+mark) + mark }
