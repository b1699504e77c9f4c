package network

import (
	"errors"
	"unsafe"
)

// This file is the only one that looks at memory as bytes. The types that it
// is used with (coordinate, Run, split, twin, box, uint32, Modes) are fixed in
// size, have no padding and no pointers, and any bytes are a value of theirs.

var errByteOrder = errors.New("road graphs can only be used on little-endian machines, such as amd64 and arm64")

func littleEndian() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}

// bytesOf is the memory of an array.
func bytesOf[T any](list []T) []byte {
	if len(list) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(list))), len(list)*int(unsafe.Sizeof(list[0])))
}

// arrayOver is an array over bytes that begin at a multiple of eight; nil over
// none.
func arrayOver[T any](b []byte) []T {
	if len(b) == 0 {
		return nil
	}
	var one T
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/int(unsafe.Sizeof(one)))
}

// aligned gives the same bytes at an address that is a multiple of eight: the
// memory of a mapped file or a large slice always is.
func aligned(b []byte) []byte {
	if uintptr(unsafe.Pointer(unsafe.SliceData(b)))%8 == 0 {
		return b
	}
	words := make([]uint64, (len(b)+7)/8)
	return bytesOf(words)[:copy(bytesOf(words), b)]
}
