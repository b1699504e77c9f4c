package api_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestFontsAreServedWhereThereAreAny(t *testing.T) {
	cfg := config(newStore(3))
	cfg.Fonts = fstest.MapFS{"Noto Sans SC/0-255.pbf": {Data: []byte("latin")}, "Noto Sans SC/19968-20223.pbf": {Data: []byte("han")}, "secret.pbf": {Data: []byte("no")}}
	c := serve(t, cfg)
	style := c.get("/styles/seats").want(t, 200).json(t)
	glyphs, _ := style["glyphs"].(string)
	if glyphs != c.base+"/fonts/{fontstack}/{range}.pbf" {
		t.Fatalf("glyphs %q", glyphs)
	}
	at := strings.TrimPrefix(glyphs, c.base)
	for _, r := range []struct {
		stack, letters, want string
	}{
		{"Noto%20Sans%20CJK%20SC,Noto%20Sans%20SC,sans-serif", "0-255", "latin"}, {"Noto%20Sans%20SC", "19968-20223", "han"},
		{"Noto%20Sans%20SC", "256-511", ""}, {"sans-serif", "0-255", ""}, {"..%2F..%2Fetc", "0-255", ""}, {"Noto%20Sans%20SC%2F..", "0-255", ""}, {".", "0-255", ""},
	} {
		a := c.get(strings.NewReplacer("{fontstack}", r.stack, "{range}", r.letters).Replace(at))
		if r.want == "" {
			a.want(t, 404)
		} else if got := a.want(t, 200).body; string(got) != r.want {
			t.Errorf("%s %s: %q", r.stack, r.letters, got)
		}
	}
	for _, path := range []string{"/fonts/Noto%20Sans%20SC/secret.pbf", "/fonts/Noto%20Sans%20SC/..%2Fsecret.pbf", "/fonts/..%2F/0-255.pbf"} {
		c.get(path).want(t, 404)
	}
	bare := serve(t, config(newStore(3)))
	if _, ok := bare.get("/styles/seats").want(t, 200).json(t)["glyphs"]; ok {
		t.Error("a style names letters that nobody serves")
	}
	bare.get("/fonts/Noto%20Sans%20SC/0-255.pbf").want(t, 404)
}
