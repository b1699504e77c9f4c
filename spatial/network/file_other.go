//go:build !unix

package network

func mapFile(path string) (data []byte, mapped bool, err error) { return readWhole(path) }

func unmap([]byte) {}
