package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"regexp"
)

type contentsLine struct {
	path   string
	bytes  int64
	sha256 []byte
}

func parseContentsLine(value any) (contentsLine, error) {
	o := objectOf(value, "bytes", "path", "sha256")
	return contentsLine{path: o.text("path"), bytes: o.whole("bytes"), sha256: o.hex("sha256", 32)}, o.err
}

var (
	// Files that have to have a line of contents.jsonl.
	contentsPlace = regexp.MustCompile(`^data/(making\.json$|(originals|playable|transcripts|report|verifier)/)`)
	// Paths that section 6 has for them.
	contentsForm = regexp.MustCompile(`^data/(making\.json|originals/[^/]+/original(\.[A-Za-z0-9]+)?|` +
		`playable/[^/]+-(0|[1-9][0-9]*)\.(mp4|m4a|jpg)|(transcripts|report|verifier)/[^/]+)$`)
)

// contentsEvent is the event that says what contents.jsonl is: the last one of this package.
func contentsEvent(described *described, events []event) (event, bool) {
	last := event{line: eventLine{index: -1}}
	for _, event := range eventsOfPackage(described, events, "package.contents") {
		if event.line.index > last.line.index {
			last = event
		}
	}
	return last, last.line.index >= 0
}

func eventsOfPackage(described *described, events []event, kind string) []event {
	var found []event
	for _, event := range events {
		if event.kind == kind && event.names("package:"+described.pack.id) {
			found = append(found, event)
		}
	}
	return found
}

// checkContents: `contents_differs` of section 7.
func checkContents(v *verdict, bag *bag, described *described, events []event) {
	committed, found := contentsEvent(described, events)
	if !found {
		v.add("contents_differs", "no event package.contents of this package")
	}
	for _, built := range eventsOfPackage(described, events, "package.built") {
		if found && built.line.index < committed.line.index {
			v.add("contents_differs", "the contents of event %d were entered after the package was built", committed.line.index)
		}
	}
	listed := map[string]bool{}
	var total int64
	last := ""
	for _, line := range described.contents {
		total += line.bytes
		listed[line.path] = true
		if line.path <= last {
			v.add("contents_differs", "the path %q does not ascend", line.path)
		}
		last = line.path
		file, isThere := bag.files[line.path]
		if !isPath(line.path) || !contentsForm.MatchString(line.path) || !isThere {
			v.add("contents_differs", "%q is no file that contents.jsonl can name", line.path)
		} else if file.size != line.bytes || !bytes.Equal(file.sha256[:], line.sha256) {
			v.add("contents_differs", "%s has other bytes than its line says", line.path)
		}
	}
	for _, path := range bag.paths() {
		if contentsPlace.MatchString(path) && !listed[path] {
			v.add("contents_differs", "%s has no line", path)
		}
	}
	o := &object{members: committed.details}
	digest := sha256.Sum256(bag.mustRead(pathContents))
	isCommitted := o.text("sha256") == hex.EncodeToString(digest[:]) &&
		o.whole("files") == int64(len(described.contents)) && o.whole("bytes") == total
	if found && (o.err != nil || !isCommitted) {
		v.add("contents_differs", "contents.jsonl is not what event %d says", committed.line.index)
	}
}
