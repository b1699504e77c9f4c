package api_test

import (
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The commands of docs/writing.md give the status that they promise.
func TestDocumentedWrites(t *testing.T) {
	page, err := os.ReadFile("../docs/writing.md")
	if err != nil {
		t.Fatal(err)
	}
	w := writeServer(t)
	ran := map[int]bool{}
	for _, block := range regexp.MustCompile("(?s)```sh\n# (\\d+)\n(.*?)\n```").FindAllStringSubmatch(string(page), -1) {
		status, err := strconv.Atoi(block[1])
		if err != nil {
			t.Fatal(err)
		}
		command := strings.NewReplacer("$Q", w.base, "$KEY", "planner").Replace(block[2])
		method, address, body, headers := readCurl(t, command)
		if a := w.do(method, address, body, headers...); a.status != status {
			t.Errorf("%s\nanswers %d: %s", block[2], a.status, a.body)
		}
		ran[status] = true
	}
	for _, status := range []int{201, 204, 400, 412} {
		if !ran[status] {
			t.Errorf("no command ends in %d", status)
		}
	}
	if !strings.Contains(string(page), "| body | 8 MiB") {
		t.Error("the limits are not told")
	}
}

// readCurl reads a command line of curl as far as the page uses it.
func readCurl(t *testing.T, command string) (method, address, body string, headers []string) {
	t.Helper()
	words := regexp.MustCompile(`(?s)'[^']*'|"[^"]*"|[^\s\\]+`).FindAllString(command, -1)
	for i := 1; i < len(words); i++ {
		word := strings.Trim(words[i], `'"`)
		next := func() string {
			i++
			return strings.Trim(words[i], `'"`)
		}
		switch word {
		case "-i":
		case "-X":
			method = next()
		case "-d":
			body = next()
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i][1:len(words[i])-1], ": ")
			headers = append(headers, name, value)
		default:
			address = word
		}
	}
	if method == "" && body != "" {
		method = http.MethodPost
	}
	return method, address, body, headers
}
