package postgis

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"quanyu/spatial"
)

// placeFile, in a data directory, holds the path of a cluster that had to be
// kept elsewhere.
const placeFile = "cluster.at"

// elsewhere is where root keeps clusters that the server's user could not
// enter in the data directory itself.
const elsewhere = "/var/lib/quanyu"

// account is the operating-system user that the server runs as.
type account struct {
	uid, gid int
	name     string
}

// site is a data directory and where its cluster is.
type site struct {
	dir   string // the data directory: locks, log
	home  string // holds data/, and run/ with the socket
	owner account
}

func (s site) lock(name string) string { return filepath.Join(s.dir, name) }
func (s site) data() string            { return filepath.Join(s.home, "data") }
func (s site) log() string             { return filepath.Join(s.dir, "postgres.log") }

// errNoCluster says that a data directory holds no cluster.
var errNoCluster = errors.New("no cluster")

func noCluster(dir string) error {
	return &spatial.Error{Kind: spatial.Unavailable, Err: errNoCluster, Detail: fmt.Sprintf(
		"There is no database in %s yet: quanyu up makes and fills one (or quanyu db start, an empty one), or set QUANYU_DATABASE_URL", dir)}
}

// findSite finds the cluster of a data directory; errNoCluster is in the chain
// of the error when there is none. It changes nothing.
func findSite(dir string) (site, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return site{}, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	s := site{dir: dir, home: filepath.Join(dir, "postgres")}
	if moved, err := os.ReadFile(filepath.Join(dir, placeFile)); err == nil {
		s.home = strings.TrimSpace(string(moved))
	} else if !errors.Is(err, os.ErrNotExist) {
		return s, unreadable(dir, err)
	}
	info, err := os.Stat(s.data())
	if errors.Is(err, os.ErrNotExist) {
		return s, noCluster(dir)
	}
	if err != nil {
		return s, unreadable(dir, err)
	}
	s.owner, err = ownerOf(s.data(), info)
	return s, err
}

func unreadable(dir string, err error) error {
	return &spatial.Error{Kind: spatial.Unavailable, Err: err, Detail: fmt.Sprintf(
		"The data directory %s cannot be read by this user; run quanyu as its owner, or name another with QUANYU_DATA_DIR", dir)}
}

// ownerOf finds who runs the server of an existing cluster: the owner of its
// files, to whom root drops. Files that root owns, which PostgreSQL refuses,
// are given to an unprivileged account.
func ownerOf(data string, info os.FileInfo) (account, error) {
	stat := info.Sys().(*syscall.Stat_t)
	uid, gid, me := int(stat.Uid), int(stat.Gid), os.Geteuid()
	if me != 0 && uid != me {
		return account{}, spatial.Errorf(spatial.Unavailable,
			"The database in %s belongs to user %s; run quanyu as that user or as root, or name another data directory with QUANYU_DATA_DIR.",
			data, nameOf(uid))
	}
	if uid != 0 {
		return account{uid, gid, nameOf(uid)}, nil
	}
	owner, err := unprivileged()
	if err != nil {
		return account{}, err
	}
	return owner, chownAll(filepath.Dir(data), owner)
}

// makeSite decides where a new cluster goes and who runs it, and makes the
// directories. A user keeps it in the data directory and runs it; root drops to
// the owner of the data directory or, where that is root as well, to postgres
// or nobody, and goes elsewhere when that user cannot enter the directory.
func makeSite(s site, note func(string)) (site, error) {
	parent, err := os.Stat(s.dir)
	if err != nil {
		return s, err
	}
	stat := parent.Sys().(*syscall.Stat_t)
	switch me := os.Geteuid(); {
	case me != 0:
		s.owner = account{me, os.Getegid(), nameOf(me)}
	case stat.Uid != 0:
		s.owner = account{int(stat.Uid), int(stat.Gid), nameOf(int(stat.Uid))}
	default:
		if s.owner, err = unprivileged(); err != nil {
			return s, err
		}
	}
	inside := makeHome(s)
	if inside == nil || os.Geteuid() != 0 {
		return s, inside
	}
	os.Remove(s.home) // empty, or it stays
	sum := sha256.Sum256([]byte(s.dir))
	s.home = filepath.Join(elsewhere, hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(elsewhere, 0o755); err != nil {
		return s, err
	}
	if err := makeHome(s); err != nil {
		return s, fmt.Errorf("%w; and before that: %w", err, inside)
	}
	note(fmt.Sprintf("user %s, who runs PostgreSQL for root, cannot enter %s: the database is kept in %s", s.owner.name, s.dir, s.home))
	return s, writeFile(filepath.Join(s.dir, placeFile), s.home+"\n")
}

// makeHome makes the cluster's home and checks that its owner can work there.
func makeHome(s site) error {
	if err := os.Mkdir(s.home, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(s.home, s.owner.uid, s.owner.gid); err != nil {
			return err
		}
	}
	// The kernel judges, so that access lists and mount options count too.
	probe := s.owner.command("/bin/sh", "-c", ": > probe && rm probe")
	probe.Dir = s.home
	if out, err := probe.CombinedOutput(); err != nil {
		return fmt.Errorf("user %s cannot work in %s: %w %s", s.owner.name, s.home, err, out)
	}
	return nil
}

// command is a command that runs as the account, with nothing in its
// environment that would point PostgreSQL's programs to another server.
func (a account) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	if os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}}
	} else {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	return cmd
}

// unprivileged is the account to which root drops.
func unprivileged() (account, error) {
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{uid, gid, name}, nil
		}
	}
	return account{}, spatial.Errorf(spatial.Unavailable,
		"PostgreSQL does not run as root, and there is no user postgres or nobody to run it as; run quanyu as another user.")
}

func nameOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// chownAll gives a tree to an account.
func chownAll(root string, owner account) error {
	return filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, owner.uid, owner.gid)
	})
}

// writeFile replaces a file in one step, so that a reader, or a start after a
// kill, never meets half of it.
func writeFile(path, text string) error {
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		return err
	}
	if err := ownLikeParent(path + ".new"); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
