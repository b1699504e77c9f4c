package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
)

// largeRequest asks for every pair of cities: some 23 MB of JSON, more than
// the buffers between client and server hold, so the answer is under way for
// as long as the client does not read.
const largeRequest = `{"inputs":{"cities":"level = 'prefecture'","minutes":120,"pairs":"all"}}`

// beginReading sends the request on a connection of its own and reads until the
// body begins.
func beginReading(t *testing.T, base string) *http.Response {
	t.Helper()
	host := strings.TrimPrefix(base, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "POST /processes/city-reach/execution HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, len(largeRequest), largeRequest)
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 4096), nil)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(response.Body)
		t.Fatalf("%s: %.500s", response.Status, body)
	}
	return response
}

// After the signal the server says that it is not ready, still answers, closes
// its door, and ends only when the answer under way is whole.
func TestStopFinishesWhatItBegan(t *testing.T) {
	up := start(t, "--data-dir", dataDir(t), "up", "--listen", "127.0.0.1:0", "--stop-delay", "3s", "--drain-time", "2m")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	response := beginReading(t, base)
	if status, _ := get(t, base+"/health/ready"); status != http.StatusOK {
		t.Fatalf("ready says %d before the signal", status)
	}
	if err := up.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ready := http.StatusOK
	for ready == http.StatusOK { // until the signal has arrived; a hang is go test's to end
		ready, _ = get(t, base+"/health/ready")
	}
	if ready != http.StatusServiceUnavailable {
		t.Errorf("ready says %d after the signal", ready)
	}
	if status, _ := get(t, base+"/collections"); status != http.StatusOK {
		t.Errorf("a request between not ready and closed gets %d", status)
	}
	for { // until the door is closed
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			if !errors.Is(err, syscall.ECONNREFUSED) {
				t.Error(err)
			}
			break
		}
		conn.Close()
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || !json.Valid(body) || len(body) < 10<<20 {
		t.Errorf("the answer under way: %d bytes, %v", len(body), err)
	}
	up.ended(t)
}

// ended requires that the program ends by itself, and well.
func (r *running) ended(t *testing.T) {
	t.Helper()
	for range r.lines { // until the program closes its end
	}
	if err := r.cmd.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
}

// What outlasts the drain time is cut off, and the program says so.
func TestDrainTimeBoundsTheStop(t *testing.T) {
	up := start(t, "--data-dir", dataDir(t), "up", "--listen", "127.0.0.1:0", "--drain-time", "300ms")
	response := beginReading(t, up.await(t, `Ready\. The map: +(http://\S+?)/?$`))
	if err := up.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	up.await(t, `cut off \(--drain-time\)`)
	for range up.lines {
	}
	if err := up.cmd.Wait(); err == nil {
		t.Error("exit 0 although an answer was cut off")
	}
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("a cut answer reads as a whole one")
	}
}

// A second signal ends the program whatever is under way.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	up := start(t, "--data-dir", dataDir(t), "up", "--listen", "127.0.0.1:0", "--drain-time", "1h")
	base := up.await(t, `Ready\. The map: +(http://\S+?)/?$`)
	_ = beginReading(t, base)
	if err := up.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for { // until the first has arrived
		conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
		if err != nil {
			break
		}
		conn.Close()
	}
	if err := up.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for range up.lines {
	}
	_ = up.cmd.Wait() // it was ended by the signal
	if status, ok := up.cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() {
		t.Errorf("the program ended as %v", up.cmd.ProcessState)
	}
}
