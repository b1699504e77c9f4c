package postgis

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"testing"

	"quanyu/spatial"
)

// A statement that fails for what one of its callers asks for fails for that caller alone.
func TestAFailureIsOneCallersOwn(t *testing.T) {
	var b batches[string, int, int]
	var group sync.WaitGroup
	held, release, refused := make(chan bool), make(chan bool), []int{}
	read := func(_ context.Context, list []int) ([]int, error) {
		values := make([]int, len(list))
		for i, n := range list {
			switch values[i] = n * n; n {
			case 0: // under way until all others are in line
				close(held)
				<-release
			case worthAnother - 1:
				refused = append(refused, len(list))
				return nil, spatial.Errorf(spatial.Invalid, "%d is not taken.", n)
			}
		}
		return values, nil
	}
	ask := func(n int) {
		got, err := b.ask(t.Context(), "squares", n, read)
		if n == worthAnother-1 {
			if spatial.KindOf(err) != spatial.Invalid {
				t.Errorf("%d gets %d, %v", n, got, err)
			}
		} else if got != n*n || err != nil {
			t.Errorf("%d gets %d, %v", n, got, err)
		}
	}
	group.Go(func() { ask(0) })
	<-held
	for n := range worthAnother - 1 {
		group.Go(func() { ask(n + 1) })
	}
	for waiting := 0; waiting < worthAnother-1; runtime.Gosched() {
		b.mu.Lock()
		waiting = len(b.waiting["squares"])
		b.mu.Unlock()
	}
	close(release)
	group.Wait()
	if !slices.Equal(refused, []int{worthAnother - 1, 1}) {
		t.Errorf("refused were statements of %v", refused)
	}
}
