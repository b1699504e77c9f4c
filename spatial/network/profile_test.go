package network

import (
	"math"
	"strings"
	"testing"
)

func TestShippedProfilesAreWhole(t *testing.T) {
	for _, name := range []string{"car", "car-design", "car-cautious", "bike", "walk"} {
		p, ok := ProfileByName(name)
		if !ok || len(p.Speeds) < 10 {
			t.Errorf("%s: found %v, %d classes", name, ok, len(p.Speeds))
		}
	}
	for _, mode := range []string{"car", "bike", "walk"} {
		defaults := 0
		for _, p := range Profiles() {
			if p.Mode == mode && p.Default {
				defaults++
			}
		}
		if defaults != 1 {
			t.Errorf("%s has %d default profiles", mode, defaults)
		}
	}
	car, _ := DefaultProfile("car")
	if car.Speeds[Motorway].Snap || car.Speeds[MotorwayLink].Snap {
		t.Error("one cannot set out from the middle of a motorway")
	}
	if car.SpeedKMH(Footway, 0) != 0 {
		t.Error("a footway is closed to cars")
	}
}

func TestSpeedIsTheLesserOfLimitAndDefaultTimesFactor(t *testing.T) {
	p := Profile{AccessKMH: 25, Speeds: map[Class]ClassSpeed{Trunk: {LegalKMH: 70, DefaultKMH: 80, Factor: 0.5}}}
	for _, c := range []struct {
		class  Class
		posted float64
		want   float64
	}{{Trunk, 0, 35}, {Trunk, 60, 30}, {Trunk, 120, 40}, {Primary, 60, 0}, {Access, 60, 25}} {
		if got := p.SpeedKMH(c.class, c.posted); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s posted %v: %v, want %v", c.class, c.posted, got, c.want)
		}
	}
}

func TestHashChangesWithAFigureButNotWithWords(t *testing.T) {
	car, _ := ProfileByName("car")
	before := car.Hash()
	car.Title = "another title"
	if car.Hash() != before {
		t.Error("a title changed the hash")
	}
	car.AccessKMH++
	if car.Hash() == before {
		t.Error("the access speed did not change the hash")
	}
}

func TestReadProfilesNamesTheFault(t *testing.T) {
	const head, row = "profile,mode,default,access_kmh,max_snap_m,title\n", "car,car,yes,30,20000,x\n"
	const speedHead = "profile,class,legal_kmh,default_kmh,factor,snap,source\n"
	for _, c := range []struct{ profiles, speeds, want string }{
		{"profile,mode\n", speedHead, "profiles.csv line 1"},
		{head + "car,horse,yes,30,20000,x\n", speedHead, "line 2, mode"},
		{head + "car,car,yes,fast,20000,x\n", speedHead, "line 2, access_kmh"},
		{head + "car,car,perhaps,30,20000,x\n", speedHead, "line 2, default"},
		{head + row, speedHead + "bus,trunk,80,80,1,yes,x\n", "speeds.csv line 2, profile"},
		{head + row, speedHead + "car,lane,80,80,1,yes,x\n", "line 2, class"},
		{head + row, speedHead + "car,trunk,80,80,1,yes,x\ncar,trunk,80,80,1,yes,x\n", "line 3, class"},
		{head + row, speedHead + "car,trunk,80,0,1,yes,x\n", "line 2, default_kmh"},
		{head + row, speedHead + "car,trunk,80,NaN,1,yes,x\n", "line 2, default_kmh"},
		{head + row, speedHead + "car,trunk,80,80,1.5,yes,x\n", "line 2, factor"},
		{head + row, speedHead + "car,trunk,80,80,1,yes,\n", "line 2, source"},
		{head + row, speedHead + "car,trunk,80\n", "speeds.csv"},
	} {
		_, err := ReadProfiles(strings.NewReader(c.profiles), strings.NewReader(c.speeds))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q + %q: %v, want %q", c.profiles, c.speeds, err, c.want)
		}
	}
}
