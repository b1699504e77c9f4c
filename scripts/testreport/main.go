// Command testreport reads `go test -json` from standard input and writes
// what a person wants to see: one line a package as it ends, the output of
// what failed, and at the end every skipped test with its reason, then the
// counts. It exits 1 when a test failed, and also, with -no-skips, when one
// was skipped: a skipped check must never read as passed.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type key struct{ pkg, test string }

type report struct {
	out                     io.Writer
	output                  map[key][]string
	skips                   map[string][]string // reason -> tests
	passed, failed, skipped int
	brokenPackages          int
}

func main() {
	noSkips := flag.Bool("no-skips", false, "fail when a test was skipped")
	flag.Parse()
	r := &report{out: os.Stdout, output: map[key][]string{}, skips: map[string][]string{}}
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.close(*noSkips) {
		os.Exit(1)
	}
}

func (r *report) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			fmt.Fprintln(r.out, lines.Text()) // a build error speaks for itself
			continue
		}
		r.take(e)
	}
	return lines.Err()
}

func (r *report) take(e event) {
	k := key{e.Package, e.Test}
	switch {
	case e.Action == "output" || e.Action == "build-output":
		r.output[k] = append(r.output[k], e.Output)
	case e.Test == "":
		r.packageEnd(e)
	case e.Action == "pass":
		r.passed++
		delete(r.output, k)
	case e.Action == "skip":
		r.skipped++
		reason, detail, _ := strings.Cut(r.reason(k), ": ") // tests that lack the same thing stand together
		r.skips[reason] = append(r.skips[reason], strings.TrimSpace(e.Package+" "+e.Test+"  "+detail))
	case e.Action == "fail":
		r.failed++
		fmt.Fprintf(r.out, "--- FAIL %s %s\n%s", e.Package, e.Test, strings.Join(r.output[k], ""))
	}
}

func (r *report) packageEnd(e event) {
	switch e.Action {
	case "pass":
		fmt.Fprintf(r.out, "ok    %-40s %6.1f s\n", e.Package, e.Elapsed)
	case "skip":
		fmt.Fprintf(r.out, "      %-40s no tests\n", e.Package)
	case "fail":
		r.brokenPackages++
		fmt.Fprintf(r.out, "FAIL  %-40s %6.1f s\n%s", e.Package, e.Elapsed, strings.Join(r.output[key{e.Package, ""}], ""))
	case "build-fail":
		r.brokenPackages++
		fmt.Fprintf(r.out, "FAIL  build\n%s", strings.Join(r.output[key{e.Package, ""}], ""))
	}
}

// reason finds what the test said when it skipped: the last line that is not
// go test's own.
func (r *report) reason(k key) string {
	for i := len(r.output[k]) - 1; i >= 0; i-- {
		line := strings.TrimSpace(r.output[k][i])
		if line == "" || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "===") {
			continue
		}
		if _, said, found := strings.Cut(line, ".go:"); found {
			if _, text, found := strings.Cut(said, ": "); found {
				return text
			}
		}
		return line
	}
	return "no reason given"
}

// close prints the skips and the counts, and says whether all is well.
func (r *report) close(noSkips bool) bool {
	reasons := make([]string, 0, len(r.skips))
	for reason := range r.skips {
		reasons = append(reasons, reason)
	}
	sort.Strings(reasons)
	for _, reason := range reasons {
		fmt.Fprintf(r.out, "\nskipped, %d: %s\n", len(r.skips[reason]), reason)
		for _, test := range r.skips[reason] {
			fmt.Fprintf(r.out, "  %s\n", test)
		}
	}
	fmt.Fprintf(r.out, "\n%d passed, %d failed, %d skipped\n", r.passed, r.failed+r.brokenPackages, r.skipped)
	if noSkips && r.skipped > 0 {
		fmt.Fprintln(os.Stderr, "testreport: skipped tests are not allowed here")
		return false
	}
	return r.failed == 0 && r.brokenPackages == 0 && r.passed > 0
}
