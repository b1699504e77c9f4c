// Command benchtable reads the output of `go test -bench` from standard input
// and prints its figures as a Markdown table, one row a benchmark. What is no
// figure, such as a failure, goes to standard error.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func main() {
	if err := convert(os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

// line is a benchmark's result: name, processors, how often it ran, and pairs
// of a value and its unit.
var line = regexp.MustCompile(`^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+(.*)$`)

// noise is what go test says beside figures when all is well.
var noise = regexp.MustCompile(`^(goos|goarch|cpu): |^PASS$|^ok\s|\[no test files\]$|^$`)

func convert(in io.Reader, out, other io.Writer) error {
	fmt.Fprint(out, "| package | benchmark | time | more |\n|---|---|---|---|\n")
	scanner := bufio.NewScanner(in)
	room := ""
	for scanner.Scan() {
		text := scanner.Text()
		if name, found := strings.CutPrefix(text, "pkg: "); found {
			room = strings.TrimPrefix(name, "quanyu/")
		} else if m := line.FindStringSubmatch(text); m != nil {
			took, more := figures(m[2])
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", room, m[1], took, more)
		} else if !noise.MatchString(text) {
			fmt.Fprintln(other, text)
		}
	}
	return scanner.Err()
}

// figures splits pairs such as "1250 ns/op  16 B/op  2 allocs/op" into the
// time of one run and the rest.
func figures(pairs string) (took, more string) {
	words := strings.Fields(pairs)
	var rest []string
	for i := 0; i+1 < len(words); i += 2 {
		if words[i+1] != "ns/op" {
			rest = append(rest, words[i]+" "+words[i+1])
		} else if ns, err := strconv.ParseFloat(words[i], 64); err == nil {
			took = duration(ns)
		}
	}
	return took, strings.Join(rest, ", ")
}

// duration keeps three digits or so.
func duration(ns float64) string {
	switch d := time.Duration(ns); {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", ns/1e9)
	case d >= time.Millisecond:
		return fmt.Sprintf("%.2f ms", ns/1e6)
	case d >= time.Microsecond:
		return fmt.Sprintf("%.2f µs", ns/1e3)
	}
	return fmt.Sprintf("%.1f ns", ns)
}
