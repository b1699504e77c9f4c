package web_test

import (
	"context"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// patience bounds one step of a test.
const patience = time.Minute

// tab drives one tab of a headless Chromium and collects what went wrong in it.
type tab struct {
	t       *testing.T
	ctx     context.Context
	mu      sync.Mutex
	trouble []string
}

// open starts a browser of the given size that can reach this machine only.
func open(t *testing.T, width, height int) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium(t)), chromedp.WindowSize(width, height),
		chromedp.Flag("headless", "new"), chromedp.Flag("no-sandbox", os.Geteuid() == 0),
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(int64(width), int64(height))); err != nil {
		t.Fatalf("Chromium does not start: %v", err)
	}
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			b.note(m)
		}
	}()
	return b
}

// chromium finds the browser, or says how to get it.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if program, err := exec.LookPath(name); err == nil {
			return program
		}
	}
	t.Fatal("no Chromium was found: `make test` installs it on Debian and Ubuntu; elsewhere install Chromium or Chrome and put it on the PATH")
	return ""
}

// note remembers errors, warnings, exceptions and requests that failed.
func (b *tab) note(m chromedp.ConsoleMessage) {
	harmless := m.Type != chromedp.ConsoleError && m.Type != chromedp.ConsoleWarning && m.Type != chromedp.ConsoleException
	// The software renderer complains when a screenshot is read from it.
	if harmless || strings.Contains(m.Text, "GPU stall due to ReadPixels") {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trouble = append(b.trouble, fmt.Sprintf("console %s: %s (%s)", m.Type, m.Text, m.URL))
}

// noTrouble fails for everything noted.
func (b *tab) noTrouble(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.trouble {
		t.Error(line)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, chromedp.Steps(steps...))
}

// run runs one action and gives its value.
func run[T any](b *tab, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, action)
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.t.Fatalf("the browser: %v; noted so far: %q", err, b.trouble)
	}
	return value
}

// eval gives the string that a script yields.
func (b *tab) eval(script string) string {
	b.t.Helper()
	return run(b, chromedp.Evaluate[string](script))
}

func (b *tab) text(selector string) string {
	b.t.Helper()
	return b.eval(fmt.Sprintf("document.querySelector(%q).textContent", selector))
}

// waitFor polls until a script yields true.
func (b *tab) waitFor(condition string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(patience)))
}

// settledPanel waits for the answer to be shown.
func (b *tab) settledPanel() {
	b.t.Helper()
	b.waitFor(`document.getElementById("result").getAttribute("aria-busy") === "false"`)
}

// settled waits for the answer, then for a map that rests with all tiles drawn.
func (b *tab) settled() {
	b.t.Helper()
	b.settledPanel()
	b.do(chromedp.Sleep(150 * time.Millisecond)) // what was asked of the map has reached it
	b.waitFor(`document.getElementById("map").dataset.idle === "true"`)
}

// dispatch sends an event to an element, as the browser does after a choice.
func dispatch(selector, event string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](fmt.Sprintf("document.querySelector(%q).dispatchEvent(new Event(%q))", selector, event))
}

// view tells where the map looks.
func (b *tab) view(t *testing.T) (lon, lat float64) {
	t.Helper()
	parts := strings.Split(b.eval(`document.getElementById("map").dataset.view`), ",")
	lon, err := strconv.ParseFloat(parts[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	if lat, err = strconv.ParseFloat(parts[1], 64); err != nil {
		t.Fatal(err)
	}
	return lon, lat
}

// middle is the middle of the map's part that the panel leaves free.
func (b *tab) middle(t *testing.T) (x, y float64) {
	t.Helper()
	at := run(b, chromedp.Evaluate[[2]float64](`(() => {
		const left = document.getElementById("panel").offsetWidth + 48;
		return [(left + innerWidth - 24) / 2, innerHeight / 2];
	})()`))
	return at[0], at[1]
}

// fitsWidth fails when the page can be scrolled sideways.
func (b *tab) fitsWidth(t *testing.T, width int) {
	t.Helper()
	widest := run(b, chromedp.Evaluate[int](`Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, document.getElementById("panel").scrollWidth)`))
	if widest > width {
		t.Errorf("the page is %d px wide on a screen of %d px", widest, width)
	}
}

// The colours of roads and of seats on both sides of the limit, and those of
// three nested areas upon paper.
var (
	coverageColours = map[string]color.RGBA{
		"roads": {0xc3, 0xb7, 0x98, 255}, "covered seats": {0x1a, 0x76, 0x80, 255}, "failing seats": {0xd8, 0x53, 0x1c, 255},
	}
	circleColours = map[string]color.RGBA{
		"60 minutes": {0xba, 0xbd, 0xd2, 255}, "30 minutes": {0x91, 0x98, 0xc2, 255}, "15 minutes": {0x75, 0x7f, 0xb7, 255},
	}
)

// paintedWith checks that the picture holds enough pixels of some colours, so
// that an empty canvas cannot pass.
func paintedWith(t *testing.T, picture io.Reader, wanted map[string]color.RGBA, enough int) {
	t.Helper()
	img, err := png.Decode(picture)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	bounds := img.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X + bounds.Dx()/3; x < bounds.Max.X; x++ { // right of the panel
			for what, c := range wanted {
				if near(img.At(x, y), c) {
					counts[what]++
				}
			}
		}
	}
	for what := range wanted {
		if counts[what] < enough {
			t.Errorf("the map shows %d pixels of %s", counts[what], what)
		}
	}
}

func near(a color.Color, b color.RGBA) bool {
	r, g, bl, _ := a.RGBA()
	apart := func(x uint32, y uint8) bool { d := int(x>>8) - int(y); return d > 12 || d < -12 }
	return !apart(r, b.R) && !apart(g, b.G) && !apart(bl, b.B)
}

// answers remembers what a handler answered.
type answers struct {
	mu  sync.Mutex
	all []answer
}

type answer struct {
	method, path  string
	status, bytes int
	gone          bool // the client went away before the end
}

func (a *answers) list() []answer {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]answer(nil), a.all...)
}

func (a *answers) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		counted := &countingWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(counted, r)
		a.mu.Lock()
		defer a.mu.Unlock()
		a.all = append(a.all, answer{r.Method, r.URL.Path, counted.status, counted.bytes, r.Context().Err() != nil})
	})
}

type countingWriter struct {
	http.ResponseWriter
	status, bytes int
}

func (w *countingWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *countingWriter) Write(b []byte) (int, error) {
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets the handler flush.
func (w *countingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
