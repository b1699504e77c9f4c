package postgis

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"quanyu/spatial"
)

// maxLoadFaults is how many faults of one load are told apart.
const maxLoadFaults = 20

// loadColumns are the columns that a loader fills, in the order of rows: those
// of the catalog, the validity, and the geometry last.
func loadColumns(c spatial.Collection) []string {
	columns := []string{"valid_from", "valid_to"}
	for _, p := range loadProperties(c) {
		columns = append(columns, p.ColumnName())
	}
	if c.Geometry != spatial.NoGeometry {
		columns = append(columns, "geom")
	}
	return columns
}

// loadProperties are the properties that a record carries: those of the catalog
// but for the dates of validity, which some collections show as properties and
// every record has in fields of its own.
func loadProperties(c spatial.Collection) []spatial.Property {
	return slices.DeleteFunc(c.All(), isValidity)
}

func isValidity(p spatial.Property) bool {
	return p.ColumnName() == "valid_from" || p.ColumnName() == "valid_to"
}

// rowMaker turns records of one collection into rows for COPY, and keeps what
// is wrong with them.
type rowMaker struct {
	collection spatial.Collection
	properties []spatial.Property
	faults     []spatial.Fault
	more       int // faults beyond maxLoadFaults
}

func (m *rowMaker) fault(id, member, format string, args ...any) {
	if len(m.faults) >= maxLoadFaults {
		m.more++
		return
	}
	pointer := "/" + m.collection.ID + "/" + id
	if member != "" {
		pointer += "/" + member
	}
	m.faults = append(m.faults, spatial.Fault{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// err joins the faults into one Invalid error, or is nil.
func (m *rowMaker) err() error {
	if len(m.faults) == 0 {
		return nil
	}
	detail := fmt.Sprintf("The rows for %s have faults; nothing was stored.", m.collection.ID)
	if m.more > 0 {
		detail = fmt.Sprintf("The rows for %s have faults, %d more than are listed; nothing was stored.", m.collection.ID, m.more)
	}
	return &spatial.Error{Kind: spatial.Invalid, Detail: detail, Faults: m.faults}
}

// row checks a record against its collection and gives its values in the order
// of loadColumns.
func (m *rowMaker) row(r spatial.Record) []any {
	if !spatial.IsID(r.ID) {
		m.fault(r.ID, "", "has an id of other characters than letters, digits and . _ ~ : -, or of more than 200")
	}
	if r.ValidFrom != nil && r.ValidTo != nil && !r.ValidFrom.Before(*r.ValidTo) {
		m.fault(r.ID, "valid_to", "does not come after valid_from")
	}
	row := []any{m.date(r.ID, "valid_from", r.ValidFrom), m.date(r.ID, "valid_to", r.ValidTo)}
	known := 0
	for _, p := range m.all() {
		v, given := r.Properties[p.Name]
		if given {
			known++
		}
		switch {
		case p.Name == "id":
			if v != nil && v != r.ID {
				m.fault(r.ID, "id", "differs from the id of the feature")
			}
			v = r.ID
		case p.Name == "visibility" && v == nil:
			v = "public"
		case p.Name == "source" && (v == nil || v == ""):
			m.fault(r.ID, "source", "is missing: every row names the dataset that it comes from")
		}
		row = append(row, m.value(r.ID, p, v))
	}
	if known < len(r.Properties) {
		m.strangers(r)
	}
	if m.collection.Geometry != spatial.NoGeometry {
		row = append(row, m.geometry(r.ID, r.Geometry))
	} else if r.Geometry != nil {
		m.fault(r.ID, "geometry", "is given, but %s has no geometry", m.collection.ID)
	}
	return row
}

// all is the collection's list of properties, made once.
func (m *rowMaker) all() []spatial.Property {
	if m.properties == nil {
		m.properties = loadProperties(m.collection)
	}
	return m.properties
}

// strangers are properties that the collection does not have.
func (m *rowMaker) strangers(r spatial.Record) {
	for _, name := range slices.Sorted(maps.Keys(r.Properties)) {
		switch p, ok := m.collection.Property(name); {
		case !ok:
			m.fault(r.ID, name, "is not a property of %s", m.collection.ID)
		case isValidity(p):
			m.fault(r.ID, name, "is not told as a property but as the validity of the record")
		}
	}
}

func (m *rowMaker) date(id, member string, t *time.Time) any {
	if t == nil {
		return nil
	}
	return m.value(id, spatial.Property{Name: member, Type: spatial.Date}, *t)
}

func (m *rowMaker) value(id string, p spatial.Property, v any) any {
	if v == nil {
		return nil
	}
	out, problem := columnValue(p, v)
	if problem != "" {
		m.fault(id, p.Name, "%s", problem)
		return nil
	}
	if text, ok := out.(string); ok && len(p.Enum) > 0 && !slices.Contains(p.Enum, text) {
		m.fault(id, p.Name, "is %q; allowed are %v", text, p.Enum)
	}
	return out
}
