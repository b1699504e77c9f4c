package osm

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"quanyu/spatial"
	"quanyu/spatial/network"
)

// The terms under which OpenStreetMap data is used, as its copyright page asks
// them to be stated (https://www.openstreetmap.org/copyright).
const (
	Licence     = "ODbL-1.0"
	Attribution = "© OpenStreetMap contributors"
)

// Network reads the map file at path into a road network of the given name,
// with the dataset that vouches for it. The dataset's version is the date of
// the data where the file states one, else the head of the file's hash.
func Network(ctx context.Context, path, name string, opts Options, progress func(Progress)) (*network.Network, spatial.Dataset, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, spatial.Dataset{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, spatial.Dataset{}, err
	}
	if !info.Mode().IsRegular() {
		return nil, spatial.Dataset{}, fmt.Errorf("%s: not a regular file; it is read twice, so a pipe will not do", path)
	}
	data, err := Read(ctx, file, info.Size(), opts, progress)
	if err != nil {
		return nil, spatial.Dataset{}, fmt.Errorf("%s: %w", path, err)
	}
	if progress != nil {
		progress(Progress{Phase: PhaseGraph})
	}
	graph, built, err := network.Build(data.Source, data.Coordinate)
	if err != nil {
		return nil, spatial.Dataset{}, fmt.Errorf("%s: %w", path, err)
	}
	data.Report.Graph = &built
	graph, err = graph.Ranked(ctx, func(done, total int) {
		if progress != nil {
			progress(Progress{Phase: PhaseOrder, Done: int64(done), Total: int64(total)})
		}
	})
	if err != nil {
		return nil, spatial.Dataset{}, fmt.Errorf("%s: %w", path, err)
	}
	dataset := data.dataset(name, filepath.Base(path))
	n, err := network.New(name, network.KindImported, graph, spatial.DatasetVersion{ID: dataset.ID, Version: dataset.Version})
	if err != nil {
		return nil, spatial.Dataset{}, fmt.Errorf("%s: %w", path, err)
	}
	return n, dataset, nil
}

func (d *Data) dataset(name, file string) spatial.Dataset {
	s := spatial.Dataset{
		ID:          "osm-" + name,
		Title:       "OpenStreetMap roads, " + file,
		TitleZH:     "OpenStreetMap 道路（" + file + "）",
		Licence:     Licence,
		Attribution: Attribution,
		Version:     d.SHA256[:12],
		SHA256:      d.SHA256,
		Kind:        spatial.Measured,
		Report:      d.Report,
	}
	if at := d.Report.Header.Replication; at != nil {
		s.Version = at.Format(time.RFC3339)
		s.Retrieved = *at
	}
	return s
}
