package network

import (
	"fmt"
	"os"
)

// Open maps a file with an encoded graph into memory and checks it as Decode
// does. The operating system reads what is used and drops what is not, so a
// country's graph takes little of the heap. The mapping stays for as long as
// the program runs: arrays of the graph may be in use wherever a road is. A
// graph that is not used any more costs address space and, once its file is
// removed, the room on disk until the program ends. The file may be removed,
// but must not be written to.
func Open(path string) (*Graph, error) {
	data, mapped, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	g, err := Decode(data)
	if err != nil {
		if mapped {
			unmap(data)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if mapped {
		giveBack(data)
	}
	return g, nil
}

// readWhole is mapFile where files cannot be mapped.
func readWhole(path string) (data []byte, mapped bool, err error) {
	data, err = os.ReadFile(path)
	return data, false, err
}
