package postgis

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"quanyu/spatial"
)

// fakeServer makes an installation of programs that only know their version
// and their share directory.
func fakeServer(t *testing.T, root string, major int, postgis bool) string {
	t.Helper()
	bin, share := filepath.Join(root, fmt.Sprint(major), "bin"), filepath.Join(root, fmt.Sprint(major), "share")
	for _, dir := range []string{bin, filepath.Join(share, "extension")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string]string{
		filepath.Join(bin, "initdb"):    "#!/bin/sh\n",
		filepath.Join(bin, "postgres"):  fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %d.1 (Some 1.2)'\n", major),
		filepath.Join(bin, "pg_config"): "#!/bin/sh\necho '" + share + "'\n",
	}
	if postgis {
		files[filepath.Join(share, "extension", "postgis.control")] = "\n"
	}
	for path, text := range files {
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

func TestFindBinaries(t *testing.T) {
	root := t.TempDir()
	fakeServer(t, root, 9, true)
	want15 := fakeServer(t, root, 15, true)
	want16 := fakeServer(t, root, 16, true)
	fakeServer(t, root, 17, false)
	places := []string{filepath.Join(root, "*", "bin"), filepath.Join(root, "nowhere")}
	for _, c := range []struct {
		major int
		dir   string
	}{{0, want16}, {15, want15}, {16, want16}} {
		if got, err := findBinaries(places, c.major); err != nil || got.dir != c.dir {
			t.Errorf("major %d: %+v, %v; want %s", c.major, got, err, c.dir)
		}
	}
	_, err := findBinaries(places, 17)
	for _, word := range []string{"PostgreSQL 17 with PostGIS is not installed", "17 in " + root, "has no PostGIS", "9 in " + root, "is too old",
		"16 in " + root, "another major version", "QUANYU_DATABASE_URL"} {
		if err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("the advice does not say %q: %v", word, err)
		}
	}
	if _, err := findBinaries(nil, 0); spatial.KindOf(err) != spatial.Unavailable {
		t.Errorf("nothing installed: %v", err)
	}
}

func TestClusterIsNotBegunWithoutAServer(t *testing.T) {
	dir := dataDir(t)
	_, err := Attach(t.Context(), ClusterOptions{Dir: dir, Create: true, serverPlaces: []string{}})
	if spatial.KindOf(err) != spatial.Unavailable || !strings.Contains(err.Error(), "nstall") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres")); err == nil {
		t.Error("a cluster's directory was made")
	}
}

func TestInstallAdvice(t *testing.T) {
	for _, c := range []struct {
		goos, release string
		major         int
		want          string
	}{
		{"linux", "NAME=x\nID=debian\n", 0, "apt install postgresql postgis postgresql-postgis"},
		{"linux", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", 16, "apt install postgresql-16-postgis-3"},
		{"linux", "ID=fedora", 0, "dnf install"},
		{"linux", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"", 0, "dnf install"},
		{"linux", "ID=arch", 0, "pacman"},
		{"linux", "ID=alpine", 0, "apk"},
		{"linux", "ID=debianish", 0, "your system's packages"},
		{"darwin", "", 0, "brew install postgis"},
		{"darwin", "", 16, "postgresql@16"},
		{"freebsd", "", 0, "your system's packages"},
	} {
		if got := installAdvice(c.goos, []byte(c.release), c.major); !strings.Contains(got, c.want) {
			t.Errorf("%s %q %d: %q does not say %q", c.goos, c.release, c.major, got, c.want)
		}
	}
}

func TestMachineSettings(t *testing.T) {
	const gib = 1 << 30
	for _, c := range []struct {
		memory, shm int64
		cores       int
		want        map[string]string
	}{
		{2 * gib, 64 * mib, 2, map[string]string{"shared_buffers": "256MB", "effective_cache_size": "1024MB", "work_mem": "8MB",
			"maintenance_work_mem": "64MB", "max_parallel_workers_per_gather": "1", "dynamic_shared_memory_type": "mmap"}},
		{24 * gib, 12 * gib, 2, map[string]string{"shared_buffers": "3072MB", "effective_cache_size": "12288MB", "work_mem": "64MB",
			"maintenance_work_mem": "512MB", "jit": "off", "random_page_cost": "1.1", "dynamic_shared_memory_type": ""}},
		{256 * mib, gib, 1, map[string]string{"shared_buffers": "64MB", "work_mem": "4MB", "max_parallel_workers": "2"}},
		{512 * gib, gib, 64, map[string]string{"shared_buffers": "4096MB", "effective_cache_size": "65536MB", "max_worker_processes": "64", "max_parallel_workers_per_gather": "4"}},
	} {
		got := machineSettings(c.memory, c.cores, c.shm)
		for name, want := range c.want {
			if got[name] != want {
				t.Errorf("%d MiB, %d cores: %s = %q, want %q", c.memory/mib, c.cores, name, got[name], want)
			}
		}
		if value, set := got["fsync"]; set {
			t.Errorf("fsync is set to %s", value)
		}
	}
}

func TestQuotedNames(t *testing.T) {
	for name, want := range map[string]string{"alice": `"alice"`, `a "b" c`: `"a ""b"" c"`} {
		if got := quoteIdent(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
