package spatial

import (
	"encoding/json"
	"time"
)

// DatasetVersion names a dataset and the version of it that was read.
type DatasetVersion struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// ScenarioUse tells which edits a result was computed under.
type ScenarioUse struct {
	ID    *string         `json:"id"`    // row of the scenarios collection, null for edits given inline
	Hash  string          `json:"hash"`  // of Edits, 16 hex digits
	Edits json.RawMessage `json:"edits"` // in their canonical form
}

// Provenance tells how a result came about. Two results with equal
// provenance, ComputedAt aside, are equal byte for byte.
type Provenance struct {
	Engine         string           `json:"engine"`                    // program and version
	Network        string           `json:"network,omitempty"`         // name of the road network used
	NetworkVersion string           `json:"network_version,omitempty"` // content hash of that network
	NetworkKind    string           `json:"network_kind,omitempty"`    // imported, or condensed (modelled)
	NetworkChoice  string           `json:"network_choice,omitempty"`  // why this one, when the request named none
	Profile        string           `json:"profile,omitempty"`
	ProfileHash    string           `json:"profile_hash,omitempty"`
	Datasets       []DatasetVersion `json:"datasets"`
	Scenario       *ScenarioUse     `json:"scenario"`   // null when nothing was edited
	Parameters     any              `json:"parameters"` // every input with its default filled in
	Notes          []string         `json:"notes"`      // what a reader must know: unknown dates counted, modelled data used
	ComputedAt     time.Time        `json:"computed_at"`
}
