package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"quanyu/api"
	"quanyu/spatial"
	"quanyu/spatial/analysis"
)

// keyring is a table of keys in memory.
type keyring struct {
	mu      sync.Mutex
	callers map[spatial.KeyHash]spatial.Caller
	fault   error
}

func (k *keyring) KeyCaller(_ context.Context, hash spatial.KeyHash) (spatial.Caller, bool, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	caller, ok := k.callers[hash]
	return caller, ok, k.fault
}

// add makes a key and gives its secret.
func (k *keyring) add(id string, role spatial.Role, scopes string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	secret := spatial.NewSecret()
	hash, _ := spatial.HashSecret(secret)
	if k.callers == nil {
		k.callers = map[spatial.KeyHash]spatial.Caller{}
	}
	k.callers[hash] = spatial.Caller{ID: "key:" + id, Name: id, Role: role, Scopes: scopes}
	return secret
}

func keyed(s *store, keys *keyring) api.Config {
	cfg := config(s)
	cfg.Authenticate = api.Credentials(keys, nil)
	return cfg
}

const sumBody = `{"inputs": {"numbers": [1, 2]}}`

func (c *client) sum(headers ...string) answer {
	return c.do(http.MethodPost, "/processes/sum/execution", sumBody, append([]string{"Content-Type", "application/json"}, headers...)...)
}

func TestBadCredentialsAreNeverAnonymous(t *testing.T) {
	keys := &keyring{}
	good := keys.add("good", spatial.Viewer, "")
	c := serve(t, keyed(newStore(3), keys))
	for _, headers := range [][]string{
		{"X-API-Key", ""}, {"X-API-Key", "qy_short"}, {"X-API-Key", spatial.NewSecret()}, {"X-API-Key", good + " "},
		{"Authorization", "Bearer " + spatial.NewSecret()}, {"Authorization", "Bearer"}, {"Authorization", "Bearer x.y.z"},
		{"Authorization", "Basic " + good}, {"Authorization", good}, {"Authorization", "Bearer " + good, "X-API-Key", good},
	} {
		for _, path := range []string{"/", "/collections/seats/items", "/collections/nobody", "/metrics"} {
			a := c.do(http.MethodGet, path, "", headers...)
			if strings.HasPrefix(headers[len(headers)-1], good) && len(headers) == 2 && headers[0] == "X-API-Key" {
				continue // blanks around a value are no part of it (RFC 9110, 5.5)
			}
			if a.status != 401 || !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") || a.json(t)["code"] != "unauthorized" || a.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%q %s: status %d, %v", headers, path, a.status, a.header)
			}
		}
	}
	c.do(http.MethodGet, "/health/live", "", "X-API-Key", "qy_short").want(t, 200) // of a prober nothing is asked
	keys.fault = spatial.Errorf(spatial.Unavailable, "The database cannot be reached.")
	c.do(http.MethodGet, "/collections/seats/items", "", "X-API-Key", good).want(t, 503)
	c.get("/collections/seats/items").want(t, 200)
}

func TestAnswersToCallersAreTheirOwn(t *testing.T) {
	keys := &keyring{}
	viewer, admin := keys.add("v", spatial.Viewer, ""), keys.add("a", spatial.Admin, "")
	narrow := keys.add("n", spatial.Admin, "process:*")
	c := serve(t, keyed(newStore(3), keys))
	for _, path := range []string{"/collections", "/collections/seats", "/collections/seats/items", "/collections/seats/items?f=csv", "/collections/seats/items/s00001",
		"/tiles/WebMercatorQuad", "/collections/seats/tiles/WebMercatorQuad/3/3/6", "/styles/seats", "/api"} {
		tags := map[string]string{}
		for name, headers := range map[string][]string{"anonymous": nil, "viewer": {"Authorization", "bearer " + viewer}, "admin": {"X-API-Key", admin}, "narrow": {"X-API-Key", narrow}} {
			a := c.do(http.MethodGet, path, "", headers...).want(t, 200)
			tags[name] = a.header.Get("ETag")
			if !strings.Contains(a.header.Get("Vary"), "Authorization, X-API-Key") {
				t.Errorf("%s: Vary is %q", path, a.header.Get("Vary"))
			}
			if private := strings.HasPrefix(a.header.Get("Cache-Control"), "private"); private != (headers != nil) {
				t.Errorf("%s for %s: Cache-Control is %q", path, name, a.header.Get("Cache-Control"))
			}
		}
		if tags["anonymous"] == "" || tags["anonymous"] == tags["viewer"] || tags["viewer"] == tags["admin"] || tags["anonymous"] == tags["admin"] {
			t.Errorf("%s: who sees other rows shares a tag: %v", path, tags)
		}
		if tags["narrow"] != tags["anonymous"] {
			t.Errorf("%s: a key without read has a tag of its own: %v", path, tags)
		}
		c.do(http.MethodGet, path, "", "X-API-Key", admin, "If-None-Match", tags["viewer"]).want(t, 200)
		c.do(http.MethodGet, path, "", "X-API-Key", admin, "If-None-Match", tags["admin"]).want(t, 304)
	}
}

// noJobs has no job.
type noJobs struct{ jobsOfNobody }

type jobsOfNobody = api.Jobs // a field Jobs would hide the method

func (noJobs) Job(context.Context, string) (spatial.Job, error) {
	return spatial.Job{}, spatial.Errorf(spatial.NotFound, "There is no such job.")
}

func TestClosedReadsAnswerWhoIsKnown(t *testing.T) {
	keys := &keyring{}
	viewer, blind := keys.add("v", spatial.Viewer, ""), keys.add("b", spatial.Viewer, "process:sum")
	cfg := keyed(newStore(3), keys)
	cfg.ClosedReads, cfg.Jobs = true, noJobs{}
	c := serve(t, cfg)
	for _, path := range []string{"/", "/conformance", "/api", "/health/live", "/health/ready", "/app.js", "/problems/unauthorized"} {
		c.get(path).want(t, 200)
	}
	for _, path := range []string{"/collections", "/collections/seats/items", "/collections/nobody", "/collections/seats/items/s00001", "/tiles/WebMercatorQuad/3/3/6",
		"/collections/seats/tiles", "/styles", "/processes", "/metrics", "/collections/seats/items?f=nothing"} {
		if a := c.get(path).want(t, 401); a.header.Get("WWW-Authenticate") != `Bearer realm="quanyu"` {
			t.Errorf("%s: %v", path, a.header)
		}
		if a := c.do(http.MethodGet, path, "", "X-API-Key", blind).want(t, 403); !strings.Contains(a.header.Get("WWW-Authenticate"), "insufficient_scope") {
			t.Errorf("%s: %v", path, a.header)
		}
		if a := c.do(http.MethodGet, path, "", "X-API-Key", viewer); a.status == 401 || a.status == 403 {
			t.Errorf("%s: a viewer gets %d", path, a.status)
		}
	}
	c.sum().want(t, 401)
	c.sum("X-API-Key", blind).want(t, 200)
	c.get("/jobs/nobodys").want(t, 401)
	c.do(http.MethodGet, "/jobs/nobodys", "", "X-API-Key", blind).want(t, 404) // who may run may ask what became of it
	c.do(http.MethodOptions, "/collections/seats/items", "", "Origin", "https://example.org", "Access-Control-Request-Headers", "x-api-key").want(t, 204)
	c.get("/nowhere").want(t, 404)
}

func TestScopesNarrowWhatAKeyRuns(t *testing.T) {
	keys := &keyring{}
	c := serve(t, keyed(newStore(3), keys))
	c.sum().want(t, 200)
	for scopes, status := range map[string]int{"": 200, "process:*": 200, "process:sum": 200, "read": 403, "process:coverage": 403, "write:*": 403} {
		c.sum("X-API-Key", keys.add("k", spatial.Planner, scopes)).want(t, status)
	}
	// Before the media type and the body are looked at.
	c.do(http.MethodPost, "/processes/sum/execution", "{", "Content-Type", "text/plain", "X-API-Key", keys.add("k", spatial.Planner, "read")).want(t, 403)
}

func TestABrowserMaySendCredentials(t *testing.T) {
	c := serve(t, config(newStore(1)))
	a := c.do(http.MethodOptions, "/collections/seats/items", "", "Origin", "https://example.org").want(t, 204)
	for _, name := range []string{"Authorization", "X-API-Key"} {
		if !strings.Contains(a.header.Get("Access-Control-Allow-Headers"), name) {
			t.Errorf("a preflight does not allow %s: %v", name, a.header)
		}
	}
}

func TestRatesAreByCallerAndAddress(t *testing.T) {
	keys := &keyring{}
	one, two := keys.add("one", spatial.Viewer, ""), keys.add("two", spatial.Viewer, "")
	cfg := keyed(newStore(1), keys)
	cfg.RatePerSecond, cfg.RateBurst, cfg.TrustForwarded = 0.001, 3, true
	c := serve(t, cfg) // which reads /api once, from 127.0.0.1
	count := func(headers ...string) (served int) {
		for range 6 {
			a := c.do(http.MethodGet, "/conformance", "", headers...)
			switch a.status {
			case 200:
				served++
			case 429:
				if a.header.Get("Retry-After") != "1000" || a.json(t)["code"] != "too-many-requests" {
					t.Errorf("refused with %v", a.header)
				}
			default:
				t.Errorf("status %d", a.status)
			}
		}
		return served
	}
	for _, one := range []struct {
		headers []string
		want    int
	}{
		{nil, 2}, {[]string{"X-API-Key", one}, 3}, {[]string{"X-API-Key", two}, 3}, {[]string{"X-API-Key", one, "X-Forwarded-For", "203.0.113.9"}, 0},
		{[]string{"X-Forwarded-For", "203.0.113.5"}, 3}, {[]string{"X-Forwarded-For", "10.1.1.1, 203.0.113.5"}, 0}, // the client writes what stands left
		{[]string{"X-Forwarded-For", "2001:db8::1"}, 3}, {[]string{"X-Forwarded-For", "2001:db8::2:1"}, 0}, {[]string{"X-Forwarded-For", "2001:db8:0:1::1"}, 3},
		{[]string{"X-Forwarded-For", "no address"}, 3}, {[]string{"X-Forwarded-For", "another"}, 0},
	} {
		if got := count(one.headers...); got != one.want {
			t.Errorf("%q: %d of 6 served, not %d", one.headers, got, one.want)
		}
	}
	for range 5 {
		c.do(http.MethodGet, "/conformance", "", "X-API-Key", spatial.NewSecret(), "X-Forwarded-For", "203.0.113.77")
	}
	c.do(http.MethodGet, "/conformance", "", "X-API-Key", spatial.NewSecret(), "X-Forwarded-For", "203.0.113.77").want(t, 429)
}

func TestForwardedAddressesCountOnlyWhenTrusted(t *testing.T) {
	cfg := config(newStore(1))
	cfg.RatePerSecond, cfg.RateBurst = 0.001, 3
	c := serve(t, cfg) // takes one
	c.do(http.MethodGet, "/conformance", "", "X-Forwarded-For", "203.0.113.1").want(t, 200)
	c.do(http.MethodGet, "/conformance", "", "X-Forwarded-For", "203.0.113.2").want(t, 200)
	c.do(http.MethodGet, "/conformance", "", "X-Forwarded-For", "203.0.113.3").want(t, 429)
}

// Executions beyond the slots wait for a bounded time in a bounded queue.
func TestHeavyWorkWaitsWithBounds(t *testing.T) {
	cfg := config(newStore(1))
	cfg.MaxRuns, cfg.MaxWaiting, cfg.WaitTime = 1, 1, 300*time.Millisecond
	echo, _ := analysis.ProcessByID(analysis.Processes("test", cfg.Now), "echo")
	cfg.Processes = append(cfg.Processes, echo)
	c := serve(t, cfg)
	ctx, release := context.WithCancel(t.Context())
	var all sync.WaitGroup
	all.Go(func() { // holds the slot until its client goes
		request, _ := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/processes/sum/execution", strings.NewReader(`{"inputs": {"numbers": [777]}}`))
		request.Header.Set("Content-Type", "application/json")
		if response, err := http.DefaultClient.Do(request); err == nil {
			response.Body.Close()
			t.Errorf("the long run answered %s", response.Status)
		}
	})
	for c.sum().status == 200 { // it has not come yet
	}
	statuses := make(chan answer, 12)
	for range 4 {
		all.Go(func() {
			for range 3 {
				statuses <- c.sum()
			}
		})
	}
	for range 12 {
		if a := <-statuses; a.status != 429 || a.header.Get("Retry-After") == "" {
			t.Errorf("while the only slot is taken: status %d, %v", a.status, a.header)
		}
	}
	// What only waits takes no slot, nor needs one.
	c.do(http.MethodPost, "/processes/echo/execution", `{"inputs": {"string": "here", "pause": 0}}`, "Content-Type", "application/json").want(t, 200)
	release()
	all.Wait()
	for range 100 {
		if c.sum().status == 200 {
			return
		}
	}
	t.Error("the slot was not given back")
}

// Whatever the headers hold, nobody becomes a caller whom no key names.
func FuzzCredentials(f *testing.F) {
	keys := &keyring{}
	good := keys.add("good", spatial.Viewer, "")
	authenticate := api.Credentials(keys, nil)
	for _, seed := range []string{"", "Bearer", "Bearer  ", "bearer " + good, good, "Basic eDp5", "Bearer qy_", "Bearer a.b.c", "Bearer " + good + ",", "Bearer " + good[:51] + "00"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, key, authorization string) {
		for _, header := range []http.Header{{"X-Api-Key": {key}}, {"Authorization": {authorization}}, {"X-Api-Key": {key}, "Authorization": {authorization}}} {
			caller, err := authenticate((&http.Request{Header: header}).WithContext(t.Context()))
			sent := key == good && header["X-Api-Key"] != nil || strings.Contains(authorization, good) && header["Authorization"] != nil
			if err == nil && (!sent || caller.ID != "key:good") || err != nil && caller != (spatial.Caller{}) {
				t.Errorf("%q makes %+v, %v", header, caller, err)
			}
		}
	})
}
