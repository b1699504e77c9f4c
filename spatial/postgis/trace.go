package postgis

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"quanyu/spatial"
)

// queryTracer follows each query: it makes a span of those whose context is in
// a recorded trace, and a log line of slow ones. SQL texts hold no values of
// requests, so both may show them.
type queryTracer struct {
	slow atomic.Pointer[slowLog]
}

type slowLog struct {
	log  *slog.Logger
	over time.Duration
}

// LogSlow writes a warning for each query that takes longer than over, from
// then on. The rows of a page are read at the speed of its client, so a slow
// client's are among them.
func (s *Store) LogSlow(log *slog.Logger, over time.Duration) {
	s.tracer.slow.Store(&slowLog{log: log, over: over})
}

// tracedQuery rides in the context of a query under way.
type tracedQuery struct {
	text  string
	began time.Time
	span  trace.Span // nil outside of a trace
}

type tracedKey struct{}

// TraceQueryStart is called by pgx.
func (t *queryTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() && t.slow.Load() == nil {
		return ctx
	}
	q := &tracedQuery{text: data.SQL, began: time.Now()}
	if parent.IsRecording() {
		verb, _, _ := strings.Cut(strings.TrimSpace(data.SQL), " ")
		_, q.span = parent.TracerProvider().Tracer("quanyu/spatial/postgis").Start(ctx, verb, trace.WithSpanKind(trace.SpanKindClient),
			trace.WithAttributes(attribute.String("db.system.name", "postgresql"), attribute.String("db.query.text", data.SQL)))
	}
	return context.WithValue(ctx, tracedKey{}, q)
}

// TraceQueryEnd is called by pgx, for rows when they are closed.
func (t *queryTracer) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	q, ok := ctx.Value(tracedKey{}).(*tracedQuery)
	if !ok {
		return
	}
	took := time.Since(q.began)
	if slow := t.slow.Load(); slow != nil && took > slow.over {
		slow.log.LogAttrs(ctx, slog.LevelWarn, "slow query", slog.Duration("took", took), slog.Int64("rows", data.CommandTag.RowsAffected()),
			slog.String("request_id", spatial.RequestIDOf(ctx)), slog.String("sql", q.text))
	}
	if q.span == nil {
		return
	}
	if data.Err != nil {
		q.span.SetStatus(codes.Error, data.Err.Error())
	}
	q.span.SetAttributes(attribute.Int64("db.response.returned_rows", data.CommandTag.RowsAffected()))
	q.span.End()
}
