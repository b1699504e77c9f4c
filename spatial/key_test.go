package spatial_test

import (
	"regexp"
	"strings"
	"testing"

	"quanyu/spatial"
)

func TestSecretsAreRecognised(t *testing.T) {
	pattern := regexp.MustCompile(`\bqy_[0-9A-Za-z]{49}\b`) // what docs/access.md tells scanners
	seen := map[spatial.KeyHash]bool{}
	for range 200 {
		secret := spatial.NewSecret()
		hash, ok := spatial.HashSecret(secret)
		if !ok || !pattern.MatchString("key="+secret) || seen[hash] {
			t.Fatalf("%q: ok %v, seen %v", secret, ok, seen[hash])
		}
		seen[hash] = true
	}
}

func TestMistypedSecretsAreRefused(t *testing.T) {
	secret := spatial.NewSecret()
	other := "a"
	if secret[10:11] == other {
		other = "b"
	}
	for _, bad := range []string{
		"", "qy_", secret[:len(secret)-1], secret + "0", " " + secret, secret + "\n", strings.Replace(secret, "qy_", "qz_", 1),
		secret[:10] + other + secret[11:], "qy_" + strings.Repeat("0", 48) + "1",
	} {
		if _, ok := spatial.HashSecret(bad); ok {
			t.Errorf("%q passes", bad)
		}
	}
}

func TestScopes(t *testing.T) {
	if err := spatial.CheckScopes([]string{"read", "write:facilities", "write:*", "process:*", "process:land-check"}); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", "write", "process", "read:seats", "write:", "write:a b", "admin", "Read"} {
		if spatial.CheckScopes([]string{bad}) == nil {
			t.Errorf("%q passes", bad)
		}
	}
	narrow := spatial.Caller{ID: "key:1", Role: spatial.Planner, Scopes: "write:facilities process:*"}
	for action, want := range map[string]bool{"read": false, "write:facilities": true, "write:zones": false, "process:coverage": true, "write:facilities2": false} {
		if narrow.May(action) != want {
			t.Errorf("May(%q) is %v", action, !want)
		}
	}
	if narrow.Sees() != spatial.SeesPublic {
		t.Errorf("a key without read sees %s", narrow.Sees())
	}
	narrow.Scopes = "read write:*"
	if narrow.Sees() != spatial.SeesInternal || !narrow.May("write:zones") || narrow.May("process:coverage") {
		t.Error("read and write:* are not kept")
	}
	if !(spatial.Caller{}).May("write:zones") {
		t.Error("who has no scopes is not narrowed by them")
	}
}
