package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	v1 "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"quanyu/spatial/postgis"
	"quanyu/spatial/postgis/postgistest"
)

// receiver takes traces as a collector does, over OTLP/HTTP.
type receiver struct {
	mu    sync.Mutex
	spans []*v1.Span
	about string // attributes of the resource
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body := io.Reader(request.Body)
	if request.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = unpacked
	}
	raw, err := io.ReadAll(body)
	var sent collector.ExportTraceServiceRequest
	if err != nil || request.URL.Path != "/v1/traces" || proto.Unmarshal(raw, &sent) != nil {
		http.Error(w, "not OTLP", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, resource := range sent.ResourceSpans {
		r.about += resource.Resource.String()
		for _, scope := range resource.ScopeSpans {
			r.spans = append(r.spans, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func textOf(s *v1.Span, key string) string {
	for _, a := range s.Attributes {
		if a.Key == key {
			return a.Value.GetStringValue()
		}
	}
	return ""
}

// tracedServer serves an empty database with tracing as the environment has it.
func tracedServer(t *testing.T, log io.Writer) (base string, end func(context.Context) error) {
	t.Helper()
	store, err := postgis.Open(t.Context(), postgistest.New(t), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	lines := slog.New(slog.NewTextHandler(log, nil))
	store.LogSlow(lines, time.Nanosecond)
	tracer, end, err := tracing(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := store.Jobs(postgis.JobOptions{Log: lines})
	if err != nil {
		t.Fatal(err)
	}
	served, err := openListening().server(store, jobs, lines, tracer, new(atomic.Bool), &net.TCPAddr{})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(served.Handler)
	t.Cleanup(server.Close)
	return server.URL, end
}

const (
	clientTrace = "0af7651916cd43dd8448eb211c80319c"
	clientSpan  = "b7ad6b7169203331"
)

func ask(t *testing.T, address string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("traceparent", "00-"+clientTrace+"-"+clientSpan+"-01")
	request.Header.Set("X-Request-Id", "asked-for-a-trace")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", address, response.Status, err)
	}
}

// A request is a span named by its route in the client's trace, and its SQL are
// spans below it.
func TestRequestsAndTheirSQLAreTraced(t *testing.T) {
	received := &receiver{}
	endpoint := httptest.NewServer(received)
	defer endpoint.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test")
	var log bytes.Buffer
	base, end := tracedServer(t, &log)
	ask(t, base+"/collections/seats/items?limit=5")
	if err := end(t.Context()); err != nil {
		t.Fatal(err)
	}
	received.mu.Lock()
	defer received.mu.Unlock()
	for _, want := range []string{"quanyu", version, "deployment.environment.name"} {
		if !strings.Contains(received.about, want) {
			t.Errorf("the resource lacks %s: %s", want, received.about)
		}
	}
	var server *v1.Span
	var below int
	for _, s := range received.spans {
		if hex.EncodeToString(s.TraceId) != clientTrace {
			t.Errorf("span %s is in another trace", s.Name)
		}
		if s.Kind == v1.Span_SPAN_KIND_SERVER {
			server = s
		}
	}
	if server == nil || server.Name != "GET /collections/:collectionId/items" || hex.EncodeToString(server.ParentSpanId) != clientSpan ||
		textOf(server, "quanyu.request_id") != "asked-for-a-trace" {
		t.Fatalf("the request's span: %v", server)
	}
	for _, s := range received.spans {
		if s.Kind == v1.Span_SPAN_KIND_CLIENT && bytes.Equal(s.ParentSpanId, server.SpanId) && strings.Contains(textOf(s, "db.query.text"), `FROM "seats"`) {
			below++
		}
	}
	if below == 0 {
		t.Errorf("no SQL below the request among %d spans", len(received.spans))
	}
	if text := log.String(); !strings.Contains(text, "slow query") || !strings.Contains(text, "request_id=asked-for-a-trace") {
		t.Errorf("slow queries do not name their request: %.500s", text)
	}
}

// Without an endpoint there is no tracer, and the server is as without tracing.
func TestNothingIsTracedWithoutAnEndpoint(t *testing.T) {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"} {
		t.Setenv(name, "")
	}
	tracer, end, err := tracing(t.Context())
	if tracer != nil || err != nil || end(t.Context()) != nil {
		t.Errorf("%v, %v", tracer, err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
	t.Setenv("OTEL_SDK_DISABLED", "true")
	if tracer, _, _ := tracing(t.Context()); tracer != nil {
		t.Error("traced although the SDK is disabled")
	}
}

// The figures of the pool are among the metrics.
func TestMetricsTellOfThePool(t *testing.T) {
	base, _ := tracedServer(t, io.Discard)
	ask(t, base+"/collections/seats/items?limit=5")
	_, body := get(t, base+"/metrics")
	for _, want := range []string{`quanyu_db_pool_connections{pool="`, `state="idle"}`, `quanyu_db_pool_max_connections{pool="`, "quanyu_db_pool_waits_total", "quanyu_db_pool_wait_seconds_total",
		`quanyu_build_info{version="` + version + `"} 1`, "quanyu_tile_cache_evictions_total 0", "quanyu_item_cache_bytes 0", "go_goroutines", "process_resident_memory_bytes"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("metrics lack %s", want)
		}
	}
}

// openListening has the defaults of the command line that the tests here need.
func openListening() listening {
	l := listening{AccessLog: true}
	l.OpenReads = true
	return l
}
