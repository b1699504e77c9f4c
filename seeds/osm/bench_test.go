package osm

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkRead reads whole extracts from memory: what it gives in MB/s is the
// file's compressed size over the time of both passes.
func BenchmarkRead(b *testing.B) {
	for _, name := range []string{"china/china-roads-osm2021-z7.osm.pbf", "osm/heidelberg.osm.pbf", "osm/columbus-nondense.osm.pbf", "osm/andorra.osm.pbf", "osm/andorra.osm.gz"} {
		b.Run(filepath.Base(name), func(b *testing.B) {
			data, err := os.ReadFile(sharedFile(b, filepath.FromSlash(name)))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(context.Background(), bytes.NewReader(data), int64(len(data)), Options{}, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
