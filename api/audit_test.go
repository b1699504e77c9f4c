package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// For whoever is no admin the audit log does not exist, at any address.
func TestTheAuditLogIsForAdmins(t *testing.T) {
	w := writeServer(t)
	at := w.post(t, "facilities", feature(chengdu, `{"name_en":"Audited"}`), "X-Request-Id", "request-9")
	log := "/collections/audit-log"
	for _, role := range []string{"", "viewer", "planner"} {
		headers := []string{}
		if role != "" {
			headers = []string{"Authorization", "Bearer " + role}
		}
		for _, path := range []string{log, log + "/items", log + "/items/000000000001", log + "/schema", log + "/queryables", log + "/sortables", log + "/items?f=csv"} {
			w.get(path, headers...).want(t, 404)
		}
		for _, page := range []string{"/collections", "/collections?f=html", "/api", "/collections/nowhere"} {
			if a := w.get(page, headers...); strings.Contains(string(a.body), "audit-log") {
				t.Errorf("%s of %q tells of the audit log", page, role)
			}
		}
		for _, method := range []string{"POST", "OPTIONS"} {
			w.do(method, log+"/items", "{}", headers...).want(t, 404)
		}
	}
	admin := []string{"Authorization", "Bearer admin"}
	list := w.get("/collections", admin...).want(t, 200)
	if !strings.Contains(string(list.body), "audit-log") {
		t.Error("an admin's list lacks the audit log")
	}
	// The list of one caller is no other's.
	w.get("/collections", "If-None-Match", list.header.Get("ETag")).want(t, 200)
	w.get(log, admin...).want(t, 200)
	items := w.get(log+"/items", admin...).want(t, 200)
	w.get(log+"/items", append(admin, "If-None-Match", items.header.Get("ETag"))...).want(t, 200)
	w.do("POST", log+"/items", "{}", admin...).want(t, 405)
	got := asked[string](t, w.url, "SELECT concat_ws(' ', caller, action, feature_id, request_id, after->>'name_en') FROM audit_log WHERE collection = 'facilities'")
	id := at[strings.LastIndex(at, "/")+1:]
	if want := fmt.Sprintf("key:planner create %s request-9 Audited", id); got != want {
		t.Errorf("the log says %q, want %q", got, want)
	}
}
