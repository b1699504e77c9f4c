// Package migrations holds the schema of the database as numbered SQL files,
// and brings a database up to it.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver that goose runs on
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// Files are the migrations; their names begin with their number.
//
//go:embed *.sql
var Files embed.FS

// lockKey is the advisory lock under which migrations run, so that several
// processes may call Up at once.
const lockKey = 7_242_190_330

// Up brings the database up to the newest migration and does nothing when it
// is there already. Each migration is one transaction. log, when set, is told
// of each one. A database that a newer program has migrated is refused, since
// this one does not know its schema.
func Up(ctx context.Context, url string, log func(string)) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("opening the database to migrate it: %w", err)
	}
	defer db.Close()
	// A connection of its own, since the lock belongs to the session.
	lock, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting to the database to migrate it: %w", err)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lockKey); err != nil {
		return fmt.Errorf("waiting for another migration: %w", err)
	}
	defer lock.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey) // goes with the session as well
	if err := run(ctx, db, log); err != nil {
		return err
	}
	return queue(ctx, url)
}

// queueSchema is where River's tables lie, and queueVersion the version of its
// schema that this program was written for; 0006_jobs.sql names it as well.
const (
	queueSchema  = "river"
	queueVersion = 8
)

// queue brings in the tables of the job queue. They are River's own and are
// migrated as River says, not copied here.
func queue(ctx context.Context, url string) error {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return fmt.Errorf("opening the database to migrate its queue: %w", err)
	}
	defer pool.Close()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: queueSchema, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("reading the migrations of the queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: queueVersion}); err != nil {
		return fmt.Errorf("migrating the queue: %w", err)
	}
	return nil
}

func run(ctx context.Context, db *sql.DB, log func(string)) error {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, Files, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	current, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the version of the database: %w", err)
	}
	if current > newest {
		return fmt.Errorf("the database is at migration %d, made by a newer quanyu; this one knows %d: use the newer program", current, newest)
	}
	results, err := provider.Up(ctx)
	for _, r := range results {
		if log != nil {
			log(fmt.Sprintf("migrated to %s in %s", r.Source.Path, r.Duration.Round(time.Millisecond)))
		}
	}
	if err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}
	return markFilters(ctx, db)
}

// markFilters runs what leaky_filters lists, where it may: at each start, since
// an update of PostGIS takes the marks away.
func markFilters(ctx context.Context, db *sql.DB) error {
	var marks []string
	rows, err := db.QueryContext(ctx, "SELECT mark FROM leaky_filters() mark WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)")
	if err != nil {
		return fmt.Errorf("reading which functions to mark: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var mark string
		if err := rows.Scan(&mark); err != nil {
			return err
		}
		marks = append(marks, mark)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, mark := range marks {
		if _, err := db.ExecContext(ctx, mark); err != nil {
			return fmt.Errorf("%s: %w", mark, err)
		}
	}
	return nil
}
