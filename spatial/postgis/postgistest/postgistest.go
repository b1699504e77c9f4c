// Package postgistest gives every test a PostGIS database of its own, migrated
// and empty, in about a tenth of a second.
//
// The databases are copies of a template that is built once for each state of
// the migrations. They live on a server that all packages of a `go test ./...`
// share: the one that QUANYU_TEST_DATABASE_URL names, or an embedded cluster
// in memory or under the temporary directory, without fsync, which stops by itself when it
// has been idle for a minute.
package postgistest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"quanyu/migrations"
)

// limit bounds the making of one database, also when it is the first and all
// other test processes wait for the template.
const limit = 3 * time.Minute

// New returns the URL of a database made for this test. It is dropped when the
// test ends, connections or not.
func New(t testing.TB) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	hash, err := migrationsHash()
	if err != nil {
		t.Fatalf("postgistest: %v", err)
	}
	up := func(url string) error { return migrations.Up(ctx, url, func(string) {}) }
	made, dropIt, err := newDatabase(ctx, os.Getenv("QUANYU_TEST_DATABASE_URL"), templatePrefix+hash, up, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatalf("postgistest: %v", err)
	}
	t.Cleanup(func() {
		if err := dropIt(); err != nil {
			t.Errorf("postgistest: dropping the database: %v", err)
		}
	})
	return made
}

// newDatabase copies the template on the named server, or on the shared one,
// and returns the copy's URL and how to drop it. The connection that does both
// stays open in between, as a sign to the shared server's watcher.
func newDatabase(ctx context.Context, server, template string, prepare func(url string) error, log func(string)) (string, func() error, error) {
	admin, base, started, err := connect(ctx, server, log)
	if err != nil {
		return "", nil, err
	}
	if started {
		err = sweep(ctx, admin, template)
	}
	if err == nil {
		err = ensureTemplate(ctx, admin, base, template, prepare)
	}
	var name string
	if err == nil {
		name, err = clone(ctx, admin, template)
	}
	if err != nil {
		return "", nil, errors.Join(err, admin.Close(ctx))
	}
	dropIt := func() error {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		defer cancel()
		return errors.Join(drop(ctx, admin, name), admin.Close(ctx))
	}
	return databaseURL(base, name), dropIt, nil
}

// connect connects to the server. The shared one may be stopped by its watcher
// just as we come; then the next try starts it again.
func connect(ctx context.Context, server string, log func(string)) (admin *pgx.Conn, base *url.URL, started bool, err error) {
	for range 3 {
		text := server
		if server == "" {
			if text, started, err = startShared(ctx, log); err != nil {
				return nil, nil, false, err
			}
		}
		if base, err = parseURL(text); err != nil {
			return nil, nil, false, err
		}
		if admin, err = pgx.Connect(ctx, text); err == nil {
			return admin, base, started, nil
		}
	}
	return nil, nil, false, err
}

// migrationsHash names the state of the migrations: a hash of their files.
func migrationsHash() (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := migrations.Files.ReadFile(path)
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)[:8]), err
}
