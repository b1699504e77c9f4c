package network

import (
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"

	"quanyu/spatial"
)

//go:embed profiles/profiles.csv profiles/speeds.csv profiles/surfaces.csv
var profileTables embed.FS

// ClassSpeed is what a profile says of one road class. Speeds are km/h.
type ClassSpeed struct {
	LegalKMH   float64 // general legal limit, where the way has no posted one
	DefaultKMH float64 // speed that the class is built or known for
	Factor     float64 // share of it that is reached in practice
	Snap       bool    // whether one may set out from or arrive on such a road
	Source     string  // where the figures come from
}

// Profile is one way of travelling, as three tables describe it:
// profiles/profiles.csv has a row for each profile, profiles/speeds.csv a row
// for each class that the profile may use, profiles/surfaces.csv a row for
// each surface that slows it down. The speed on a piece of road is
//
//	min(posted limit or LegalKMH, DefaultKMH, limit of the surface) x Factor
//
// and a class without a row is closed.
type Profile struct {
	Name      string
	Mode      string // car, bike or walk
	Title     string
	Default   bool    // the mode's default
	AccessKMH float64 // on the straight leg between a point and its road
	MaxSnap   spatial.Meters
	Speeds    map[Class]ClassSpeed
	Surfaces  map[Surface]float64 // fastest that the surface lets one travel, km/h
}

// SpeedKMH is the speed on a stretch of road, in km/h; 0 means closed. A ferry
// whose timetable is known (its posted speed) keeps it.
func (p Profile) SpeedKMH(r Run) float64 {
	if r.Class == Access {
		return p.AccessKMH
	}
	s, open := p.Speeds[r.Class]
	if !open {
		return 0
	}
	legal := s.LegalKMH
	if r.Posted > 0 {
		if legal = r.Posted.KMH(); r.Class == Ferry {
			return legal
		}
	}
	speed := min(legal, s.DefaultKMH)
	if limit, known := p.Surfaces[r.Surface]; known {
		speed = min(speed, limit)
	}
	return speed * s.Factor
}

// Modes is the profile's mode as a set of one.
func (p Profile) Modes() Modes {
	m, _ := ParseMode(p.Mode) // the tables' parser lets only known modes in
	return m
}

// Hash identifies the profile's figures: 16 hex digits over everything that
// bears on a travel time, sources and titles left out.
func (p Profile) Hash() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %v %v\n", p.Mode, p.AccessKMH, float64(p.MaxSnap))
	for _, c := range Classes() {
		if s, open := p.Speeds[c]; open {
			fmt.Fprintf(h, "%s %v %v %v %v\n", c, s.LegalKMH, s.DefaultKMH, s.Factor, s.Snap)
		}
	}
	for s := range surfaceCount {
		if limit, slow := p.Surfaces[s]; slow {
			fmt.Fprintf(h, "%s %v\n", s, limit)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Profiles lists the shipped profiles in the order of their table. A test
// reads the tables, so a fault in them never reaches a user; it would panic.
var Profiles = sync.OnceValue(func() []Profile {
	open := func(name string) io.Reader {
		text, err := profileTables.ReadFile("profiles/" + name)
		if err != nil {
			panic(err)
		}
		return strings.NewReader(string(text))
	}
	list, err := ReadProfiles(open("profiles.csv"), open("speeds.csv"), open("surfaces.csv"))
	if err != nil {
		panic(err)
	}
	return list
})

// ProfileByName finds a shipped profile.
func ProfileByName(name string) (Profile, bool) {
	return findProfile(func(p Profile) bool { return p.Name == name })
}

// DefaultProfile is the profile that a mode has when a request names none.
func DefaultProfile(mode string) (Profile, bool) {
	return findProfile(func(p Profile) bool { return p.Mode == mode && p.Default })
}

func findProfile(is func(Profile) bool) (Profile, bool) {
	list := Profiles()
	i := slices.IndexFunc(list, is)
	if i < 0 {
		return Profile{}, false
	}
	return list[i], true
}

// ReadProfiles reads the three tables. Errors name table, line and column.
func ReadProfiles(profiles, speeds, surfaces io.Reader) ([]Profile, error) {
	var list []Profile
	err := readTable(profiles, "profiles.csv", "profile,mode,default,access_kmh,max_snap_m,title", func(r tableRow) {
		if _, ok := ParseMode(r.text(1)); !ok {
			r.fault(1, "is not car, bike or walk")
		}
		list = append(list, Profile{
			Name: r.text(0), Mode: r.text(1), Default: r.flag(2), AccessKMH: r.number(3, 1, 150),
			MaxSnap: spatial.Meters(r.number(4, 1, 100_000)), Title: r.text(5), Speeds: map[Class]ClassSpeed{}, Surfaces: map[Surface]float64{},
		})
	})
	if err != nil {
		return nil, err
	}
	err = readTable(speeds, "speeds.csv", "profile,class,legal_kmh,default_kmh,factor,snap,source", func(r tableRow) {
		i := slices.IndexFunc(list, func(p Profile) bool { return p.Name == r.text(0) })
		class, known := ParseClass(r.text(1))
		switch {
		case i < 0:
			r.fault(0, "is not in profiles.csv")
		case !known || class == Access:
			r.fault(1, "is not a road class")
		default:
			if _, twice := list[i].Speeds[class]; twice {
				r.fault(1, "stands twice for this profile")
			}
			list[i].Speeds[class] = ClassSpeed{
				LegalKMH: r.number(2, 1, 150), DefaultKMH: r.number(3, 1, 150), Factor: r.number(4, 0.1, 1),
				Snap: r.flag(5), Source: r.text(6),
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = readTable(surfaces, "surfaces.csv", "profile,surface,limit_kmh,source", func(r tableRow) {
		i := slices.IndexFunc(list, func(p Profile) bool { return p.Name == r.text(0) })
		surface, known := ParseSurface(r.text(1))
		switch {
		case i < 0:
			r.fault(0, "is not in profiles.csv")
		case !known || surface == SurfaceUnknown:
			r.fault(1, "is not a surface")
		default:
			if _, twice := list[i].Surfaces[surface]; twice {
				r.fault(1, "stands twice for this profile")
			}
			list[i].Surfaces[surface] = r.number(2, 1, 150)
			r.text(3)
		}
	})
	return list, err
}

// tableRow reads the cells of one line and keeps the first fault of a table.
type tableRow struct {
	table string
	line  int
	head  []string
	cells []string
	err   *error
}

func (r tableRow) text(i int) string {
	if r.cells[i] == "" {
		r.fault(i, "is empty")
	}
	return r.cells[i]
}

func (r tableRow) number(i int, low, high float64) float64 {
	v, err := strconv.ParseFloat(r.cells[i], 64)
	if err != nil || !(v >= low && v <= high) {
		r.fault(i, fmt.Sprintf("is not a number from %v to %v", low, high))
	}
	return v
}

func (r tableRow) flag(i int) bool {
	if r.cells[i] != "yes" && r.cells[i] != "no" {
		r.fault(i, "is not yes or no")
	}
	return r.cells[i] == "yes"
}

func (r tableRow) fault(i int, what string) {
	if *r.err == nil {
		*r.err = fmt.Errorf("%s line %d, %s: %q %s", r.table, r.line, r.head[i], r.cells[i], what)
	}
}

// readTable reads a CSV table whose header must be exactly head, and gives
// every line to row until one is at fault.
func readTable(in io.Reader, name, head string, row func(tableRow)) error {
	reader := csv.NewReader(in)
	columns := strings.Split(head, ",")
	first, err := reader.Read()
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if !slices.Equal(first, columns) {
		return fmt.Errorf("%s line 1: the header is %q, it must be %q", name, strings.Join(first, ","), head)
	}
	var fault error
	for fault == nil {
		cells, err := reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		line, _ := reader.FieldPos(0)
		row(tableRow{name, line, columns, cells, &fault})
	}
	return fault
}
