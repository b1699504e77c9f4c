package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a running server.
type process struct {
	cmd  *exec.Cmd
	base string
	log  *os.File
}

var servingOn = regexp.MustCompile(`Serving on (http://\S+?)/? `)

// start runs quanyu serve as an operator would, its log going to a file.
func (b *bench) start(ctx context.Context, name string, flags ...string) (*process, error) {
	log, err := os.Create(b.dir + "/" + name + ".log")
	if err != nil {
		return nil, err
	}
	p := &process{log: log}
	args := append([]string{"--data-dir", b.dir + "/data", "serve", "--listen", "127.0.0.1:0"}, flags...)
	p.cmd = exec.CommandContext(ctx, b.quanyu, args...)
	p.cmd.Stderr = log
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for range 200 {
		text, err := os.ReadFile(log.Name())
		if m := servingOn.FindSubmatch(text); err == nil && m != nil {
			p.base = string(m[1])
			return p, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	return nil, errors.Join(fmt.Errorf("%s does not come up: %s", b.quanyu, text), p.stop())
}

func (p *process) stop() error {
	if p == nil || p.cmd.Process == nil {
		return nil
	}
	defer p.log.Close()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return p.cmd.Wait()
}

// memory gives what the server holds in RAM now and at most since the last
// call of resetPeak, in MiB (VmRSS and VmHWM of proc(5)); zeros where the
// system has no /proc.
func (p *process) memory() (now, peak int) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) < 2 {
			continue
		}
		kib, _ := strconv.Atoi(words[1])
		switch words[0] {
		case "VmRSS:":
			now = kib / 1024
		case "VmHWM:":
			peak = kib / 1024
		}
	}
	return now, peak
}

func (p *process) resetPeak() {
	_ = os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0) // without it, peaks are those since the start
}
