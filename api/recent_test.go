package api

import (
	"fmt"
	"testing"
)

// What is asked for stays, what is not goes, and the room is kept to.
func TestRecentKeepsWhatIsAskedForWithinItsRoom(t *testing.T) {
	const room = 100 << 10
	r := newRecent[int](room)
	r.put("asked for", 1, 100)
	r.put("forgotten", 2, 100)
	for i := range 5000 {
		r.put(fmt.Sprint(i), i, 100)
		if held := r.size(); held > room {
			t.Fatalf("%d bytes held in %d", held, room)
		}
		if v, ok := r.get("asked for"); !ok || v != 1 {
			t.Fatalf("lost after %d others: %v", i, ok)
		}
	}
	if _, ok := r.get("forgotten"); ok {
		t.Error("what nobody asks for stays for ever")
	}
	if v, ok := r.get("4999"); !ok || v != 4999 {
		t.Error("the newest is not held")
	}
	r.put("large", 3, room/8)
	if _, ok := r.get("large"); ok {
		t.Error("one entry may drive out an eighth of all others")
	}
	none := newRecent[int](0)
	none.put("a", 1, 1)
	if _, ok := none.get("a"); ok || none.size() != 0 {
		t.Error("a room of 0 keeps something")
	}
}

func TestHostsAreNamesAndAddresses(t *testing.T) {
	for host, want := range map[string]bool{
		"example.org": true, "a-b_c.d:8080": true, "127.0.0.1:1": true, "[::1]": true, "[fe80::1]:443": true,
		"": false, ":80": false, "a:": false, "a:b": false, "a:1:2": false, "a b": false, "a/b": false, "<a>": false, "[::1": false, "[::1]x": false, "[::1]:": false, "[]": false, "[g]": false, "ä": false,
	} {
		if got := isHost(host); got != want {
			t.Errorf("isHost(%q) is %v", host, got)
		}
	}
}
