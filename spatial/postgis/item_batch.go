package postgis

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"quanyu/spatial"
)

// Single features that are asked for while another is being read are read
// together, in one statement, after it. Of the processor time of server and
// database together that leaves 140 microseconds a feature of 180 with 8 clients
// at one time, and 90 of 210 with 64. A lone reader waits for nobody. A second
// statement begins beside the first only when it is worth it, since two at any
// time make batches half as large (165 microseconds with 8 clients).
const (
	mostTogether  = 16 // features a statement reads
	worthAnother  = 8  // features in line that begin a statement beside others
	batchesAtOnce = 4  // statements of one kind
)

// batchKind is what features must have in common to be read together. The sight
// is that of the session, so callers who see different rows never share one.
type batchKind struct {
	shape itemShape
	day   time.Time
	sight spatial.Sight
}

// wanted is one caller's feature.
type wanted struct {
	id     string
	answer chan itemAnswer // holds one
	batch  *batch          // nil while it waits
}

type itemAnswer struct {
	row   spatial.ItemRow
	found bool
	err   error
}

// batch is a statement under way.
type batch struct {
	cancel  context.CancelFunc
	waiters int // callers that still wait; the last to go cancels it
}

// batches are all statements for single features. The zero value is ready.
type batches struct {
	mu      sync.Mutex
	running map[batchKind]int
	waiting map[batchKind][]*wanted
}

// readItem reads one feature, together with those that others ask for.
func (s *Store) readItem(ctx context.Context, c spatial.Collection, kind batchKind, id string) itemAnswer {
	w := &wanted{id: id, answer: make(chan itemAnswer, 1)}
	s.batches.add(kind, w, func(list []*wanted) *batch { return s.readTogether(ctx, c, kind, list) })
	select {
	case a := <-w.answer:
		return a
	case <-ctx.Done():
		s.batches.leave(kind, w)
		return itemAnswer{err: mapError(ctx, ctx.Err())}
	}
}

// add puts w into line, and begins a statement where one may run.
func (b *batches) add(kind batchKind, w *wanted, begin func([]*wanted) *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == nil {
		b.running, b.waiting = map[batchKind]int{}, map[batchKind][]*wanted{}
	}
	b.waiting[kind] = append(b.waiting[kind], w)
	if n := b.running[kind]; n == 0 || n < batchesAtOnce && len(b.waiting[kind]) >= worthAnother {
		b.running[kind]++
		b.begin(kind, begin)
	}
}

// begin starts a statement for the head of the line. b.mu is held.
func (b *batches) begin(kind batchKind, begin func([]*wanted) *batch) {
	line := b.waiting[kind]
	n := min(len(line), mostTogether)
	list := line[:n:n]
	if b.waiting[kind] = line[n:]; n == len(line) {
		delete(b.waiting, kind)
	}
	started := begin(list)
	for _, w := range list {
		w.batch = started
	}
}

// leave takes a caller that gave up out of line, or out of its statement.
func (b *batches) leave(kind batchKind, w *wanted) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if w.batch == nil {
		line := b.waiting[kind]
		for i := range line {
			if line[i] == w {
				b.waiting[kind] = append(line[:i:i], line[i+1:]...)
				break
			}
		}
		return
	}
	if w.batch.waiters--; w.batch.waiters == 0 {
		w.batch.cancel()
	}
}

// next begins the following statement, when one ended and others wait.
func (b *batches) next(kind batchKind, begin func([]*wanted) *batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.waiting[kind]) > 0 {
		b.begin(kind, begin)
		return
	}
	delete(b.waiting, kind)
	if b.running[kind]--; b.running[kind] == 0 {
		delete(b.running, kind)
	}
}

// readTogether starts the statement for a list, under a deadline of its own:
// the caller that came first may leave while others wait.
func (s *Store) readTogether(ctx context.Context, c spatial.Collection, kind batchKind, list []*wanted) *batch {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queryLimit)
	go func() {
		defer cancel()
		shape := kind.shape
		read := newItemRows(c.All(), nil, shape.crs, shape.format)
		found, err := s.itemsByID(ctx, read, s.itemText(c, read, itemQuery{shape, places(len(list))}), list, kind.day)
		for _, w := range list {
			row, ok := found[w.id]
			w.answer <- itemAnswer{row: row, found: ok, err: err}
		}
		s.batches.next(kind, func(list []*wanted) *batch { return s.readTogether(ctx, c, kind, list) })
	}()
	return &batch{cancel: cancel, waiters: len(list)}
}

func (s *Store) itemsByID(ctx context.Context, read *itemRows, text string, list []*wanted, day time.Time) (map[string]spatial.ItemRow, error) {
	args := make([]any, 0, 2+mostTogether)
	args = append(args, read.formats(), day)
	for _, w := range list {
		args = append(args, w.id)
	}
	for len(args) < 2+places(len(list)) {
		args = append(args, list[0].id)
	}
	rows, err := s.reader(ctx).Query(ctx, text, args...)
	if err != nil {
		return nil, mapError(ctx, err)
	}
	defer rows.Close()
	found := make(map[string]spatial.ItemRow, len(list))
	for rows.Next() {
		row, err := read.scan(rows)
		if err != nil {
			return nil, mapError(ctx, err)
		}
		found[row.Position.ID] = row
	}
	return found, mapError(ctx, rows.Err())
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
