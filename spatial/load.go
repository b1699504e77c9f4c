package spatial

import "time"

// DatasetKind tells figures that were measured or recorded from those that a
// model computed; the two are never mixed in one dataset.
type DatasetKind string

// The kinds of dataset.
const (
	Measured DatasetKind = "measured"
	Modelled DatasetKind = "modelled"
)

// Dataset is one row of the datasets collection.
type Dataset struct {
	ID          string
	Title       string
	TitleZH     string
	Licence     string // SPDX identifier where there is one, "unstated" otherwise
	Attribution string
	Retrieved   time.Time // civil date; zero when unknown
	Version     string
	SHA256      string // of the file read, "" when there was none
	Kind        DatasetKind
	Report      any // counts of what was kept and dropped, marshalled to JSON; nil for none
}

// Record is a feature to be stored. Its properties include the common ones
// name_zh, name_en, source (the dataset's id) and visibility ("public" when
// absent). A nil ValidFrom or ValidTo is open.
type Record struct {
	Feature
	ValidFrom, ValidTo *time.Time
}

// Load is everything that one loader owns. Storing it is atomic: afterwards
// the rows of this Name are exactly Tables, or nothing has changed. Storing
// the same Hash again under the same Name does nothing.
type Load struct {
	Name     string // such as "facts"
	Hash     string // of all content, lower-case hex SHA-256
	Datasets []Dataset
	Tables   []TableLoad
}

// TableLoad is the content of one collection within a Load.
type TableLoad struct {
	Collection Collection
	Records    []Record
}
