package main

import (
	"bufio"
	"compress/flate"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"os"
	"sort"
	"strings"
)

// Not archive/zip: that reader never compares the local headers with the central directory, so that two readers could
// see two packages in one file.

// openZip reads a zip file by the rules of section 6. Bytes are checked when they are read.
func openZip(path string) (*bag, error) {
	source, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	found, err := readZip(source)
	if err != nil {
		source.Close()
		return nil, err
	}
	found.close = source.Close
	return found, nil
}

func readZip(source *os.File) (*bag, error) {
	info, err := source.Stat()
	if err != nil {
		return nil, err
	}
	entries, directoryAt, err := readDirectory(source, info.Size())
	if err != nil {
		return nil, err
	}
	for i := range entries {
		if err := readLocalHeader(source, &entries[i], directoryAt); err != nil {
			return nil, fmt.Errorf("%q: %w", entries[i].name, err)
		}
	}
	if err := checkPlaces(source, entries, directoryAt); err != nil {
		return nil, err
	}
	return bagOf(source, entries)
}

// checkPlaces: the entries follow one another from the first byte to the central directory.
func checkPlaces(source io.ReaderAt, entries []zipEntry, directoryAt int64) error {
	inOrder := append([]zipEntry{}, entries...)
	sort.Slice(inOrder, func(i, j int) bool { return inOrder[i].headerAt < inOrder[j].headerAt })
	if len(inOrder) == 0 || inOrder[0].headerAt != 0 {
		return errors.New("the file does not begin with an entry")
	}
	for i, entry := range inOrder {
		end := directoryAt
		if i+1 < len(inOrder) {
			end = inOrder[i+1].headerAt
		}
		if entry.dataAt+entry.packedSize > end {
			return fmt.Errorf("%q shares bytes with what follows it", entry.name)
		}
		dataEnd := entry.dataAt + entry.packedSize
		if entry.flags&flagHasDescriptor == 0 && dataEnd == end {
			continue
		}
		rest, err := readAt(source, dataEnd, min(end-dataEnd, 25))
		if err != nil || entry.flags&flagHasDescriptor == 0 || !isDescriptor(rest, entry) {
			return fmt.Errorf("bytes behind %q belong to no entry", entry.name)
		}
	}
	return nil
}

// bagOf takes the one top folder off the names.
func bagOf(source io.ReaderAt, entries []zipEntry) (*bag, error) {
	found := &bag{files: map[string]*file{}}
	names := map[string]bool{}
	top, _, _ := strings.Cut(entries[0].name, "/")
	for _, entry := range entries {
		name, isFolder := strings.CutSuffix(entry.name, "/")
		if !isPath(name) || names[name] || (isFolder && entry.size != 0) {
			return nil, fmt.Errorf("%q is not an allowed name, stands twice, or is a folder with bytes", entry.name)
		}
		names[name] = true
		if name == top && isFolder {
			continue
		}
		inside, isInside := strings.CutPrefix(name, top+"/")
		if !isInside {
			return nil, fmt.Errorf("%q is not below the one top folder", entry.name)
		}
		if !isFolder {
			found.files[inside] = &file{open: func() (io.ReadCloser, error) { return openEntry(source, entry), nil }}
		}
	}
	for name := range names {
		for folder := parentOf(name); folder != ""; folder = parentOf(folder) {
			inside, _ := strings.CutPrefix(folder, top+"/")
			if _, isFile := found.files[inside]; isFile && folder != top {
				return nil, fmt.Errorf("%q is a file and a folder", folder)
			}
		}
	}
	for name := range names {
		_, isFile := found.files[strings.TrimPrefix(name, top+"/")]
		if !isFile && name != top && !holdsFile(found, strings.TrimPrefix(name, top+"/")) {
			return nil, fmt.Errorf("the folder %q holds no file", name)
		}
	}
	return found, nil
}

func holdsFile(bag *bag, folder string) bool {
	for path := range bag.files {
		if strings.HasPrefix(path, folder+"/") {
			return true
		}
	}
	return false
}

func parentOf(path string) string {
	return path[:max(strings.LastIndexByte(path, '/'), 0)]
}

func openEntry(source io.ReaderAt, entry zipEntry) io.ReadCloser {
	packed := bufio.NewReader(io.NewSectionReader(source, entry.dataAt, entry.packedSize))
	reader := &entryReader{entry: entry, packed: packed, bytes: packed, crc: crc32.NewIEEE()}
	if entry.method == methodDeflated {
		reader.bytes = flate.NewReader(packed)
	}
	return reader
}

// entryReader ends with an error when there are not as many bytes as the central directory says; it sums their CRC-32.
type entryReader struct {
	entry  zipEntry
	packed *bufio.Reader
	bytes  io.Reader
	crc    hash.Hash32
	read   int64
}

func (r *entryReader) Read(into []byte) (int, error) {
	count, err := r.bytes.Read(into)
	r.crc.Write(into[:count])
	r.read += int64(count)
	if r.read > r.entry.size {
		return count, errors.New("more bytes than the directory says")
	}
	if err != io.EOF {
		return count, err
	}
	if r.read != r.entry.size {
		return count, errors.New("other bytes than the directory says")
	}
	if _, err := r.packed.ReadByte(); err != io.EOF {
		return count, errors.New("bytes are left over behind the packed ones")
	}
	return count, io.EOF
}

func (r *entryReader) Close() error {
	return nil
}
