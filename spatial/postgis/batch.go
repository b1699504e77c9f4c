package postgis

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"quanyu/spatial"
)

// What is asked for while a like thing is being read is read together with the
// others in line, in one statement, after it. Of the processor time of server and
// database together that leaves 140 microseconds a feature of 180 with 8 clients
// at one time, and 90 of 210 with 64; a small tile (counties at zoom 12, points at
// zoom 14) 172 of 290 with 8, and 110 of 250 with 64. A lone reader waits for nobody. A second
// statement begins beside the first only when it is worth it, since two at any
// time make batches half as large (165 microseconds a feature with 8 clients).
const (
	mostTogether  = 16 // answers of a statement
	worthAnother  = 8  // callers in line that begin a statement beside others
	batchesAtOnce = 4  // statements of one kind
)

// batches are all statements that read things of one sort together. A kind K is
// what things Q must have in common for that, and the sight of the session is in
// every kind, so callers who see different rows never share one. The zero value is ready.
type batches[K comparable, Q, A any] struct {
	mu      sync.Mutex
	running map[K]int
	waiting map[K][]*wanted[Q, A]
}

// wanted is what one caller waits for.
type wanted[Q, A any] struct {
	asked  Q
	answer chan answer[A] // holds one
	batch  *batch         // nil while it waits
}

type answer[A any] struct {
	value A
	err   error
}

// batch is a statement under way.
type batch struct {
	cancel  context.CancelFunc
	waiters int // callers that still wait; the last to go cancels it
}

// statementOf reads what a list asks for, at most mostTogether, and gives an answer to each
// in its place.
type statementOf[Q, A any] func(ctx context.Context, list []Q) ([]A, error)

// ask reads one thing, together with those of its kind that others ask for. A
// statement that fails is tried again for each of its callers alone, so an error
// reaches nobody but whose it is.
func (b *batches[K, Q, A]) ask(ctx context.Context, kind K, asked Q, read statementOf[Q, A]) (A, error) {
	w := &wanted[Q, A]{asked: asked, answer: make(chan answer[A], 1)}
	b.add(ctx, kind, w, read)
	select {
	case a := <-w.answer:
		return a.value, a.err
	case <-ctx.Done():
		b.leave(kind, w)
		return *new(A), mapError(ctx, ctx.Err())
	}
}

// add puts w into line, and begins statements where they may run.
func (b *batches[K, Q, A]) add(ctx context.Context, kind K, w *wanted[Q, A], read statementOf[Q, A]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running == nil {
		b.running, b.waiting = map[K]int{}, map[K][]*wanted[Q, A]{}
	}
	b.waiting[kind] = append(b.waiting[kind], w)
	if n := b.running[kind]; n == 0 || n < batchesAtOnce && len(b.waiting[kind]) >= worthAnother {
		b.running[kind]++
		go b.run(context.WithoutCancel(ctx), kind, read)
	}
}

// run makes one statement after the other until nobody waits. Before each it lets
// those run who are about to ask (110 microseconds a tile for 121 with 64 clients); where
// there are none, that takes no time.
func (b *batches[K, Q, A]) run(ctx context.Context, kind K, read statementOf[Q, A]) {
	for {
		runtime.Gosched()
		// The deadline is the statement's own: the caller that came first may leave while others wait.
		ctx, cancel := context.WithTimeout(ctx, queryLimit)
		list := b.take(kind, cancel)
		if len(list) > 0 {
			answerAll(ctx, list, read)
		}
		cancel()
		if len(list) == 0 {
			return
		}
	}
}

// take gives the head of the line to a statement; when there is none, the
// statement is none of those under way any more.
func (b *batches[K, Q, A]) take(kind K, cancel context.CancelFunc) []*wanted[Q, A] {
	b.mu.Lock()
	defer b.mu.Unlock()
	line := b.waiting[kind]
	n := min(len(line), mostTogether)
	list := line[:n:n]
	if b.waiting[kind] = line[n:]; n == len(line) {
		delete(b.waiting, kind)
	}
	if n == 0 {
		if b.running[kind]--; b.running[kind] == 0 {
			delete(b.running, kind)
		}
	}
	started := &batch{cancel: cancel, waiters: n}
	for _, w := range list {
		w.batch = started
	}
	return list
}

// answerAll reads for a list and tells each.
func answerAll[Q, A any](ctx context.Context, list []*wanted[Q, A], read statementOf[Q, A]) {
	asked := make([]Q, len(list))
	for i, w := range list {
		asked[i] = w.asked
	}
	values, err := read(ctx, asked)
	if kind := spatial.KindOf(err); err != nil && len(list) > 1 && ctx.Err() == nil && kind != spatial.Unavailable {
		for one := range slices.Chunk(list, 1) {
			answerAll(ctx, one, read)
		}
		return
	}
	for i, w := range list {
		a := answer[A]{err: err}
		if err == nil {
			a.value = values[i]
		}
		w.answer <- a
	}
}

// leave takes a caller that gave up out of line, or out of its statement.
func (b *batches[K, Q, A]) leave(kind K, w *wanted[Q, A]) {
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
