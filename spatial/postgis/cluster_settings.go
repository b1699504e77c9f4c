package postgis

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const mib = 1 << 20

// superuser is the one role of an embedded cluster and databaseName its one
// database.
const (
	superuser    = "quanyu"
	databaseName = "quanyu"
)

// mainConf is the server's configuration file, written once, so that an
// operator may add to it; the settings of quanyu.conf are written anew at each
// start, since the machine may have changed.
const mainConf = `# The embedded database of Quanyu.
include 'quanyu.conf' # written by quanyu at each start
# Settings of your own go below; they win.
`

// writeSettings writes the files that the server reads at its start: what suits
// this machine, and that only its owner and root may come in. There is no
// password: the kernel says who is at the other end of the socket (peer).
func writeSettings(s site, extra map[string]string) error {
	settings := machineSettings(machineMemory(), runtime.NumCPU(), sharedMemory())
	maps.Copy(settings, extra)
	var conf strings.Builder
	conf.WriteString("# Written by quanyu at each start; put settings of your own in postgresql.conf.\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&conf, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	who := fmt.Sprintf("quanyu %s %s\nquanyu root %s\n", quoteIdent(s.owner.name), superuser, superuser)
	for name, text := range map[string]string{
		"quanyu.conf":   conf.String(),
		"pg_hba.conf":   "local all all peer map=quanyu\n",
		"pg_ident.conf": who,
	} {
		path := filepath.Join(s.data(), name)
		if err := writeFile(path, text); err != nil {
			return err
		}
	}
	return nil
}

// quoteIdent quotes a system user's name for pg_ident.conf, where a bare word
// could be taken for a keyword, a pattern or the end of the field.
func quoteIdent(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// machineSettings fits the server into a machine that it shares with quanyu,
// whose road graphs want memory as well: an eighth for shared buffers instead
// of the quarter that PostgreSQL's manual ("Resource Consumption") gives a
// machine of its own. fsync stays on. memory and shm (the room for shared
// memory files) are bytes.
func machineSettings(memory int64, cores int, shm int64) map[string]string {
	share := func(part, least, most int64) string {
		return strconv.FormatInt(min(max(memory/part/mib, least), most), 10) + "MB"
	}
	settings := map[string]string{
		"shared_buffers":       share(8, 64, 4096),
		"effective_cache_size": share(2, 256, 65536),
		"work_mem":             share(256, 4, 64),
		"maintenance_work_mem": share(32, 32, 512),
		"max_wal_size":         "2GB",
		// A spatial query's cost is in its geometry, which the planner does not
		// know: JIT only adds its compile time, and files are on SSD or cached.
		"jit":                             "off",
		"random_page_cost":                "1.1",
		"max_worker_processes":            strconv.Itoa(max(8, cores)),
		"max_parallel_workers":            strconv.Itoa(max(2, cores)),
		"max_parallel_workers_per_gather": strconv.Itoa(min(max(1, cores/2), 4)),
		"max_connections":                 "100",
		"timezone":                        "UTC",
		"log_timezone":                    "UTC",
		"lc_messages":                     "C",
		"log_line_prefix":                 "%m [%p] ",
		"log_checkpoints":                 "off",
		"cluster_name":                    "quanyu",
		"unix_socket_permissions":         "0700",
	}
	if runtime.GOOS == "linux" {
		settings["effective_io_concurrency"] = "200" // macOS has no posix_fadvise and refuses it
	}
	if shm < 256*mib {
		// Containers get 64 MB of /dev/shm, too little for parallel queries.
		settings["dynamic_shared_memory_type"] = "mmap"
	}
	return settings
}

// machineMemory is the bytes of memory that this process may count on: the
// machine's, or less when a control group (a container) limits it. 4 GiB when
// the system does not say.
func machineMemory() int64 {
	memory := int64(4096 * mib)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		var kib int64
		if _, err := fmt.Sscanf(string(text), "MemTotal: %d kB", &kib); err == nil {
			memory = kib * 1024
		}
	} else if out, err := exec.Command("sysctl", "-n", "hw.memsize").Output(); err == nil {
		if bytes, err := strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64); err == nil {
			memory = bytes
		}
	}
	for _, limit := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(limit)
		if err != nil {
			continue
		}
		if bytes, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil && bytes > 0 {
			memory = min(memory, bytes)
		}
	}
	return memory
}

// sharedMemory is the size of /dev/shm in bytes, or plenty where the system
// keeps shared memory elsewhere.
func sharedMemory() int64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &fs); err != nil {
		return 1 << 40
	}
	return int64(fs.Blocks) * int64(fs.Bsize)
}
