//go:build unix

package network

import (
	"os"
	"syscall"
)

// mapFile gives the bytes of a file without reading them.
func mapFile(path string) (data []byte, mapped bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, false, err
	}
	if !info.Mode().IsRegular() || info.Size() == 0 || info.Size() != int64(int(info.Size())) {
		return readWhole(path)
	}
	data, err = syscall.Mmap(int(file.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return readWhole(path) // some file systems do not map
	}
	return data, true, nil
}

// unmap ends a mapping that nothing refers to.
func unmap(data []byte) { _ = syscall.Munmap(data) }
