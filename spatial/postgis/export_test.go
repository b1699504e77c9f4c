package postgis

import (
	"time"

	"quanyu/spatial"
)

// ItemsStatement is the SQL of a page and the values bound to it.
func ItemsStatement(q spatial.ItemsQuery) (text string, args []any, err error) {
	st, err := itemsSQL(q, time.Now())
	if err != nil {
		return "", nil, err
	}
	return st.text.String(), st.args, nil
}

// FilterStatement is the SQL of a filter and the values bound to it.
func FilterStatement(c spatial.Collection, e spatial.Expr) (text string, args []any, err error) {
	st := &statement{}
	text, err = compileFilter(st, c, e)
	return text, st.args, err
}
