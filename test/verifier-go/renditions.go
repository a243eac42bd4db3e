package main

import (
	"bytes"
	"crypto/sha256"
	"io"
	"sort"
)

// part is one file of a rendition.
type part struct {
	isInit        bool
	number, bytes int64
	sha256        []byte
}

// parts lists the files of a rendition in the order of the playable form; false when an entry is not as described.
func (r *recordingCheck) parts(renditionID string) ([]part, bool) {
	var parts []part
	for _, event := range r.eventsOf("rendition.published") {
		if event.details["renditionId"] != renditionID {
			continue
		}
		files, isList := event.details["files"].([]any)
		if !isList {
			return nil, false
		}
		for _, one := range files {
			members, isObject := one.(map[string]any)
			if !isObject {
				return nil, false
			}
			o := &object{members: members}
			kind := o.text("kind")
			if kind != "init" && kind != "segment" && kind != "still" {
				continue
			}
			parts = append(parts, part{kind == "init", o.whole("number"), o.whole("bytes"), o.hex("sha256", 32)})
			if o.err != nil {
				return nil, false
			}
		}
	}
	sort.SliceStable(parts, func(i, j int) bool {
		if parts[i].isInit != parts[j].isInit {
			return parts[i].isInit
		}
		return parts[i].number < parts[j].number
	})
	return parts, true
}

// isJoined tells whether a file is these parts one after another.
func isJoined(file *file, parts []part, total int64) bool {
	if file.size != total {
		return false
	}
	reader, err := file.open()
	if err != nil {
		panic(err)
	}
	defer reader.Close()
	for _, part := range parts {
		hash := sha256.New()
		if _, err := io.CopyN(hash, reader, part.bytes); err != nil {
			panic(err)
		}
		if !bytes.Equal(hash.Sum(nil), part.sha256) {
			return false
		}
	}
	return true
}
