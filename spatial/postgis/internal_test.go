package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"quanyu/spatial"
)

func TestServerErrorsHaveTheirKind(t *testing.T) {
	ctx := context.Background()
	expired, cancel := context.WithTimeout(ctx, -1)
	defer cancel()
	cases := []struct {
		ctx  context.Context
		err  error
		want spatial.Kind
	}{
		{ctx, &pgconn.PgError{Code: "57014"}, spatial.Unavailable},
		{expired, &pgconn.PgError{Code: "57014"}, spatial.Unavailable},
		{ctx, &pgconn.PgError{Code: "57P01"}, spatial.Unavailable},
		{ctx, &pgconn.PgError{Code: "53300"}, spatial.Unavailable},
		{ctx, &pgconn.PgError{Code: "40P01"}, spatial.Unavailable},
		{ctx, &pgconn.PgError{Code: "42P01"}, spatial.Unavailable},
		{ctx, &pgconn.PgError{Code: "23505"}, spatial.Conflict},
		{ctx, &pgconn.PgError{Code: "23514"}, spatial.Invalid},
		{ctx, &pgconn.PgError{Code: "22P02"}, spatial.Invalid},
		{ctx, &pgconn.PgError{Code: "54001"}, spatial.TooLarge},
		{ctx, &pgconn.PgError{Code: "XX000", Message: "transform: Point outside of projection domain (2050)"}, spatial.Unprocessable},
		{ctx, &pgconn.PgError{Code: "XX000", Message: "SELECT secret"}, spatial.Internal},
		{ctx, &pgconn.PgError{Code: "42601", Message: "SELECT secret"}, spatial.Internal},
		{ctx, fmt.Errorf("read: %w", io.ErrUnexpectedEOF), spatial.Unavailable},
		{ctx, errors.New("something else"), spatial.Internal},
		{ctx, spatial.Errorf(spatial.NotFound, "already one of ours"), spatial.NotFound},
	}
	for _, c := range cases {
		err := mapError(c.ctx, fmt.Errorf("wrapped: %w", c.err))
		if got := spatial.KindOf(err); got != c.want {
			t.Errorf("%v is %s, want %s", c.err, got, c.want)
		}
		var e *spatial.Error
		if !errors.As(err, &e) || containsSecret(e.Detail) {
			t.Errorf("%v shows %q", c.err, e.Detail)
		}
	}
	if mapError(ctx, nil) != nil {
		t.Error("nothing is an error")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := mapError(gone, &pgconn.PgError{Code: "57014"}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

func containsSecret(detail string) bool {
	return detail == "" || strings.Contains(detail, "secret") || strings.Contains(detail, "SELECT")
}

// Rows come into force at midnight in China, so what was cached yesterday is
// of yesterday, although nothing was written.
func TestDataVersionChangesAtMidnightInChina(t *testing.T) {
	w := &watcher{versions: map[string]changes{"seats": {version: 7, epoch: "e"}}, read: time.Now()}
	at := func(text string) string {
		v, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		w.read = time.Now()
		s := Store{watch: w, now: func() time.Time { return v }}
		return s.DataVersion()
	}
	if at("2026-01-01T00:00:00Z") != at("2026-01-01T15:59:59Z") {
		t.Error("the version changes within a day")
	}
	if at("2026-01-01T15:59:59Z") == at("2026-01-01T16:00:00Z") {
		t.Error("the version of yesterday is given at midnight")
	}
	same := at("2026-01-01T00:00:00Z")
	w.versions["seats"] = changes{version: 7, epoch: "another database"}
	if at("2026-01-01T00:00:00Z") == same {
		t.Error("another database with equal counters has the same version")
	}
}
