package postgistest

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"

	"quanyu/spatial/postgis"
)

// disposable are settings for a server whose data nobody will miss after a
// power cut, and which many test processes use at once.
var disposable = map[string]string{
	"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
	"max_connections": "300", "shared_buffers": "128MB", "max_wal_size": "256MB",
}

// serverMajor is found once a process: it has to ask the programs.
var serverMajor = sync.OnceValues(postgis.ServerMajor)

// startShared finds or starts the server that all test processes of a user
// share, and returns its URL. It outlives the process: a watcher stops it when
// no test has used it for a minute.
func startShared(ctx context.Context, log func(string)) (url string, started bool, err error) {
	dir, err := sharedDir()
	if err != nil {
		return "", false, err
	}
	o := postgis.ClusterOptions{Dir: dir, Create: true, Settings: disposable, Log: log}
	cluster, err := postgis.Attach(ctx, o)
	if err != nil {
		return "", false, err
	}
	defer cluster.Release()
	if status, err := postgis.Status(dir); err != nil {
		return "", false, err
	} else if !status.Kept {
		if _, err := postgis.Keep(ctx, o); err != nil {
			return "", false, err
		}
	}
	if cluster.Started() {
		err = startWatcher(cluster, 10, 6)
	}
	return cluster.URL(), cluster.Started(), err
}

// memoryDisk is where Linux keeps files in memory. A copy of a migrated
// database there takes 25 ms, most of it the making of 400 files, and ten times
// as long on a disk. Containers often have only 64 MB of it.
const (
	memoryDisk     = "/dev/shm"
	memoryDiskSize = 2 << 30
)

func baseDir() string {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memoryDisk, &fs); err == nil && int64(fs.Blocks)*int64(fs.Bsize) >= memoryDiskSize {
		return memoryDisk
	}
	return os.TempDir()
}

// sharedDir is the data directory of the shared server: one for each user and
// major version, checked to be the user's own, since anyone may write to /tmp.
func sharedDir() (string, error) {
	major, err := serverMajor()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(baseDir(), fmt.Sprintf("quanyu-test-%d-pg%d", os.Geteuid(), major))
	if err := os.Mkdir(dir, 0o711); err != nil && !os.IsExist(err) {
		return "", err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() || int(info.Sys().(*syscall.Stat_t).Uid) != os.Geteuid() || info.Mode().Perm()&0o022 != 0 {
		return "", fmt.Errorf("%s is not a directory that only you can write to; remove it", dir)
	}
	return dir, nil
}

//go:embed watch.sh
var watchScript string

// startWatcher leaves a shell behind that stops the server when it is idle.
// Every test holds a connection from its beginning to its end, so a server
// without connections has no tests. period is in seconds; patience counts looks.
func startWatcher(cluster *postgis.Cluster, period, patience int) error {
	psql, err := cluster.Binary("psql")
	if err != nil {
		return err
	}
	cmd := exec.Command("/bin/sh", "-c", watchScript, "watch", psql, cluster.URL(), strconv.Itoa(period), strconv.Itoa(patience))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}
