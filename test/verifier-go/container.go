package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

// file is one file of a bag, read once to its end when the bag was opened.
type file struct {
	size   int64
	sha256 [32]byte
	// isDamaged: a zip file says another CRC-32 of it.
	isDamaged bool
	open      func() (io.ReadCloser, error)
}

// bag is the content of a folder or of a zip file's one top folder, by path.
type bag struct {
	files map[string]*file
	close func() error
}

var pathPart = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func isPart(part string) bool {
	return pathPart.MatchString(part) && part != "." && part != ".."
}

func isPath(path string) bool {
	for _, part := range strings.Split(path, "/") {
		if !isPart(part) {
			return false
		}
	}
	return true
}

// openBag applies the rules "Folder" and "Zip file" of section 6.
func openBag(path string) (*bag, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	var found *bag
	if info.IsDir() {
		found, err = openFolder(path)
	} else {
		found, err = openZip(path)
	}
	if err != nil {
		return nil, err
	}
	for _, name := range found.paths() {
		if err := found.files[name].digest(); err != nil {
			found.close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return found, nil
}

func openFolder(root string) (*bag, error) {
	found := &bag{files: map[string]*file{}, close: func() error { return nil }}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			inside, err := os.ReadDir(path)
			if err == nil && len(inside) == 0 && path != root {
				return fmt.Errorf("the folder %q holds no file", path)
			}
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name := filepath.ToSlash(relative)
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%q is neither a file nor a folder", name)
		}
		if !isPath(name) {
			return fmt.Errorf("%q is not an allowed path", name)
		}
		found.files[name] = &file{open: func() (io.ReadCloser, error) { return os.Open(path) }}
		return nil
	})
	return found, err
}

func (f *file) digest() error {
	reader, err := f.open()
	if err != nil {
		return err
	}
	defer reader.Close()
	hash := sha256.New()
	if f.size, err = io.Copy(hash, reader); err != nil {
		return err
	}
	hash.Sum(f.sha256[:0])
	if entry, isEntry := reader.(*entryReader); isEntry {
		f.isDamaged = entry.crc.Sum32() != entry.entry.crc
	}
	return nil
}

// paths lists the bag's files, sorted.
func (b *bag) paths() []string {
	paths := make([]string, 0, len(b.files))
	for path := range b.files {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	return paths
}

// read returns a file's bytes; false when there is none at the path. The file was read before, so that a failure now
// means that somebody changes it at this moment.
func (b *bag) read(path string) ([]byte, bool) {
	file, found := b.files[path]
	if !found {
		return nil, false
	}
	reader, err := file.open()
	if err != nil {
		panic(err)
	}
	defer reader.Close()
	bytes, err := io.ReadAll(reader)
	if err != nil {
		panic(err)
	}
	return bytes, true
}

// mustRead is for files that readDescribed has found to be there.
func (b *bag) mustRead(path string) []byte {
	bytes, found := b.read(path)
	if !found {
		panic("not in the bag: " + path)
	}
	return bytes
}
