package postgis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/spatial"
)

// statement gathers SQL text and the values bound to it. Values of requests
// reach the database by bind and in no other way; text is made of constants
// and of names in the catalog.
type statement struct {
	text strings.Builder
	args []any
}

// bind gives the placeholder of a value, cast to a type so that the server
// never guesses.
func (s *statement) bind(v any, sqlType string) string {
	s.args = append(s.args, v)
	return fmt.Sprintf("$%d::%s", len(s.args), sqlType)
}

func (s *statement) add(format string, args ...any) { fmt.Fprintf(&s.text, format, args...) }

// planned gives the values for a query that PostgreSQL is to plan for them, each
// time: a box or a filter decides whether an index helps. Without it, as for
// single features and tiles, a session keeps one plan after the fifth use.
func (s *statement) planned(options ...any) []any {
	return slices.Concat([]any{pgx.QueryExecModeCacheDescribe}, options, s.args)
}

// columnOf is a property's column in a table or subquery with the alias t.
func columnOf(p spatial.Property) string { return "t." + quoteIdent(p.ColumnName()) }

// quoteLiteral writes a name of the catalog as an SQL string.
func quoteLiteral(name string) string { return "'" + strings.ReplaceAll(name, "'", "''") + "'" }

// tableOf is the table of a collection; that of a result lies in a schema of
// its own.
func tableOf(c spatial.Collection) string {
	if schema, table, ok := strings.Cut(c.Relation, "."); ok {
		return quoteIdent(schema) + "." + quoteIdent(table)
	}
	return quoteIdent(c.Table())
}

// sqlTypes are the types that spatial.PropertyType promises.
var sqlTypes = map[spatial.PropertyType]string{
	spatial.String: "text", spatial.Integer: "bigint", spatial.Number: "double precision", spatial.Boolean: "boolean",
	spatial.Date: "date", spatial.Timestamp: "timestamptz", spatial.StringList: "text[]", spatial.JSON: "jsonb",
}

// validOn holds for rows in force on a civil date, given as a placeholder.
func validOn(day string) string {
	return fmt.Sprintf("(t.valid_from IS NULL OR t.valid_from <= %[1]s) AND (t.valid_to IS NULL OR t.valid_to > %[1]s)", day)
}

// validDuring holds for rows in force at some time of a half-open span; one of
// no length is an instant.
func validDuring(s *statement, span spatial.Interval) string {
	if span.Start != nil && span.End != nil && !span.Start.Before(*span.End) {
		return validOn(s.bind(civilDate(*span.Start), "date"))
	}
	conditions := []string{"true"}
	if span.End != nil {
		conditions = append(conditions, fmt.Sprintf("(t.valid_from IS NULL OR t.valid_from < %s)", s.bind(dayAfter(*span.End), "date")))
	}
	if span.Start != nil {
		conditions = append(conditions, fmt.Sprintf("(t.valid_to IS NULL OR t.valid_to > %s)", s.bind(civilDate(*span.Start), "date")))
	}
	return strings.Join(conditions, " AND ")
}

// dayAfter is the first civil date that a span ending at t has no part in.
// Midnight UTC stands for that civil date itself, as dates are parsed;
// midnight in UTC+8 begins its date as well.
func dayAfter(t time.Time) time.Time {
	day := civilDate(t)
	local := t.In(chinaTime)
	midnight := local.Hour() == 0 && local.Minute() == 0 && local.Second() == 0 && local.Nanosecond() == 0
	if midnight || t.UTC().Equal(day) {
		return day
	}
	return day.AddDate(0, 0, 1)
}
