package postgis

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// The files of a data directory that say who uses its cluster. They are never
// removed: an flock(2) counts, not the file, so that the kernel lets go of it
// however its owner dies.
const (
	startLock  = "cluster.lock"    // exclusive while one command creates, starts or stops
	holderLock = "cluster.holders" // shared by every command that uses the cluster
	serverLock = "cluster.server"  // exclusive; inherited by every process of the server
)

// errLocked says that another open file holds a lock that tryLock wanted.
var errLocked = errors.New("locked by another process")

// lockPoll is how often a waiting lock is tried again. flock has no timeout,
// and a blocking call could not be ended by a context.
const lockPoll = 20 * time.Millisecond

// tryLock opens (and if need be makes) the file and takes the lock at once, or
// returns errLocked. how is syscall.LOCK_EX or LOCK_SH. Closing the file
// releases the lock.
func tryLock(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := ownLikeParent(path); err != nil {
		file.Close()
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		if err != syscall.EINTR {
			break
		}
	}
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errLocked
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// waitLock is tryLock that waits until the context ends. onWait is called once,
// if the lock is not free within a second.
func waitLock(ctx context.Context, path string, how int, onWait func()) (*os.File, error) {
	tick := time.NewTicker(lockPoll)
	defer tick.Stop()
	for tries := 0; ; tries++ {
		file, err := tryLock(path, how)
		if !errors.Is(err, errLocked) {
			return file, err
		}
		if tries == int(time.Second/lockPoll) && onWait != nil {
			onWait()
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the lock %s: %w", path, context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// isLocked tells whether some process holds the lock exclusively. A file that
// is not there is locked by nobody.
func isLocked(path string) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	file, err := tryLock(path, syscall.LOCK_SH)
	if errors.Is(err, errLocked) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, file.Close()
}

// ownLikeParent gives a file that root made in somebody's directory to the
// owner of that directory, so that their own later commands can use it.
func ownLikeParent(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	parent, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	owner := parent.Sys().(*syscall.Stat_t)
	if owner.Uid == 0 {
		return nil
	}
	return os.Lchown(path, int(owner.Uid), int(owner.Gid))
}
