package postgis

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// socketPort only names the socket file: nothing listens on TCP.
const socketPort = "5432"

// longestSocket is how many bytes the path of a unix socket may have: 107 on
// Linux (unix(7)), 103 on macOS and the BSDs.
const longestSocket = 103

// socketDirOf is where the cluster's socket goes: run/ beside its files, or a
// short directory under /tmp when that path is too long or holds a comma, which
// separates hosts in a connection URL.
func socketDirOf(s site) string {
	dir := filepath.Join(s.home, "run")
	if len(dir)+len("/.s.PGSQL.")+len(socketPort) <= longestSocket && !strings.Contains(dir, ",") {
		return dir
	}
	sum := sha256.Sum256([]byte(s.home))
	return fmt.Sprintf("/tmp/quanyu-%s", hex.EncodeToString(sum[:8]))
}

// makeSocketDir makes the socket's directory, for the server's owner alone.
// Anyone may have made that name in /tmp before, so it is checked.
func makeSocketDir(s site) (string, error) {
	dir := socketDirOf(s)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if os.Geteuid() == 0 {
			return dir, os.Lchown(dir, s.owner.uid, s.owner.gid)
		}
		return dir, nil
	} else if !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || int(info.Sys().(*syscall.Stat_t).Uid) != s.owner.uid {
		return "", fmt.Errorf("%s, where the database's socket goes, is not a directory of user %s alone (mode 0700); remove it", dir, s.owner.name)
	}
	return dir, nil
}

// runningSocket is the directory that a running server told in postmaster.pid,
// which stays true when the data directory is renamed under it; else the one
// that it will use.
func runningSocket(s site) string {
	if dir, err := pidFileLine(s, 4); err == nil && dir != "" {
		return dir
	}
	return socketDirOf(s)
}

// socketURL is the connection URL of a database behind a socket, as libpq and
// all that follow it (psql, pgx, GDAL) read it. GDAL takes no other spelling
// of the scheme.
func socketURL(dir, database string) string {
	return fmt.Sprintf("postgresql:///%s?host=%s&port=%s&user=%s", database, url.QueryEscape(dir), socketPort, superuser)
}
