package postgis

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"quanyu/spatial"
)

func needRoot(t *testing.T) account {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can act as two users; run the tests as root as well")
	}
	nobody := account{uid: 65534, gid: 65534}
	nobody.name = nameOf(nobody.uid)
	return nobody
}

func uidOf(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Sys().(*syscall.Stat_t).Uid)
}

// serverUID is the user that the server process itself runs as.
func serverUID(t *testing.T, dir string) int {
	t.Helper()
	return uidOf(t, fmt.Sprintf("/proc/%d", postmaster(t, dir)))
}

func TestServerNeverRunsAsRoot(t *testing.T) {
	needRoot(t)
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	if uid := serverUID(t, dir); uid == 0 || uid != c.site.owner.uid {
		t.Errorf("the server runs as user %d", uid)
	}
	if want := filepath.Join(dir, "postgres"); c.site.home != want {
		t.Errorf("the cluster is in %s, want %s", c.site.home, want)
	}
	one(t, c.URL(), "SELECT 'root comes in'")
}

// A clone under root's 0700 home cannot be entered by the server's user.
func TestClusterGoesElsewhereFromAClosedDirectory(t *testing.T) {
	needRoot(t)
	closed := filepath.Dir(dataDir(t))
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	var said strings.Builder
	c := attach(t, ClusterOptions{Dir: dir, Create: true, Log: func(line string) { said.WriteString(line + "\n") }})
	t.Cleanup(func() { os.RemoveAll(c.site.home) })
	t.Cleanup(func() { c.Release() })
	if filepath.Dir(c.site.home) != elsewhere || !strings.Contains(said.String(), c.site.home) {
		t.Errorf("the cluster is in %s; said: %s", c.site.home, said.String())
	}
	one(t, c.URL(), "SELECT 'root comes in'")
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	// The choice stands, also when the directory could be entered by now.
	if err := os.Chmod(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	again := attach(t, ClusterOptions{Dir: dir, Create: true})
	if again.site.home != c.site.home {
		t.Errorf("the cluster moved from %s to %s", c.site.home, again.site.home)
	}
	if _, err := os.Stat(filepath.Join(dir, "postgres.log")); err != nil {
		t.Errorf("no log in the data directory: %v", err)
	}
}

func TestOrdinaryUserRunsTheServerHimself(t *testing.T) {
	nobody := needRoot(t)
	dir := dataDir(t)
	if err := os.Chown(filepath.Dir(dir), nobody.uid, nobody.gid); err != nil {
		t.Fatal(err)
	}
	h := startHolder(t, dir, true, &nobody)
	kind, url := h.answer(t)
	if kind != "url" {
		t.Fatal(url)
	}
	if uid := serverUID(t, dir); uid != nobody.uid {
		t.Errorf("the server runs as user %d", uid)
	}
	// root attaches beside him, and the server stays his.
	c := attach(t, ClusterOptions{Dir: dir})
	one(t, c.URL(), "SELECT 'x'")
	h.leave(t)
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	if err := attach(t, ClusterOptions{Dir: dir}).Release(); err != nil {
		t.Fatal(err)
	}
	// What root did in between does not shut him out.
	h = startHolder(t, dir, false, &nobody)
	if kind, text := h.answer(t); kind != "url" {
		t.Fatal(text)
	}
	h.leave(t)
}

// With sudo in a user's directory the cluster is the user's, not postgres's.
func TestRootMakesTheClusterOfTheDirectorysOwner(t *testing.T) {
	nobody := needRoot(t)
	dir := dataDir(t)
	if err := os.Chown(filepath.Dir(dir), nobody.uid, nobody.gid); err != nil {
		t.Fatal(err)
	}
	if err := attach(t, ClusterOptions{Dir: dir, Create: true}).Release(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, startLock), filepath.Join(dir, "postgres.log"), filepath.Join(dir, "postgres/data")} {
		if uid := uidOf(t, path); uid != nobody.uid {
			t.Errorf("%s belongs to user %d", path, uid)
		}
	}
	h := startHolder(t, dir, false, &nobody)
	if kind, text := h.answer(t); kind != "url" {
		t.Fatal(text)
	}
	h.leave(t)
}

func TestStrangerIsKeptOut(t *testing.T) {
	nobody := needRoot(t)
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	h := startHolder(t, dir, false, &nobody)
	if kind, text := h.answer(t); kind != "error" || !strings.Contains(text, "cannot be read by this user") {
		t.Errorf("a stranger's command: %s %s", kind, text)
	}
	// Even where file permissions let him through, peer authentication does not.
	for _, path := range []string{c.site.home, filepath.Join(c.site.home, "run")} {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(c.site.home, "run", ".s.PGSQL."+socketPort), 0o777); err != nil {
		t.Fatal(err)
	}
	psql, err := c.Binary("psql")
	if err != nil {
		t.Fatal(err)
	}
	cmd := nobody.command(psql, c.URL(), "-Xc", "SELECT 1")
	cmd.Dir = "/"
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "authentication failed") {
		t.Errorf("psql as a stranger: %v %s", err, out)
	}
}

func TestFilesOfRootAreGivenAway(t *testing.T) {
	needRoot(t)
	dir := dataDir(t)
	c := attach(t, ClusterOptions{Dir: dir, Create: true})
	if err := c.Release(); err != nil {
		t.Fatal(err)
	}
	if err := chownAll(c.site.home, account{}); err != nil { // as cp -r by root would leave them
		t.Fatal(err)
	}
	attach(t, ClusterOptions{Dir: dir})
	if uid := serverUID(t, dir); uid != c.site.owner.uid {
		t.Errorf("the server runs as user %d", uid)
	}
}

func TestFindSiteFollowsLinks(t *testing.T) {
	base := t.TempDir()
	real := filepath.Join(base, "real")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, filepath.Join(base, "link")); err != nil {
		t.Fatal(err)
	}
	direct, err1 := findSite(real)
	linked, err2 := findSite(filepath.Join(base, "link"))
	if direct != linked || !errors.Is(err1, errNoCluster) || !errors.Is(err2, errNoCluster) {
		t.Errorf("%+v %v\n%+v %v", direct, err1, linked, err2)
	}
	if spatial.KindOf(err1) != spatial.Unavailable {
		t.Errorf("kind %s", spatial.KindOf(err1))
	}
}
