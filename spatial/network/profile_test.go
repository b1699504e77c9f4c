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
	if car.SpeedKMH(Run{Class: Footway}) != 0 {
		t.Error("a footway is closed to cars")
	}
}

func TestSpeedIsTheLesserOfLimitAndDefaultTimesFactor(t *testing.T) {
	p := Profile{AccessKMH: 25, Surfaces: map[Surface]float64{Unpaved: 20},
		Speeds: map[Class]ClassSpeed{Trunk: {LegalKMH: 70, DefaultKMH: 80, Factor: 0.5}, Ferry: {LegalKMH: 10, DefaultKMH: 8, Factor: 0.5}}}
	for _, c := range []struct {
		class   Class
		surface Surface
		posted  float64
		want    float64
	}{
		{Trunk, Paved, 0, 35}, {Trunk, Paved, 60, 30}, {Trunk, Paved, 120, 40}, {Primary, Paved, 60, 0}, {Access, Paved, 60, 25},
		{Trunk, Unpaved, 0, 10}, {Trunk, Unpaved, 8.25, 4.125}, {Ferry, Paved, 0, 4}, {Ferry, Paved, 13.37, 13.37},
	} {
		if got := p.SpeedKMH(Run{Class: c.class, Surface: c.surface, Posted: SpeedOf(c.posted)}); math.Abs(got-c.want) > 1e-12 {
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
	const surfaceHead = "profile,surface,limit_kmh,source\n"
	for _, c := range []struct{ profiles, speeds, surfaces, want string }{
		{"profile,mode\n", speedHead, surfaceHead, "profiles.csv line 1"},
		{head + "car,horse,yes,30,20000,x\n", speedHead, surfaceHead, "line 2, mode"},
		{head + "car,car,yes,fast,20000,x\n", speedHead, surfaceHead, "line 2, access_kmh"},
		{head + "car,car,perhaps,30,20000,x\n", speedHead, surfaceHead, "line 2, default"},
		{head + row, speedHead + "bus,trunk,80,80,1,yes,x\n", surfaceHead, "speeds.csv line 2, profile"},
		{head + row, speedHead + "car,lane,80,80,1,yes,x\n", surfaceHead, "line 2, class"},
		{head + row, speedHead + "car,trunk,80,80,1,yes,x\ncar,trunk,80,80,1,yes,x\n", surfaceHead, "line 3, class"},
		{head + row, speedHead + "car,trunk,80,0,1,yes,x\n", surfaceHead, "line 2, default_kmh"},
		{head + row, speedHead + "car,trunk,80,NaN,1,yes,x\n", surfaceHead, "line 2, default_kmh"},
		{head + row, speedHead + "car,trunk,80,80,1.5,yes,x\n", surfaceHead, "line 2, factor"},
		{head + row, speedHead + "car,trunk,80,80,1,yes,\n", surfaceHead, "line 2, source"},
		{head + row, speedHead + "car,trunk,80\n", surfaceHead, "speeds.csv"},
		{head + row, speedHead, surfaceHead + "bus,unpaved,20,x\n", "surfaces.csv line 2, profile"},
		{head + row, speedHead, surfaceHead + "car,lava,20,x\n", "line 2, surface"},
		{head + row, speedHead, surfaceHead + "car,unpaved,20,x\ncar,unpaved,20,x\n", "line 3, surface"},
		{head + row, speedHead, surfaceHead + "car,unpaved,0,x\n", "line 2, limit_kmh"},
		{head + row, speedHead, surfaceHead + "car,unpaved,20,\n", "line 2, source"},
	} {
		_, err := ReadProfiles(strings.NewReader(c.profiles), strings.NewReader(c.speeds), strings.NewReader(c.surfaces))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q + %q + %q: %v, want %q", c.profiles, c.speeds, c.surfaces, err, c.want)
		}
	}
}
