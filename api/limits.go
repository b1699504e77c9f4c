package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"quanyu/spatial"
)

// ratesKept is how many callers' buckets a generation holds; a caller that was
// not heard of for two generations begins with a full one again.
const ratesKept = 10_000

// rates is a token bucket for each key and for each address without one. Two
// generations bound its memory: when one is full, the older is let go.
type rates struct {
	perSecond float64 // 0: no limit
	burst     int

	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

func newRates(perSecond float64, burst int) *rates {
	return &rates{perSecond: perSecond, burst: max(1, burst), young: map[string]*rate.Limiter{}}
}

// take takes one token from a caller's bucket; the error says when the next
// is there.
func (r *rates) take(key string) error {
	if r.perSecond <= 0 {
		return nil
	}
	reservation := r.bucket(key).Reserve()
	wait := reservation.Delay()
	if wait == 0 {
		return nil
	}
	reservation.Cancel()
	return tooMany("The caller sends more requests than this server takes from one; Retry-After says when to go on.", wait)
}

func (r *rates) bucket(key string) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b, ok := r.young[key]; ok {
		return b
	}
	if len(r.young) >= ratesKept {
		r.young, r.old = map[string]*rate.Limiter{}, r.young
	}
	b, ok := r.old[key]
	if !ok {
		b = rate.NewLimiter(rate.Limit(r.perSecond), r.burst)
	}
	r.young[key] = b
	return b
}

func tooMany(detail string, wait time.Duration) *refusal {
	return &refusal{status: http.StatusTooManyRequests, code: "too-many-requests", detail: detail, wait: wait}
}

// rateKey is whose bucket a request draws from.
func (s *server) rateKey(r *http.Request, caller spatial.Caller) string {
	if caller.ID != "" {
		return caller.ID
	}
	return s.address(r)
}

// address is where a request comes from: the peer's, or, behind a proxy that
// is trusted, the last address of X-Forwarded-For, which is the one that the
// proxy itself has seen. Of IPv6 the /64, which is what one subscriber has.
func (s *server) address(r *http.Request) string {
	text, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		text = r.RemoteAddr
	}
	if s.cfg.TrustForwarded {
		list := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if last := strings.TrimSpace(list[len(list)-1]); last != "" {
			text = last
		}
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return "unknown"
	}
	address = address.Unmap()
	if address.Is6() {
		prefix, _ := address.WithZone("").Prefix(64) // an IPv6 address has one
		return prefix.String()
	}
	return address.String()
}

// gate lets a number of heavy pieces of work run at one time and some wait, for
// a while; the others are told to come again. Waiting without bound would only
// grow what waits: who gives up asks again.
type gate struct {
	what    string
	slots   chan struct{}
	waiting chan struct{}
	wait    time.Duration
}

func newGate(what string, slots, waiting int, wait time.Duration) *gate {
	return &gate{what: what, slots: make(chan struct{}, slots), waiting: make(chan struct{}, waiting), wait: wait}
}

// enter waits for a slot; leave gives it back.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	select {
	case g.slots <- struct{}{}:
		return g.leave, nil
	default:
	}
	select {
	case g.waiting <- struct{}{}:
		defer func() { <-g.waiting }()
	default:
		return nil, g.busy()
	}
	patience := time.NewTimer(g.wait)
	defer patience.Stop()
	select {
	case g.slots <- struct{}{}:
		return g.leave, nil
	case <-patience.C:
		return nil, g.busy()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (g *gate) leave() { <-g.slots }

func (g *gate) busy() error {
	return tooMany("The server is busy with "+g.what+"; Retry-After says when to try again.", retryAfter*time.Second)
}
