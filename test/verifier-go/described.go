package main

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

const (
	pathPackage    = "data/package.json"
	pathMaking     = "data/making.json"
	pathContents   = "data/contents.jsonl"
	pathHandIns    = "data/hand-ins.jsonl"
	pathCheckpoint = "data/ledger/checkpoint"
	pathSubjects   = "data/ledger/subjects.jsonl"
	pathEvents     = "data/ledger/events.jsonl"
	pathLoose      = "data/ledger/loose.jsonl"
	pathRecordings = "data/recordings.jsonl"
)

// pathsDescribed are the files that every package has beside those of the bag.
var pathsDescribed = []string{
	pathPackage, pathMaking, pathContents, pathHandIns, pathCheckpoint, pathSubjects, pathEvents, pathLoose, pathRecordings,
}

// described is what the JSON files of a package say, read but not yet believed.
type described struct {
	pack       packageFile
	making     packageFile
	contents   []contentsLine
	handIns    []handInLine
	subjects   []subjectLine
	events     []eventLine
	loose      []eventLine
	recordings []recordingLine
}

// packageFile is package.json, or making.json, which has no origin and checkpointSize.
type packageFile struct {
	members                    map[string]any
	id, caseNumber, origin     string
	checkpointSize, reportSize int64
	withFootage                bool
	madeAt                     time.Time
	madeBy                     personNamed
	purpose                    string
	signedBy                   *personNamed // nil for null
	recipient                  any          // an object, or nil for null
}

type personNamed struct{ id, name, role string }

type subjectLine struct {
	name          string
	proof, secret []byte
}

type eventLine struct {
	body             string
	bodySHA256, salt []byte
	index            int64
}

type recordingLine struct {
	id       string
	original *originalFile
	playable []playableFile
}

type originalFile struct {
	path   string
	bytes  int64
	sha256 []byte
	sm3    string // empty for null
}

type playableFile struct {
	path, kind, renditionID string
	bytes, track            int64
	sha256                  []byte
}

// packageFormat is the one format that section 6 describes.
const packageFormat = "evidence-package/v3"

// unknownFormat tells the name of another format than that of section 6: `format_unknown` of section 7.
func unknownFormat(bag *bag) (string, bool) {
	if _, found := bag.files[pathPackage]; !found {
		return "", false
	}
	value, err := parseJCS(bag.mustRead(pathPackage))
	if err != nil {
		return "", false
	}
	members, _ := value.(map[string]any)
	format, isText := members["format"].(string)
	return format, isText && format != packageFormat
}

// readDescribed reads the files that every package has: `package_malformed` of section 7.
func readDescribed(bag *bag) (*described, error) {
	for _, path := range append([]string{pathBagInfo}, pathsDescribed...) {
		if _, found := bag.files[path]; !found {
			return nil, fmt.Errorf("%s is missing", path)
		}
	}
	d := &described{}
	var err error
	if d.pack, err = readPackage(bag, pathPackage, "origin", "checkpointSize"); err != nil {
		return nil, err
	}
	if d.making, err = readPackage(bag, pathMaking); err != nil {
		return nil, err
	}
	if d.contents, err = readLines(bag, pathContents, parseContentsLine); err != nil {
		return nil, err
	}
	if d.handIns, err = readLines(bag, pathHandIns, parseHandInLine); err != nil {
		return nil, err
	}
	if d.subjects, err = readLines(bag, pathSubjects, parseSubject); err != nil {
		return nil, err
	}
	if d.events, err = readLines(bag, pathEvents, parseEventLine); err != nil {
		return nil, err
	}
	if d.loose, err = readLines(bag, pathLoose, parseEventLine); err != nil {
		return nil, err
	}
	d.recordings, err = readLines(bag, pathRecordings, parseRecording)
	return d, err
}

func readLines[T any](bag *bag, path string, parse func(value any) (T, error)) ([]T, error) {
	lines, err := linesOf(bag.mustRead(path))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	parsed := make([]T, 0, len(lines))
	for i, line := range lines {
		value, err := parseJCS([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, i+1, err)
		}
		one, err := parse(value)
		if err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", path, i+1, err)
		}
		parsed = append(parsed, one)
	}
	return parsed, nil
}

// readPackage reads package.json or making.json: of the two, the one has the members more.
func readPackage(bag *bag, path string, more ...string) (packageFile, error) {
	value, err := parseJCS(bag.mustRead(path))
	if err != nil {
		return packageFile{}, fmt.Errorf("%s: %w", path, err)
	}
	names := []string{"format", "id", "caseNumber", "reportSize", "withFootage", "madeAt", "madeBy", "madeHow", "purpose",
		"signedBy", "recipient"}
	o := objectOf(value, append(names, more...)...)
	read := packageFile{
		members: o.members, id: o.text("id"), caseNumber: o.text("caseNumber"), reportSize: o.whole("reportSize"),
		withFootage: o.truth("withFootage"), purpose: o.text("purpose"), recipient: o.members["recipient"],
	}
	for _, name := range []string{"format", "madeHow"} {
		o.text(name)
	}
	if len(more) > 0 {
		read.origin, read.checkpointSize = o.text("origin"), o.whole("checkpointSize")
	}
	if !isTime(o.text("madeAt")) {
		o.fail("madeAt is no time")
	}
	read.madeAt, _ = time.Parse(time.RFC3339, o.text("madeAt"))
	checkTexts(o, "madeBy", false, "id", "name", "role")
	checkTexts(o, "signedBy", true, "id", "name")
	checkTexts(o, "recipient", true, "name", "organisation")
	read.madeBy = personIn(o.members["madeBy"])
	if o.members["signedBy"] != nil {
		signedBy := personIn(o.members["signedBy"])
		read.signedBy = &signedBy
	}
	if o.err != nil {
		return packageFile{}, fmt.Errorf("%s: %w", path, o.err)
	}
	return read, nil
}

func personIn(value any) personNamed {
	members, _ := value.(map[string]any)
	id, _ := members["id"].(string)
	name, _ := members["name"].(string)
	role, _ := members["role"].(string)
	return personNamed{id, name, role}
}

// checkTexts: a member that is an object of texts, or null where that is allowed.
func checkTexts(o *object, member string, orNull bool, names ...string) {
	if orNull && o.members[member] == nil {
		return
	}
	inner := objectOf(o.members[member], names...)
	for _, name := range names {
		inner.text(name)
	}
	if inner.err != nil {
		o.fail("%s: %w", member, inner.err)
	}
}

var subjectForm = regexp.MustCompile(`(?s)^[a-z][a-z0-9_-]*:.+$`)

func parseSubject(value any) (subjectLine, error) {
	o := objectOf(value, "proof", "secret", "subject")
	line := subjectLine{name: o.text("subject"), proof: o.hex("proof", 80), secret: o.hex("secret", 64)}
	if !subjectForm.MatchString(line.name) {
		o.fail("subject is not type:id")
	}
	return line, o.err
}

func parseEventLine(value any) (eventLine, error) {
	o := objectOf(value, "body", "bodySha256", "index", "salt")
	return eventLine{
		body: o.text("body"), bodySHA256: o.hex("bodySha256", 32), index: o.whole("index"), salt: o.hex("salt", 32),
	}, o.err
}

func parseRecording(value any) (recordingLine, error) {
	o := objectOf(value, "id", "original", "playable")
	line := recordingLine{id: o.text("id")}
	if o.err == nil && o.members["original"] != nil {
		f := objectOf(o.members["original"], "bytes", "path", "sha256", "sm3")
		line.original = &originalFile{path: f.text("path"), bytes: f.whole("bytes"), sha256: f.hex("sha256", 32)}
		if f.members["sm3"] != nil {
			line.original.sm3 = f.text("sm3")
			f.hex("sm3", 32)
		}
		o.err = errors.Join(o.err, f.err)
	}
	playable, isList := o.members["playable"].([]any)
	if !isList {
		o.fail("playable is not a list")
	}
	for _, one := range playable {
		track, err := parsePlayable(one)
		o.err = errors.Join(o.err, err)
		line.playable = append(line.playable, track)
	}
	return line, o.err
}

func parsePlayable(value any) (playableFile, error) {
	o := objectOf(value, "bytes", "kind", "path", "renditionId", "sha256", "track")
	file := playableFile{
		path: o.text("path"), kind: o.text("kind"), renditionID: o.text("renditionId"),
		bytes: o.whole("bytes"), track: o.whole("track"), sha256: o.hex("sha256", 32),
	}
	if endOf[file.kind] == "" {
		o.fail("kind is none of section 6")
	}
	return file, o.err
}
