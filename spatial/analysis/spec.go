package analysis

// The media types of outputs.
const (
	mediaJSON    = "application/json"
	mediaGeoJSON = "application/geo+json"
)

// Schema is a JSON Schema (the dialect of OpenAPI 3.0).
type Schema = map[string]any

// Spec describes a process to its clients.
type Spec struct {
	ID          string
	Title       string
	TitleZH     string
	Description string
	Version     string
	Inputs      []InputSpec
	Outputs     []OutputSpec
	Examples    []Example // complete requests that run on the data shipped
	Links       []string  // inputs that may be a link, {"href": …}, which the process sees as it is
	Partial     bool      // a run may leave out outputs
	Idle        bool      // a run waits and does not work: it needs no turn among those that do
}

// InputSpec describes one input. Schema carries its default, range and an
// example.
type InputSpec struct {
	ID          string
	Title       string
	Description string
	Required    bool
	Schema      Schema
}

// OutputSpec describes one output.
type OutputSpec struct {
	ID          string
	Title       string
	Description string
	MediaType   string
	Schema      Schema
}

// Example is a named set of inputs, ready to be marshalled under "inputs".
type Example struct {
	Title  string
	Inputs map[string]any
}

// InputNames lists the ids of the inputs in order.
func (s Spec) InputNames() []string {
	names := make([]string, len(s.Inputs))
	for i, in := range s.Inputs {
		names[i] = in.ID
	}
	return names
}
