package api_test

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	classHeading = regexp.MustCompile("^### `([^`]+)`$")
	provedRow    = regexp.MustCompile("^\\| ([^ |]+) \\| (`.*`) \\|$")
)

// documentedProofs reads docs/conformance.md: class, abstract test, names of
// tests.
func documentedProofs(t *testing.T) map[string]map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../docs/conformance.md")
	if err != nil {
		t.Fatal(err)
	}
	proofs, class := map[string]map[string][]string{}, ""
	for _, line := range strings.Split(string(text), "\n") {
		if m := classHeading.FindStringSubmatch(line); m != nil {
			class = m[1]
			if proofs[class] != nil {
				t.Errorf("%s has two tables", class)
			}
			proofs[class] = map[string][]string{}
		} else if m := provedRow.FindStringSubmatch(line); m != nil {
			proofs[class][m[1]] = strings.Split(strings.Trim(m[2], "`"), "`, `")
		}
	}
	return proofs
}

// abstractTests is the list of what each class asks, apart from its proofs.
func abstractTests(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/abstract_tests.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for _, line := range strings.Fields(strings.ReplaceAll(string(text), " ", "\x00")) {
		class, name, _ := strings.Cut(line, "\x00")
		all[class] = append(all[class], name)
	}
	return all
}

// Every declared class has a table of all its abstract tests, nothing else has
// one, and each test that is named exists.
func TestConformanceIsProvedAsDocumented(t *testing.T) {
	cfg := withJobs(config(newStore(1)))
	cfg.Writer = refusing{} // classes of writing are declared where there is one, those of jobs where there are some
	c := serve(t, cfg)
	proofs, wanted, tests := documentedProofs(t), abstractTests(t), testNames(t)
	methods := suiteMethods()
	var declared []string
	for _, class := range c.get("/conformance").want(t, 200).json(t)["conformsTo"].([]any) {
		declared = append(declared, strings.TrimPrefix(class.(string), "http://www.opengis.net/spec/"))
	}
	slices.Sort(declared)
	if documented := slices.Sorted(maps.Keys(proofs)); !slices.Equal(declared, documented) {
		t.Errorf("declared   %v\ndocumented %v", declared, documented)
	}
	for class, rows := range proofs {
		slices.Sort(wanted[class])
		if named := slices.Sorted(maps.Keys(rows)); !slices.Equal(named, wanted[class]) {
			t.Errorf("%s: the table has %v, the class asks %v", class, named, wanted[class])
		}
		for row, names := range rows {
			for _, name := range names {
				function, part, isPart := strings.Cut(name, "/")
				if !slices.Contains(tests, function) || isPart && !slices.Contains(methods, part) {
					t.Errorf("%s %s: there is no test %s", class, row, name)
				}
			}
		}
	}
}

// suiteMethods are the names of the tables of the suites.
func suiteMethods() []string {
	var names []string
	for _, m := range slices.Concat(citeCore(), citeItems(), citeCRS(), citeTiles(), citeProcesses(), citeJobs(nil)) {
		names = append(names, m.name)
	}
	return names
}
