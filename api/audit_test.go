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
	id := at[strings.LastIndex(at, "/")+1:]
	found := w.get(log+"/items?collection=facilities&feature_id="+id, admin...).want(t, 200).json(t)["features"].([]any)
	if len(found) != 1 {
		t.Fatalf("%d entries", len(found))
	}
	p := found[0].(map[string]any)["properties"].(map[string]any)
	after := p["after"].(map[string]any)
	if p["caller"] != "key:planner" || p["action"] != "create" || p["request_id"] != "request-9" || p["before"] != nil || after["name_en"] != "Audited" || !strings.HasPrefix(fmt.Sprint(after["geom"]), "map[coordinates:[104") {
		t.Errorf("the log says %v", p)
	}
}
