package postgis

import (
	"context"
	"time"

	"quanyu/spatial"
)

// A collection is generalised anew when its rows have rested for restBefore, or
// have not for mostUnrest, so that a run of edits is taken together.
const (
	restBefore = 2 * time.Second
	mostUnrest = time.Minute
	lookPeriod = 500 * time.Millisecond
)

// unrest is what the keeper knows of one collection.
type unrest struct {
	seen, done  changes   // versions that were last seen, and last generalised
	since, last time.Time // of the changes that are not generalised
}

// KeepGeneralised generalises and ranks every collection whose rows have changed,
// by whomever, until the context ends. Until they are made, tiles draw
// the rows themselves. failed is told of what could not be done; it is tried
// again after the next change, and a minute later at the latest.
func (s *Store) KeepGeneralised(ctx context.Context, failed func(spatial.Collection, error)) {
	known := map[string]*unrest{}
	for ctx.Err() == nil {
		for _, c := range spatial.Collections() {
			if !derives(c) {
				continue
			}
			u := known[c.ID]
			if u == nil {
				u = &unrest{}
				known[c.ID] = u
			}
			now := time.Now()
			if !u.due(s.watch.of(c.ID), now) {
				continue
			}
			if _, err := s.Generalise(ctx, c); err == nil {
				u.done = u.seen
			} else if ctx.Err() == nil && spatial.KindOf(err) != spatial.Conflict {
				failed(c, err)
				u.since, u.last = now.Add(mostUnrest-restBefore), now.Add(mostUnrest)
			}
		}
		pause(ctx, lookPeriod)
	}
}

// due notes the state of a collection and tells whether it is to be generalised.
func (u *unrest) due(now changes, at time.Time) bool {
	if same(now, u.done) {
		return false
	}
	if !same(now, u.seen) {
		if same(u.seen, u.done) {
			u.since = at
		}
		u.seen, u.last = now, at
	}
	return at.Sub(u.last) >= restBefore || at.Sub(u.since) >= mostUnrest
}

func same(a, b changes) bool { return a.version == b.version && a.epoch == b.epoch }

// of gives the state of a collection's rows that was read last.
func (w *watcher) of(collection string) changes {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.versions[collection]
}
