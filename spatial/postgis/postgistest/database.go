package postgistest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	databasePrefix = "quanyu_test_"
	templatePrefix = "quanyu_template_"
	// lockKey is the advisory lock under which a template is built.
	lockKey = 7_242_190_331
	// abandoned is how old a database must be before it is taken for the
	// leftover of a test that was killed.
	abandoned = 6 * time.Hour
)

// ensureTemplate makes the template database, once for all processes: they wait
// for each other under an advisory lock. prepare brings the empty database to
// the state that tests begin with. Only a finished template is marked as one;
// a half-made one is dropped.
func ensureTemplate(ctx context.Context, admin *pgx.Conn, base *url.URL, name string, prepare func(url string) error) error {
	if done, err := isTemplate(ctx, admin, name); err != nil || done {
		return err
	}
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", lockKey); err != nil {
		return err
	}
	defer admin.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey) // goes with the session as well
	if done, err := isTemplate(ctx, admin, name); err != nil || done {
		return err
	}
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
		"CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
	} {
		if _, err := admin.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if err := prepare(databaseURL(base, name)); err != nil {
		return fmt.Errorf("building the template database: %w", err)
	}
	_, err := admin.Exec(ctx, "ALTER DATABASE "+name+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return err
}

func isTemplate(ctx context.Context, admin *pgx.Conn, name string) (done bool, err error) {
	err = admin.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&done)
	return done, err
}

// clone makes a database from the template and returns its name.
func clone(ctx context.Context, admin *pgx.Conn, template string) (string, error) {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	name := databasePrefix + hex.EncodeToString(random)
	_, err := admin.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	return name, err
}

func drop(ctx context.Context, admin *pgx.Conn, name string) error {
	_, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	return err
}

// sweep drops the databases of tests that were killed, and templates of older
// migrations. Their age is that of their first file, since PostgreSQL keeps no
// other date.
func sweep(ctx context.Context, admin *pgx.Conn, template string) error {
	rows, err := admin.Query(ctx, `
		SELECT datname, datistemplate FROM pg_database
		WHERE (starts_with(datname, $1) OR (starts_with(datname, $2) AND datname <> $3))
		  AND (pg_stat_file('base/' || oid || '/PG_VERSION', true)).modification < now() - make_interval(secs => $4)`,
		databasePrefix, templatePrefix, template, abandoned.Seconds())
	if err != nil {
		return err
	}
	type old struct {
		Name     string
		Template bool
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[old])
	if err != nil {
		return err
	}
	for _, o := range found {
		if o.Template {
			if _, err := admin.Exec(ctx, "ALTER DATABASE "+o.Name+" WITH IS_TEMPLATE false"); err != nil {
				return err
			}
		}
		if err := drop(ctx, admin, o.Name); err != nil {
			return err
		}
	}
	return nil
}

// databaseURL is the URL of another database on the same server.
func databaseURL(base *url.URL, name string) string {
	other := *base
	other.Path = "/" + name
	return other.String()
}

// parseURL reads a connection URL; the keyword form cannot be pointed to
// another database as simply.
func parseURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(base.Scheme, "postgres") {
		return nil, errors.New("QUANYU_TEST_DATABASE_URL must be a URL such as postgres://user@host:5432/postgres")
	}
	return base, nil
}
