//go:build !unix

package network

func mapFile(path string) ([]byte, error) { return readWhole(path) }
