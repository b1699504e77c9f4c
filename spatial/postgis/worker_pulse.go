package postgis

import (
	"context"
	"sync"
	"time"
)

// pulseStep is how often progress is written at most.
const pulseStep = time.Second

// pulse says that a worker lives, and how far its run is.
type pulse struct {
	done chan struct{} // closed when nothing is written any more

	mu      sync.Mutex
	percent int
	message string
	fresh   bool
}

// tell notes progress; the pulse writes it at its next step. Progress never goes
// back, since parts of a run may tell of themselves out of order.
func (p *pulse) tell(done float64, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.percent, p.message, p.fresh = max(p.percent, min(int(done*100), 99)), what, true
}

func (p *pulse) take() (percent int, message string, fresh bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fresh, p.fresh = p.fresh, false
	return p.percent, p.message, fresh
}

// startPulse beats until the context ends. When the run is no longer the
// worker's, or nothing could be written for so long that another one may have
// taken it up, the work is stopped.
func (w *worker) startPulse(ctx context.Context, r *run, stop context.CancelFunc) *pulse {
	p := &pulse{done: make(chan struct{})}
	go func() {
		defer close(p.done)
		last := time.Now()
		tick := time.NewTicker(min(pulseStep, w.options.Beat))
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			percent, message, fresh := p.take()
			if !fresh && time.Since(last) < w.options.Beat {
				continue
			}
			own, err := w.jobs.beat(ctx, r, percent, message)
			switch {
			case err == nil && own:
				last = time.Now()
			case err == nil || time.Since(last) > w.options.silence():
				stop()
				return
			}
		}
	}()
	return p
}
