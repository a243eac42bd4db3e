package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Records of PKWARE's APPNOTE: 4.3.7 local header, 4.3.12 central directory, 4.3.14-16 end records, 4.5.3 zip64.

const (
	methodStored   = 0
	methodDeflated = 8

	flagsEncrypted    = 1<<0 | 1<<6 | 1<<13
	flagHasDescriptor = 1 << 3

	unicodePath = 0x7075

	unset16 = 0xffff
	unset32 = 0xffffffff
)

// zipEntry is an entry as the central directory describes it; dataAt comes from its local header.
type zipEntry struct {
	name             string
	flags, method    uint16
	crc              uint32
	packedSize, size int64
	headerAt, dataAt int64
}

var little = binary.LittleEndian

func readAt(source io.ReaderAt, at, count int64) ([]byte, error) {
	if at < 0 || count < 0 || count > 1<<30 {
		return nil, errors.New("a place outside the file")
	}
	bytes := make([]byte, count)
	if _, err := source.ReadAt(bytes, at); err != nil {
		return nil, fmt.Errorf("%d bytes at %d: %w", count, at, err)
	}
	return bytes, nil
}

// readDirectory returns the entries and where the central directory begins.
func readDirectory(source io.ReaderAt, fileSize int64) ([]zipEntry, int64, error) {
	end, err := readAt(source, fileSize-22, 22)
	if err != nil {
		return nil, 0, err
	}
	if string(end[:4]) != "PK\x05\x06" || little.Uint16(end[20:]) != 0 {
		return nil, 0, errors.New("the file does not end with an end record without comment")
	}
	if little.Uint32(end[4:]) != 0 || little.Uint16(end[8:]) != little.Uint16(end[10:]) {
		return nil, 0, errors.New("one of several files")
	}
	count, size, at := uint64(little.Uint16(end[10:])), uint64(little.Uint32(end[12:])), uint64(little.Uint32(end[16:]))
	endAt := fileSize - 22
	locator, err := readAt(source, endAt-20, 20)
	if err == nil && string(locator[:4]) == "PK\x06\x07" {
		wide, err := readWideEnd(source, locator, endAt-20)
		if err != nil {
			return nil, 0, err
		}
		if !agrees(count, unset16, wide.count) || !agrees(size, unset32, wide.size) || !agrees(at, unset32, wide.at) {
			return nil, 0, errors.New("the two end records differ")
		}
		count, size, at, endAt = wide.count, wide.size, wide.at, endAt-20-56
	}
	if at > uint64(fileSize) || size > uint64(fileSize) || int64(at+size) != endAt {
		return nil, 0, errors.New("the central directory does not end where the end record begins")
	}
	bytes, err := readAt(source, int64(at), int64(size))
	if err != nil {
		return nil, 0, err
	}
	entries, err := parseDirectory(bytes, count)
	return entries, int64(at), err
}

type wideEnd struct{ count, size, at uint64 }

func readWideEnd(source io.ReaderAt, locator []byte, locatorAt int64) (wideEnd, error) {
	at := locatorAt - 56
	bytes, err := readAt(source, at, 56)
	if err != nil {
		return wideEnd{}, err
	}
	if string(bytes[:4]) != "PK\x06\x06" || little.Uint64(bytes[4:]) != 44 || little.Uint64(locator[8:]) != uint64(at) {
		return wideEnd{}, errors.New("no zip64 end record where one is said to be")
	}
	oneFile := little.Uint32(locator[4:]) == 0 && little.Uint32(locator[16:]) == 1 && little.Uint64(bytes[16:]) == 0
	if !oneFile || little.Uint64(bytes[24:]) != little.Uint64(bytes[32:]) {
		return wideEnd{}, errors.New("one of several files")
	}
	return wideEnd{little.Uint64(bytes[32:]), little.Uint64(bytes[40:]), little.Uint64(bytes[48:])}, nil
}

func agrees(narrow, unset, wide uint64) bool {
	return narrow == unset || narrow == wide
}

func parseDirectory(bytes []byte, count uint64) ([]zipEntry, error) {
	var entries []zipEntry
	for len(bytes) > 0 {
		if len(bytes) < 46 || string(bytes[:4]) != "PK\x01\x02" {
			return nil, errors.New("the central directory cannot be read")
		}
		nameEnd := 46 + int(little.Uint16(bytes[28:]))
		extraEnd := nameEnd + int(little.Uint16(bytes[30:]))
		next := extraEnd + int(little.Uint16(bytes[32:]))
		if len(bytes) < next {
			return nil, errors.New("the central directory ends early")
		}
		entry := zipEntry{
			name:  string(bytes[46:nameEnd]),
			flags: little.Uint16(bytes[8:]), method: little.Uint16(bytes[10:]), crc: little.Uint32(bytes[16:]),
		}
		sizes := []uint32{little.Uint32(bytes[24:]), little.Uint32(bytes[20:]), little.Uint32(bytes[42:])}
		wide, err := widen(bytes[nameEnd:extraEnd], sizes)
		if err != nil {
			return nil, fmt.Errorf("%q: %w", entry.name, err)
		}
		entry.size, entry.packedSize, entry.headerAt = wide[0], wide[1], wide[2]
		if err := checkAttributes(entry.name, little.Uint32(bytes[38:])); err != nil {
			return nil, err
		}
		if entry.flags&flagsEncrypted != 0 || (entry.method != methodStored && entry.method != methodDeflated) {
			return nil, fmt.Errorf("%q is encrypted, or packed in a way that is not allowed", entry.name)
		}
		entries = append(entries, entry)
		bytes = bytes[next:]
	}
	if uint64(len(entries)) != count {
		return nil, errors.New("another number of entries than the end record says")
	}
	return entries, nil
}

// checkAttributes: by Unix mode and DOS attributes, when they say anything, an entry is what its name says.
func checkAttributes(name string, attributes uint32) error {
	isFolder := strings.HasSuffix(name, "/")
	kind := attributes >> 28
	if kind != 0 && !(isFolder && kind == 4) && !(!isFolder && kind == 8) {
		return fmt.Errorf("%q is by its mode something else", name)
	}
	if attributes&0x10 != 0 && !isFolder {
		return fmt.Errorf("%q is by its attributes a folder", name)
	}
	return nil
}

// isDescriptor: APPNOTE 4.3.9, an optional signature, CRC-32 and both sizes, of 4 bytes each or of 8.
func isDescriptor(bytes []byte, entry zipEntry) bool {
	if len(bytes) == 16 || len(bytes) == 24 {
		if string(bytes[:4]) != "PK\x07\x08" {
			return false
		}
		bytes = bytes[4:]
	}
	switch len(bytes) {
	case 12:
		return little.Uint32(bytes) == entry.crc &&
			int64(little.Uint32(bytes[4:])) == entry.packedSize && int64(little.Uint32(bytes[8:])) == entry.size
	case 20:
		return little.Uint32(bytes) == entry.crc &&
			little.Uint64(bytes[4:]) == uint64(entry.packedSize) && little.Uint64(bytes[12:]) == uint64(entry.size)
	}
	return false
}

// widen takes those numbers that are all ones from the zip64 field, where they stand in this order (APPNOTE 4.5.3).
func widen(extra []byte, numbers []uint32) ([]int64, error) {
	var field []byte
	for len(extra) >= 4 {
		end := 4 + int(little.Uint16(extra[2:]))
		if end > len(extra) {
			return nil, errors.New("an extra field ends early")
		}
		if little.Uint16(extra) == unicodePath {
			return nil, errors.New("an extra field gives it a name")
		}
		if little.Uint16(extra) == 1 {
			field = extra[4:end]
		}
		extra = extra[end:]
	}
	wide := make([]int64, len(numbers))
	for i, number := range numbers {
		wide[i] = int64(number)
		if number != unset32 {
			continue
		}
		if len(field) < 8 || field[7] >= 0x80 {
			return nil, errors.New("its zip64 field cannot be read")
		}
		wide[i] = int64(little.Uint64(field))
		field = field[8:]
	}
	return wide, nil
}

// readLocalHeader holds an entry's local header against the central directory and finds where its bytes begin.
func readLocalHeader(source io.ReaderAt, entry *zipEntry, directoryAt int64) error {
	header, err := readAt(source, entry.headerAt, 30)
	if err != nil {
		return err
	}
	if string(header[:4]) != "PK\x03\x04" {
		return errors.New("no local header where one is said to be")
	}
	nameSize, extraSize := int64(little.Uint16(header[26:])), int64(little.Uint16(header[28:]))
	rest, err := readAt(source, entry.headerAt+30, nameSize+extraSize)
	if err != nil {
		return err
	}
	sizes, err := widen(rest[nameSize:], []uint32{little.Uint32(header[22:]), little.Uint32(header[18:])})
	if err != nil {
		return err
	}
	crc, size, packedSize := entry.crc, entry.size, entry.packedSize
	if entry.flags&flagHasDescriptor != 0 {
		crc, size, packedSize = 0, 0, 0
	}
	same := string(rest[:nameSize]) == entry.name &&
		little.Uint16(header[6:]) == entry.flags && little.Uint16(header[8:]) == entry.method &&
		little.Uint32(header[14:]) == crc && sizes[0] == size && sizes[1] == packedSize
	if !same {
		return errors.New("its local header says something else than the central directory")
	}
	entry.dataAt = entry.headerAt + 30 + nameSize + extraSize
	if entry.packedSize > directoryAt || entry.dataAt > directoryAt {
		return errors.New("it does not end before the central directory")
	}
	return nil
}
