package postgis

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"quanyu/spatial"
)

// oldestMajor is the oldest PostgreSQL that the schema and the tile SQL are
// written for.
const oldestMajor = 14

// binaries is one installation of PostgreSQL that has PostGIS.
type binaries struct {
	dir   string // holds postgres, initdb and mostly psql
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

// serverPlaces lists, as glob patterns, where systems keep the server's
// programs: Debian and Ubuntu, the PostgreSQL project's own RPMs, Alpine,
// Homebrew on both processors and on Linux, Postgres.app, a build from source.
func serverPlaces() []string {
	places := []string{
		"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/libexec/postgresql*",
		"/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/local/pgsql/bin", "/opt/homebrew/bin", "/usr/local/bin", "/usr/bin",
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		places = append(places, filepath.Dir(path))
	}
	return places
}

// findBinaries returns the newest PostgreSQL with PostGIS among the places or,
// when major is not 0, the one of that major version. The error says what is
// there, what is missing and how to install it.
func findBinaries(places []string, major int) (binaries, error) {
	var best binaries
	var seen []string
	for _, pattern := range places {
		dirs, _ := filepath.Glob(pattern) // the only error is a bad pattern
		for _, dir := range dirs {
			found, ok := serverVersion(dir)
			switch {
			case !ok:
				continue
			case found < oldestMajor:
				seen = append(seen, fmt.Sprintf("PostgreSQL %d in %s is too old", found, dir))
			case !hasPostGIS(dir, found):
				seen = append(seen, fmt.Sprintf("PostgreSQL %d in %s has no PostGIS", found, dir))
			case major != 0 && found != major:
				seen = append(seen, fmt.Sprintf("PostgreSQL %d in %s is another major version", found, dir))
			case found > best.major:
				best = binaries{dir, found}
			}
		}
	}
	if best.major > 0 {
		return best, nil
	}
	return binaries{}, missingServer(major, slices.Compact(slices.Sorted(slices.Values(seen))))
}

var versionNumber = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// serverVersion is the major version of the server in dir, false when dir does
// not hold the two programs that a cluster needs.
func serverVersion(dir string) (int, bool) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return 0, false
	}
	match := versionNumber.FindSubmatch(out)
	if match == nil {
		return 0, false
	}
	major, err := strconv.Atoi(string(match[1]))
	return major, err == nil
}

// hasPostGIS looks for the extension where that server would: in the share
// directory that its pg_config names or, where pg_config is not installed, in
// those that systems use.
func hasPostGIS(dir string, major int) bool {
	v := strconv.Itoa(major)
	shares := []string{
		"/usr/share/postgresql/" + v, "/usr/share/pgsql", "/usr/share/postgresql" + v, "/usr/share/postgresql",
		filepath.Join(dir, "../share/postgresql@"+v), filepath.Join(dir, "../share/postgresql"), filepath.Join(dir, "../share"),
	}
	if out, err := exec.Command(filepath.Join(dir, "pg_config"), "--sharedir").Output(); err == nil {
		shares = []string{strings.TrimSpace(string(out))}
	}
	return slices.ContainsFunc(shares, func(share string) bool {
		_, err := os.Stat(filepath.Join(share, "extension", "postgis.control"))
		return err == nil
	})
}

func missingServer(major int, seen []string) error {
	what := "PostgreSQL with PostGIS is not installed"
	if major != 0 {
		what = fmt.Sprintf("PostgreSQL %d with PostGIS is not installed", major)
	}
	if len(seen) > 0 {
		what += " (" + strings.Join(seen, "; ") + ")"
	}
	return spatial.Errorf(spatial.Unavailable, "%s. %s Or set QUANYU_DATABASE_URL to a server of your own.",
		what, installAdvice(runtime.GOOS, osRelease(), major))
}

// osRelease is the text of os-release(5), nothing where there is none.
func osRelease() []byte {
	text, _ := os.ReadFile("/etc/os-release")
	return text
}

// installAdvice says in one sentence how to install the server on a system.
func installAdvice(goos string, release []byte, major int) string {
	family := func(names ...string) bool {
		for line := range bytes.Lines(release) {
			key, value, _ := strings.Cut(strings.TrimSpace(string(line)), "=")
			if key != "ID" && key != "ID_LIKE" {
				continue
			}
			for word := range strings.FieldsSeq(strings.Trim(value, `"'`)) {
				if slices.Contains(names, word) {
					return true
				}
			}
		}
		return false
	}
	v := ""
	if major != 0 {
		v = strconv.Itoa(major)
	}
	switch {
	case goos == "darwin" && v != "":
		return "Install it with: brew install postgresql@" + v + " postgis (or Postgres.app " + v + ")."
	case goos == "darwin":
		return "Install it with: brew install postgis (or Postgres.app)."
	case family("debian", "ubuntu") && v != "":
		return "Install it with: sudo apt install postgresql-" + v + "-postgis-3 (older and newer versions: apt.postgresql.org)."
	case family("debian", "ubuntu"):
		return "Install it with: sudo apt install postgresql postgis postgresql-postgis."
	case family("fedora", "rhel", "centos"):
		return "Install it with: sudo dnf install postgresql-server postgis."
	case family("arch"):
		return "Install it with: sudo pacman -S postgresql postgis."
	case family("alpine"):
		return "Install it with: sudo apk add postgresql postgis."
	default:
		return "Install the PostgreSQL server and its PostGIS extension from your system's packages."
	}
}

// ServerMajor is the major version of the PostgreSQL that a new cluster would
// get on this machine.
func ServerMajor() (int, error) {
	bin, err := findBinaries(serverPlaces(), 0)
	return bin.major, err
}
