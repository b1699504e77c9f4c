package postgis

import (
	"context"
	"errors"
	"os"
	"syscall"

	"quanyu/spatial"
)

// ClusterStatus is what can be told of a data directory's cluster from outside.
type ClusterStatus struct {
	Running bool   // a server process is alive
	Kept    bool   // it stays up until Stop
	URL     string // where it is, or will be when it runs
	Home    string // the directory of its files and its socket
	Log     string // the server's log file
}

// Status looks at the cluster of a data directory and changes nothing. Without
// a cluster it returns an error of kind spatial.Unavailable.
func Status(dir string) (ClusterStatus, error) {
	s, err := findSite(dir)
	if err != nil {
		return ClusterStatus{}, err
	}
	running, err := isLocked(s.lock(serverLock))
	if err != nil {
		return ClusterStatus{}, err
	}
	socketDir := socketDirOf(s)
	if running {
		socketDir = runningSocket(s)
	}
	_, kept := os.Stat(s.lock(keepFile))
	return ClusterStatus{
		Running: running, Kept: kept == nil, URL: socketURL(socketDir, databaseName), Home: s.home, Log: s.log(),
	}, nil
}

// Keep starts the cluster of a data directory and leaves it running, also when
// this process ends, until Stop. It returns the database's URL.
func Keep(ctx context.Context, o ClusterOptions) (url string, err error) {
	c, err := Attach(ctx, o)
	if err != nil {
		return "", err
	}
	err = writeFile(c.site.lock(keepFile), "The database server stays up until: quanyu db stop\n")
	return c.URL(), errors.Join(err, c.Release())
}

// Stop ends what Keep began. While other processes use the cluster it goes on
// running, stops with the last of them, and Stop says so with an error of kind
// spatial.Conflict. A cluster that does not run, or is not there, is no error.
func Stop(ctx context.Context, dir string) error {
	s, err := findSite(dir)
	if errors.Is(err, errNoCluster) {
		return nil
	}
	if err != nil {
		return err
	}
	lock, err := waitLock(ctx, s.lock(startLock), syscall.LOCK_EX, nil)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := os.Remove(s.lock(keepFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	alone, err := tryLock(s.lock(holderLock), syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return spatial.Errorf(spatial.Conflict, "Another quanyu command uses the database in %s; it stops when that one ends.", s.dir)
	}
	if err != nil {
		return err
	}
	defer alone.Close()
	return stopServer(ctx, s)
}
