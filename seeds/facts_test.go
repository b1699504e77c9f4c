package seeds_test

import (
	"testing"

	"quanyu/seeds"
)

func TestFactsLoad(t *testing.T) {
	l, err := seeds.Facts()
	if err != nil {
		t.Fatal(err)
	}
	for _, tl := range l.Tables {
		t.Log(tl.Collection.ID, len(tl.Records))
	}
}
