package postgis

import (
	"context"
	"fmt"
	"strings"
	"time"

	"quanyu/spatial"
)

// batchKind is what features must have in common to be read together.
type batchKind struct {
	shape itemShape
	day   time.Time
	sight spatial.Sight
}

// foundItem is a feature, or that there is none.
type foundItem struct {
	row   spatial.ItemRow
	found bool
}

// readItem reads one feature, together with those that others ask for.
func (s *Store) readItem(ctx context.Context, c spatial.Collection, kind batchKind, id string) (foundItem, error) {
	return s.itemBatches.ask(ctx, kind, id, func(ctx context.Context, ids []string) ([]foundItem, error) {
		read := newItemRows(c.All(), nil, kind.shape.crs, kind.shape.format)
		return s.itemsByID(ctx, read, s.itemText(c, read, itemQuery{kind.shape, places(len(ids))}), ids, kind.day)
	})
}

func (s *Store) itemsByID(ctx context.Context, read *itemRows, text string, ids []string, day time.Time) ([]foundItem, error) {
	args := make([]any, 0, 2+mostTogether)
	args = append(args, read.formats(), day)
	for _, id := range ids {
		args = append(args, id)
	}
	for len(args) < 2+places(len(ids)) {
		args = append(args, ids[0])
	}
	rows, err := s.reader(ctx).Query(ctx, text, args...)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	defer rows.Close()
	list := make([]foundItem, len(ids))
	for rows.Next() {
		row, err := read.scan(rows)
		if err != nil {
			return nil, mapError(ctx, err)
		}
		for i, id := range ids {
			if id == row.Position.ID {
				list[i] = foundItem{row, true}
			}
		}
	}
	return list, mapError(ctx, rows.Err())
}

// places is how many ids the statement for n features has room for. There are few
// such statements, and none takes its ids as an array, since PostgreSQL would
// plan for the length of each array anew: 140 microseconds a feature for 30.
func places(n int) int {
	for _, room := range []int{1, 4} {
		if n <= room {
			return room
		}
	}
	return mostTogether
}

// itemShape is all that the text of a query for single features depends on.
type itemShape struct {
	collection string
	crs        spatial.CRS
	format     spatial.GeometryFormat
}

// itemQuery is a shape, for so many features.
type itemQuery struct {
	itemShape
	places int
}

// itemText is the text of a query, with $1 the civil date and then the ids. It is
// made once: making it took a tenth of a request.
func (s *Store) itemText(c spatial.Collection, read *itemRows, shape itemQuery) string {
	if text, ok := s.itemTexts.get(shape); ok {
		return text
	}
	distinct, order, ids := "DISTINCT ON (t.id)", "t.id, t.version DESC", make([]string, shape.places)
	if shape.places == 1 {
		distinct, order = "", "t.version DESC LIMIT 1"
	}
	for i := range ids {
		ids[i] = fmt.Sprintf("$%d::text", 2+i)
	}
	text := fmt.Sprintf("SELECT %s %s FROM %s t WHERE t.id IN (%s) AND %s ORDER BY %s", distinct,
		read.columns(shapeSQL(c, shape.crs, shape.format), "0", validitySQL(true)), tableOf(c), strings.Join(ids, ", "), validOn("$1::date"), order)
	s.itemTexts.put(shape, text)
	return text
}
