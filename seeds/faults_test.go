package seeds_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"quanyu/seeds"
)

// shippedFiles are the fact files as they are in the repository.
func shippedFiles(t testing.TB) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"datasets.csv", "plans.csv", "articles.csv", "divisions.csv", "seats.csv", "cities.csv",
		"city-clusters.csv", "metropolitan-areas.csv", "development-axes.csv", "zones.csv",
		"airports.csv", "border-places.csv", "border-distances.csv", "targets.csv", "mentions.csv"} {
		content, err := fs.ReadFile(os.DirFS("facts"), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	return files
}

// Each case spoils one row of the shipped files; the fault must name the
// file, the line of that row, the field and what is wrong.
func TestBadRowsAreRefused(t *testing.T) {
	for _, c := range []struct{ file, old, spoilt, field, detail string }{
		{"seats.csv", "\nseat-513300,513300,", "\nseat-513300,51330,", "adcode", "six digits"},
		{"seats.csv", "\nseat-513300,513300,", "\nseat-513300,999999,", "adcode", "no division"},
		{"seats.csv", ",101.96,30.05,", ",30.05,101.96,", "lon", "outside China"},
		{"seats.csv", ",101.96,30.05,", ",,30.05,", "lon", "empty while lat"},
		{"seats.csv", ",101.96,30.05,1107431,", ",101.96,30.05,1107432,", "resident_population", "1107431"},
		{"seats.csv", ",101.96,30.05,1107431,", ",101.96,30.05,-1,", "resident_population", "whole number"},
		{"airports.csv", "zutf,成都天府国际机场,", "zutf,,", "name_zh", "value is required"},
		{"airports.csv", "zutf,成都天府国际机场,", "ZUTF,成都天府国际机场,", "id", "small letters"},
		{"airports.csv", "2021-06-27,day", "2021-06-31,day", "opened", "not a date"},
		{"airports.csv", "2021-06-27,day", "2021-06-27,", "opened_precision", "empty while opened"},
		{"airports.csv", "2021-06-27,day", "2021-06-27,month", "opened", "first day"},
		{"airports.csv", "2021-06-27,day", "2021-06-27,week", "opened_precision", "day, month, year"},
		{"airports.csv", "2021-06-27,day,,", "2021-06-27,day,2020-01-01,day", "closed", "not after opened"},
		{"airports.csv", "ident ZUTF; opening date confirmed by press reports,LicenseRef-public-domain", "ident ZUTF,MIT", "licence", "not the licence of dataset"},
		{"airports.csv", ",ourairports-2026,ident ZUTF", ",nowhere,ident ZUTF", "source", "no dataset"},
		{"airports.csv", ",510000,2021-06-27", ",519999,2021-06-27", "province_adcode", "no province"},
		{"border-places.csv", "ceke-port,策克口岸,Ceke Port,port,upgrade,road,MN,152923", "ceke-port,策克口岸,Ceke Port,port,upgrade,road,MN,152999", "adcode", "no county-level"},
		{"border-places.csv", "ceke-port,策克口岸,Ceke Port,port,upgrade", "ceke-port,策克口岸,Ceke Port,port,none", "role", "none exactly where"},
		{"divisions.csv", "\n513300,513300,甘孜藏族自治州,", "\n513200,513300,甘孜藏族自治州,", "id", "sorted by id"},
		{"divisions.csv", "\n513300,513300,甘孜藏族自治州,", "\n513300,513200,甘孜藏族自治州,", "adcode", "already"},
		{"divisions.csv", "autonomous-prefecture,510000,1107431,2020", "autonomous-prefecture,510009,1107431,2020", "parent_adcode", "no division of a level above"},
		{"divisions.csv", "autonomous-prefecture,510000,1107431,2020,343428", "autonomous-prefecture,510000,1107431,2020,1343428", "urban_population", "more than the residents"},
		{"plans.csv", ",510000,45,", ",510000,46,", "article_count", "number of its articles"},
		{"plans.csv", ",510000,45,", ",519900,45,", "adcode", "no division"},
		{"articles.csv", "national-14fyp,52,", "national-14fyp,53,", "number", "no article of national-14fyp"},
		{"articles.csv", ",national-14fyp,52,", ",fourteenth,52,", "plan", "no plan"},
		{"cities.csv", "\ncity-513401,513401,", "\ncity-513401,513400,", "adcode", "no division of level county"},
		{"cities.csv", ",county,544615,2020,", ",county,544616,2020,", "urban_resident_population", "544615"},
		{"city-clusters.csv", ";130100;130200;", ";130199;130200;", "member_adcodes", "130199 is no division"},
		{"city-clusters.csv", ";130100;130200;", ";130200;130200;", "member_adcodes", "listed twice"},
		{"city-clusters.csv", ";130100;130200;", ";1301;130200;", "member_adcodes", "six digits"},
		{"city-clusters.csv", ",500154;500235,", ",500154;500236,", "partial_adcodes", "not among the members"},
		{"city-clusters.csv", ",110000;120000;130100,", ",110000;120000;140100,", "centre_adcodes", "not among the members"},
		{"metropolitan-areas.csv", ",510100,2021-11-18,", ",330100,2021-11-18,", "centre_adcode", "not among the members"},
		{"metropolitan-areas.csv", ",510100;510603;", ",510100;520103;", "core_adcodes", "lies in no member"},
		{"metropolitan-areas.csv", ",2021-11-18,day,", ",2021-11-18,month,", "approved", "first day"},
		{"development-axes.csv", ",510100;510600,axes", ",510100,axes", "line_adcodes", "two or more"},
		{"development-axes.csv", ",510100;510600,axes", ",510100;110105,axes", "line_adcodes", "has no place"},
		{"zones.csv", ",sichuan-14fyp,20,build", ",sichuan-14fyp,46,build", "article", "which has 45"},
		{"border-distances.csv", "\nceke-port,0.66,", "\ncek-port,0.66,", "id", "no border place"},
		{"border-distances.csv", "\nceke-port,0.66,", "\nceke-port,-0.66,", "border_distance_km", "less than nothing"},
		{"mentions.csv", ",cities/city-511600;", ",cities/city-511699;", "features", "no feature"},
		{"mentions.csv", ",cities/city-511600;", ",plans/national-14fyp;", "features", "cannot be mentioned"},
		{"mentions.csv", ",cities/city-511600;", ",cities:city-511600;", "features", "collection/id"},
		{"targets.csv", "\nn22-airport-minutes,", "\nn22-airport-coverage,", "id", "repeats"},
		{"targets.csv", ",>=,80,", ",about,80,", "comparator", "<="},
		{"targets.csv", ",>=,80,", ",>=,NaN,", "value", "not a number"},
		{"datasets.csv", "\ngeonames-2023,", "\ngeonames-2023 ,", "id", "blanks"},
		{"datasets.csv", ",measured\ngeonames", ",guessed\ngeonames", "kind", "measured, modelled"},
	} {
		t.Run(c.file+" "+c.spoilt, func(t *testing.T) {
			files := shippedFiles(t)
			text := string(files[c.file].Data)
			at := strings.Index(text, c.old)
			if at < 0 {
				t.Fatalf("%s has no %q to spoil", c.file, c.old)
			}
			line := strings.Count(text[:at+1], "\n") + 1
			files[c.file].Data = []byte(strings.Replace(text, c.old, c.spoilt, 1))
			_, err := seeds.ParseFacts(files)
			var facts *seeds.FactsError
			if !errors.As(err, &facts) {
				t.Fatalf("no fault found: %v", err)
			}
			for _, f := range facts.Faults {
				if f.File == c.file && f.Line == line && f.Field == c.field && strings.Contains(f.Detail, c.detail) {
					return
				}
			}
			t.Errorf("want %s:%d: %s: … %s …, got\n%v", c.file, line, c.field, c.detail, err)
		})
	}
}

// All faults are told at once, with their lines, not the first alone.
func TestEveryFaultIsTold(t *testing.T) {
	files := shippedFiles(t)
	text := string(files["airports.csv"].Data)
	files["airports.csv"].Data = []byte(strings.NewReplacer("2021-06-27,day", "27.6.2021,day", "2022-07-17,day", "soon,day").Replace(text))
	_, err := seeds.ParseFacts(files)
	if err == nil || strings.Count(err.Error(), "is not a date") != 2 {
		t.Errorf("want two faults, got %v", err)
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	for name, content := range map[string]string{
		"empty":         "",
		"byte mark":     "\ufeffid,title,title_zh,licence,attribution,retrieved,version,sha256,kind\n",
		"other header":  "id,title\n",
		"not UTF-8":     "id,title,title_zh,licence,attribution,retrieved,version,sha256,kind\n\xff,,,,,,,,\n",
		"short row":     "id,title,title_zh,licence,attribution,retrieved,version,sha256,kind\na,b\n",
		"open quote":    "id,title,title_zh,licence,attribution,retrieved,version,sha256,kind\n\"a,b\n",
		"quote in cell": "id,title,title_zh,licence,attribution,retrieved,version,sha256,kind\na\"b,,,,,,,,\n",
	} {
		files := shippedFiles(t)
		files["datasets.csv"].Data = []byte(content)
		_, err := seeds.ParseFacts(files)
		var facts *seeds.FactsError
		if !errors.As(err, &facts) || facts.Faults[0].File != "datasets.csv" || facts.Faults[0].Line < 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
	files := shippedFiles(t)
	delete(files, "seats.csv")
	if _, err := seeds.ParseFacts(files); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "seats.csv") {
		t.Errorf("a missing file gives %v", err)
	}
}

func TestHashFollowsEveryByte(t *testing.T) {
	first, err := seeds.ParseFacts(shippedFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	embedded, err := seeds.Facts()
	if err != nil || embedded.Hash != first.Hash || len(first.Hash) != 64 {
		t.Errorf("hash %q, embedded %q (%v)", first.Hash, embedded.Hash, err)
	}
	files := shippedFiles(t)
	files["targets.csv"].Data = []byte(strings.Replace(string(files["targets.csv"].Data), "national,2025", "nationwide,2025", 1))
	if changed, err := seeds.ParseFacts(files); err != nil || changed.Hash == first.Hash {
		t.Errorf("another scope has the same hash (%v)", err)
	}
}

// Whatever a fact file holds, it is loaded or refused with a fault in it;
// nothing panics.
func FuzzParseFacts(f *testing.F) {
	shipped := shippedFiles(f)
	f.Add(string(shipped["targets.csv"].Data))
	f.Add("id,name_zh\n")
	f.Add("\"\n\xff,")
	f.Fuzz(func(t *testing.T, targets string) {
		files := fstest.MapFS{}
		for name, file := range shipped {
			content := file.Data
			if name != "datasets.csv" && name != "divisions.csv" {
				content = content[:strings.Index(string(content), "\n")+1]
			}
			files[name] = &fstest.MapFile{Data: content}
		}
		files["divisions.csv"].Data = files["divisions.csv"].Data[:strings.Index(string(files["divisions.csv"].Data), "\n")+1]
		files["targets.csv"].Data = []byte(targets)
		_, err := seeds.ParseFacts(files)
		var facts *seeds.FactsError
		if err != nil && (!errors.As(err, &facts) || len(facts.Faults) == 0 || facts.Faults[0].File != "targets.csv") {
			t.Errorf("%q gives %v", targets, err)
		}
	})
}
