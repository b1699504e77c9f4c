package seeds

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"time"

	"quanyu/spatial"
)

// The files are named one by one, so that a file of another loader beside
// them changes neither the content nor the hash of this one.
//
//go:embed facts/datasets.csv facts/plans.csv facts/articles.csv facts/divisions.csv facts/seats.csv facts/cities.csv
//go:embed facts/city-clusters.csv facts/metropolitan-areas.csv facts/development-axes.csv facts/zones.csv
//go:embed facts/airports.csv facts/border-places.csv facts/border-distances.csv facts/targets.csv facts/mentions.csv
var shipped embed.FS

// Facts parses the shipped facts into one load named "facts". It fails only
// when a shipped file is broken, with a *FactsError that names every fault.
func Facts() (spatial.Load, error) {
	files, err := fs.Sub(shipped, "facts")
	if err != nil {
		return spatial.Load{}, err
	}
	return ParseFacts(files)
}

// ParseFacts parses the fact files in the root of a file system as Facts
// does. All of them must be there; other files are left alone. A fault in any
// row refuses them all: a *FactsError lists the faults by file, line and field.
func ParseFacts(files fs.FS) (spatial.Load, error) {
	tables, hash, faults, err := readTables(files)
	if err != nil {
		return spatial.Load{}, err
	}
	if len(faults) == 0 {
		faults = crossCheck(tables)
	}
	if len(faults) > 0 {
		return spatial.Load{}, &FactsError{Faults: faults}
	}
	load := spatial.Load{Name: "facts", Hash: hash}
	kept := map[string]map[string]int{}
	compose := newComposer(tables)
	for _, name := range tableNames() {
		t := tables[name]
		if name == datasetsFile || t.layout.joined {
			continue
		}
		tl := spatial.TableLoad{Collection: t.layout.collection}
		for _, r := range t.rows {
			tl.Records = append(tl.Records, spatial.Record{Feature: compose.feature(r)})
			source := r.text("source")
			if kept[source] == nil {
				kept[source] = map[string]int{}
			}
			kept[source][t.layout.collection.ID]++
		}
		load.Tables = append(load.Tables, tl)
	}
	for _, r := range tables[datasetsFile].rows {
		load.Datasets = append(load.Datasets, r.dataset(kept[r.text("id")]))
	}
	return load, nil
}

// readTables reads every fact file and sums all their bytes, names included,
// into one hash in the order of tableNames.
func readTables(files fs.FS) (map[string]*table, string, []Fault, error) {
	sum := sha256.New()
	tables := map[string]*table{}
	var faults []Fault
	all := layouts()
	for _, name := range tableNames() {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, "", nil, fmt.Errorf("fact file %s: %w", name, err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(content))
		sum.Write(content)
		t, found := parseTable(name, all[name], content)
		tables[name] = t
		faults = append(faults, found...)
	}
	return tables, hex.EncodeToString(sum.Sum(nil)), faults, nil
}

func (r row) dataset(kept map[string]int) spatial.Dataset {
	d := spatial.Dataset{
		ID: r.text("id"), Title: r.text("title"), TitleZH: r.text("title_zh"),
		Licence: r.text("licence"), Attribution: r.text("attribution"),
		Version: r.text("version"), SHA256: r.text("sha256"),
		Kind: spatial.DatasetKind(r.text("kind")), Report: map[string]any{"kept": kept},
	}
	if retrieved, ok := r.values["retrieved"].(time.Time); ok {
		d.Retrieved = retrieved
	}
	return d
}
