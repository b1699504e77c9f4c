package settlement

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedFile reads a file of the plans, and skips where it is not there.
func sharedFile(t *testing.T, name string) string {
	t.Helper()
	root := os.Getenv("QUANYU_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	text, err := os.ReadFile(filepath.Join(root, "mission", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("shared data absent: " + name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// plain takes out line breaks and spaces, and writes the numeral one in one of
// the three ways in which the plans have it.
func plain(text string) string {
	return strings.NewReplacer("Ⅰ", "I", "І", "I").Replace(strings.Join(strings.Fields(text), ""))
}

// TestTablesQuoteThePlans finds every quoted phrase in the text of its plan.
func TestTablesQuoteThePlans(t *testing.T) {
	texts := map[string]string{"national-14fyp": plain(sharedFile(t, "national-plan.txt")), "sichuan-14fyp": plain(sharedFile(t, "sichuan-plan.txt"))}
	for _, p := range Policies() {
		if !strings.Contains(texts[p.Plan], plain(p.QuoteZH)) {
			t.Errorf("%s does not say %s", p.Plan, p.QuoteZH)
		}
	}
	for _, c := range PlanCounts() {
		if !strings.Contains(texts[c.Plan], plain(c.QuoteZH)) {
			t.Errorf("%s does not say %s", c.Plan, c.QuoteZH)
		}
	}
}

// TestPlanCountsAreTheTargets compares the counts with the list of figures of
// the plans.
func TestPlanCountsAreTheTargets(t *testing.T) {
	var list struct {
		Targets []struct {
			ID, Plan string
			Article  int
			Value    *float64
		}
	}
	text := []byte(sharedFile(t, "targets.json"))
	if json.Unmarshal(text, &list) != nil {
		if err := json.Unmarshal(text, &list.Targets); err != nil {
			t.Fatal(err)
		}
	}
	found := 0
	for _, target := range list.Targets {
		for _, c := range PlanCounts() {
			if c.Target != target.ID {
				continue
			}
			found++
			if target.Value == nil || *target.Value != float64(c.Count) || target.Plan != c.Plan || target.Article != c.Article {
				t.Errorf("%s: %+v, here %+v", target.ID, target, c)
			}
		}
	}
	if found != len(PlanCounts()) {
		t.Errorf("%d of %d counts are among the targets", found, len(PlanCounts()))
	}
}

// TestPlanCountsAddUp: the plan's 37 cities, each class counted once.
func TestPlanCountsAddUp(t *testing.T) {
	cities, classes := 0, map[Class]int{}
	for _, c := range PlanCounts() {
		for _, class := range c.Classes {
			classes[class]++
		}
		if len(c.Classes) > 0 {
			cities += c.Count
		}
	}
	if cities != 37 {
		t.Errorf("%d cities", cities)
	}
	for class, n := range classes {
		if n != 1 {
			t.Errorf("%s is counted %d times", class, n)
		}
	}
}
