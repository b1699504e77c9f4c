package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"quanyu/spatial"
)

// initCluster makes the files of a new cluster. It works in a directory of its
// own that is renamed at the end, so that a kill leaves either a whole cluster
// or none. The caller holds the start lock.
func initCluster(ctx context.Context, s site, bin binaries, durable bool) error {
	leftovers, err := filepath.Glob(filepath.Join(s.home, "init-*"))
	if err != nil {
		return err
	}
	for _, old := range leftovers {
		os.RemoveAll(old) // what an initdb that outlived its parent still writes hurts nobody
	}
	work := filepath.Join(s.home, fmt.Sprintf("init-%d", time.Now().UnixNano()))
	args := []string{"-D", work, "-U", superuser, "--encoding=UTF8", "--locale=C", "--auth-local=peer", "--auth-host=reject"}
	if !durable {
		args = append(args, "--no-sync")
	}
	cmd := s.owner.command(bin.path("initdb"), args...)
	cmd.Dir = s.home
	if out, err := runBounded(ctx, cmd); err != nil {
		os.RemoveAll(work)
		return fmt.Errorf("initdb in %s as user %s: %w\n%s", s.home, s.owner.name, err, lastLines(out, 10))
	}
	conf := filepath.Join(work, "postgresql.conf")
	if err := os.WriteFile(conf, []byte(mainConf), 0o600); err != nil {
		return err
	}
	if err := os.Rename(work, s.data()); err != nil {
		return err
	}
	return syncDir(s.home)
}

// syncDir makes a rename in a directory survive a power cut.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// clusterMajor is the major version that made the cluster's files.
func clusterMajor(s site) (int, error) {
	text, err := os.ReadFile(filepath.Join(s.data(), "PG_VERSION"))
	if err != nil {
		return 0, fmt.Errorf("%s is not the data of a PostgreSQL cluster; move it away and start again: %w", s.data(), err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION is damaged: %q", s.data(), text)
	}
	return major, nil
}

// binariesFor finds the installation that can run the cluster's files, which no
// other major version can read.
func binariesFor(s site, places []string) (binaries, error) {
	major, err := clusterMajor(s)
	if err != nil {
		return binaries{}, err
	}
	bin, err := findBinaries(places, major)
	if err == nil {
		return bin, nil
	}
	var missing *spatial.Error
	if !errors.As(err, &missing) {
		return bin, err
	}
	return bin, spatial.Errorf(spatial.Unavailable, "The database in %s was made by PostgreSQL %d, and no other major version can read it. %s"+
		" To change the version instead: dump it where PostgreSQL %d runs (quanyu db start, then pg_dump -Fc \"$(quanyu db url)\"), move %s away,"+
		" run quanyu db start here and load the dump with pg_restore; without data of your own, move it away and run quanyu up.",
		s.data(), major, missing.Detail, major, s.dir)
}

// ensureDatabase makes sure that the server holds the database with PostGIS. A
// start that was killed between initdb and here is completed by the next.
func ensureDatabase(ctx context.Context, s site, socketDir string) error {
	conn, err := pgx.Connect(ctx, socketURL(socketDir, databaseName))
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == "3D000" { // invalid_catalog_name
		if err := execOn(ctx, socketURL(socketDir, "postgres"), "CREATE DATABASE "+databaseName); err != nil {
			return err
		}
		conn, err = pgx.Connect(ctx, socketURL(socketDir, databaseName))
	}
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgis')").Scan(&there)
	if err != nil || there {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS postgis")
	return err
}

func execOn(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, sql)
	return err
}
