package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"quanyu/spatial"
)

// keepFile, in a data directory, says that the server stays up although nobody
// uses it, until Stop.
const keepFile = "cluster.keep"

// releaseLimit bounds how long the last holder waits for its turn to stop the
// server; guardPeriod is how often a holder looks whether the server still runs.
const (
	releaseLimit = time.Minute
	guardPeriod  = time.Second
)

// ClusterOptions says which embedded cluster is meant, and how to start it.
type ClusterOptions struct {
	// Dir is the data directory. One data directory has one cluster.
	Dir string
	// Create allows a new cluster to be made where there is none.
	Create bool
	// Log, when set, is told what a person would like to know, a line at a time.
	Log func(line string)
	// Settings are settings of the server that win over quanyu's own. They
	// count only when this call starts the server.
	Settings map[string]string

	serverPlaces []string // tests look for programs elsewhere
}

func (o ClusterOptions) note(line string) {
	if o.Log != nil {
		o.Log(line)
	}
}

func (o ClusterOptions) places() []string {
	if o.serverPlaces != nil {
		return o.serverPlaces
	}
	return serverPlaces()
}

// Cluster is a hold on a running private PostgreSQL with PostGIS. The first
// process to attach starts the server and the last to release stops it; when
// the server dies in between, a holder starts it again, on the same URL.
//
// Holds are file locks, so the kernel releases those of a killed process. If
// that was the last, nobody is left to stop the server: it stays up, idle,
// until the next process attaches, finds it, and stops it when it leaves.
type Cluster struct {
	site    site
	options ClusterOptions
	url     string
	holder  *os.File
	started bool

	stopGuard context.CancelFunc
	guarding  sync.WaitGroup
	once      sync.Once
	released  error
}

// Attach finds the cluster of a data directory, makes it if there is none and
// o.Create allows it, starts it if it does not run, and holds it up until
// Release. Errors of kind spatial.Unavailable say what the operator can do.
func Attach(ctx context.Context, o ClusterOptions) (*Cluster, error) {
	if _, err := findSite(o.Dir); err != nil && !(o.Create && errors.Is(err, errNoCluster)) {
		return nil, err
	}
	dir, err := makeDir(o.Dir)
	if err != nil {
		return nil, err
	}
	lock, err := waitLock(ctx, filepath.Join(dir, startLock), syscall.LOCK_EX, func() {
		o.note("waiting for another quanyu command that starts or stops the database")
	})
	if err != nil {
		return nil, err
	}
	defer lock.Close()
	s, err := findOrCreate(ctx, o)
	if err != nil {
		return nil, err
	}
	holder, err := waitLock(ctx, s.lock(holderLock), syscall.LOCK_SH, nil)
	if err != nil {
		return nil, err
	}
	socketDir, started, err := ensureRunning(ctx, s, o)
	if err == nil {
		err = ensureDatabase(ctx, s, socketDir)
	}
	c := &Cluster{site: s, options: o, url: socketURL(socketDir, databaseName), holder: holder, started: started}
	if err != nil {
		return nil, errors.Join(err, c.leave(context.WithoutCancel(ctx)))
	}
	guard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	c.stopGuard = cancel
	c.guarding.Go(func() { c.guard(guard) })
	return c, nil
}

// makeDir makes the data directory. Others may pass through it, as the server's
// user has to when root made it, but not list it.
func makeDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o711); err != nil {
			return "", err
		}
		if err := ownLikeParent(dir); err != nil {
			return "", err
		}
	} else if err != nil {
		return "", unreadable(dir, err)
	}
	return filepath.EvalSymlinks(dir)
}

// findOrCreate is findSite, or a new cluster. The caller holds the start lock.
func findOrCreate(ctx context.Context, o ClusterOptions) (site, error) {
	s, err := findSite(o.Dir)
	if !o.Create || !errors.Is(err, errNoCluster) {
		return s, err
	}
	bin, err := findBinaries(o.places(), 0)
	if err != nil {
		return s, err
	}
	if s, err = makeSite(s, o.note); err != nil {
		return s, err
	}
	o.note(fmt.Sprintf("making a database cluster (PostgreSQL %d) in %s", bin.major, s.home))
	return s, initCluster(ctx, s, bin, o.Settings["fsync"] != "off")
}

// URL is the connection URL of the cluster's database, which has PostGIS.
func (c *Cluster) URL() string { return c.url }

// Started tells whether Attach started the server, false when it found it up.
func (c *Cluster) Started() bool { return c.started }

// Binary is the path of a client program of the cluster's PostgreSQL, such as
// psql; an error of kind spatial.Unavailable says that it is not installed.
func (c *Cluster) Binary(name string) (string, error) {
	bin, err := binariesFor(c.site, c.options.places())
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(bin.path(name)); err != nil {
		return "", spatial.Errorf(spatial.Unavailable, "%s of PostgreSQL %d is not installed in %s.", name, bin.major, bin.dir)
	}
	return bin.path(name), nil
}

// Release lets go of the cluster; the last one out stops the server, unless
// Keep said otherwise. A second call gives the first one's answer.
func (c *Cluster) Release() error {
	c.once.Do(func() {
		c.stopGuard()
		c.guarding.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), releaseLimit)
		defer cancel()
		lock, err := waitLock(ctx, c.site.lock(startLock), syscall.LOCK_EX, nil)
		if err != nil {
			c.holder.Close()
			c.released = err
			return
		}
		defer lock.Close()
		c.released = c.leave(ctx)
	})
	return c.released
}

// leave gives up the hold and stops the server if that was the last and no
// marker keeps it. The caller holds the start lock, so nobody comes meanwhile.
func (c *Cluster) leave(ctx context.Context) error {
	c.holder.Close()
	if _, err := os.Stat(c.site.lock(keepFile)); err == nil {
		return nil
	}
	alone, err := tryLock(c.site.lock(holderLock), syscall.LOCK_EX)
	if errors.Is(err, errLocked) {
		return nil
	}
	if err != nil {
		return err
	}
	defer alone.Close()
	return stopServer(ctx, c.site)
}

// guard starts the server again when it died under its holders.
func (c *Cluster) guard(ctx context.Context) {
	pause := guardPeriod
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		err := c.revive(ctx)
		switch {
		case err == nil:
			pause = guardPeriod
		case ctx.Err() == nil:
			pause = min(2*pause, time.Minute)
			c.options.note("starting the database server again: " + err.Error())
		}
	}
}

func (c *Cluster) revive(ctx context.Context) error {
	if alive, err := isAlive(c.site); alive || err != nil {
		return err
	}
	lock, err := waitLock(ctx, c.site.lock(startLock), syscall.LOCK_EX, nil)
	if err != nil {
		return err
	}
	defer lock.Close()
	_, started, err := ensureRunning(ctx, c.site, c.options)
	if started {
		c.options.note("the database server had died and has been started again")
	}
	return err
}
