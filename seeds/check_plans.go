package seeds

import (
	"slices"
	"strings"

	"quanyu/spatial"
)

func (c *checker) plan(r row) {
	if !c.codes[r.text("adcode")] {
		c.add(r, "adcode", "%s is no division", r.text("adcode"))
	}
	counted := int64(0)
	for _, a := range c.tables[articlesFile].rows {
		if a.text("plan") == r.text("id") {
			counted++
		}
	}
	if counted != r.values["article_count"] {
		c.add(r, "article_count", "%v is not the number of its articles in %s, %d", r.values["article_count"], articlesFile, counted)
	}
}

func (c *checker) article(r row) {
	c.planArticle(r, "number")
}

// planArticle holds that a row names an article that its plan has, or neither.
func (c *checker) planArticle(r row, field string) {
	c.together(r, "plan", field)
	plan := r.text("plan")
	count, known := c.articles[plan]
	number, _ := r.values[field].(int64)
	switch {
	case plan == "":
	case !known:
		c.add(r, "plan", "%s is no plan of %s", plan, plansFile)
	case number < 1 || number > count:
		c.add(r, field, "%d is no article of %s, which has %d", number, plan, count)
	}
}

// mention holds that a mention is of features that there are and that can
// carry it.
func (c *checker) mention(r row) {
	c.planArticle(r, "article")
	for _, f := range r.list("features") {
		if !c.features[f] {
			c.add(r, "features", "%s is no feature of these files", f)
			continue
		}
		collection, _, _ := strings.Cut(f, "/")
		if described, _ := spatial.CollectionByID(collection); !slices.ContainsFunc(described.Properties, isMentions) {
			c.add(r, "features", "%s cannot be mentioned: %s keeps no mentions", f, collection)
		}
	}
}

func isMentions(p spatial.Property) bool { return p.Name == "mentions" }
