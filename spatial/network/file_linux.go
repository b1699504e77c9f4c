package network

import "syscall"

// giveBack takes the pages of a mapping out of the process; they come again
// from the system's cache, or the file, when they are used. Checking a graph
// touches all of it, using it only a part: lines of roads are read where a
// point snaps or a circle is drawn.
func giveBack(data []byte) {
	// A refusal costs nothing but memory.
	_ = syscall.Madvise(data, syscall.MADV_DONTNEED)
}
