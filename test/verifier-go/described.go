package main

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

const (
	pathPackage    = "data/package.json"
	pathCheckpoint = "data/ledger/checkpoint"
	pathSubjects   = "data/ledger/subjects.jsonl"
	pathEvents     = "data/ledger/events.jsonl"
	pathRecordings = "data/recordings.jsonl"
)

// described is what the JSON files of a package say, read but not yet believed.
type described struct {
	pack       packageFile
	subjects   []subjectLine
	events     []eventLine
	recordings []recordingLine
}

type packageFile struct {
	id, caseNumber, origin string
	checkpointSize         int64
	withFootage            bool
	madeAt                 time.Time
	madeByID, madeByRole   string
	purpose                string
	signedByID             *string // nil for null
	recipient              any     // an object, or nil for null
}

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
const packageFormat = "evidence-package/v2"

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
	for _, path := range []string{pathBagInfo, pathPackage, pathCheckpoint, pathSubjects, pathEvents, pathRecordings} {
		if _, found := bag.files[path]; !found {
			return nil, fmt.Errorf("%s is missing", path)
		}
	}
	d := &described{}
	value, err := parseJCS(bag.mustRead(pathPackage))
	if err == nil {
		d.pack, err = parsePackage(value)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", pathPackage, err)
	}
	if d.subjects, err = readLines(bag, pathSubjects, parseSubject); err != nil {
		return nil, err
	}
	if d.events, err = readLines(bag, pathEvents, parseEventLine); err != nil {
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

func parsePackage(value any) (packageFile, error) {
	o := objectOf(value, "format", "id", "caseNumber", "origin", "checkpointSize", "withFootage", "madeAt", "madeBy",
		"madeHow", "purpose", "signedBy", "recipient")
	for _, name := range []string{"format", "id", "madeHow", "purpose"} {
		o.text(name)
	}
	if !isTime(o.text("madeAt")) {
		o.fail("madeAt is no time")
	}
	madeAt, _ := time.Parse(time.RFC3339, o.text("madeAt"))
	checkTexts(o, "madeBy", false, "id", "name", "role")
	checkTexts(o, "signedBy", true, "id", "name")
	checkTexts(o, "recipient", true, "name", "organisation")
	madeBy, _ := o.members["madeBy"].(map[string]any)
	madeByID, _ := madeBy["id"].(string)
	madeByRole, _ := madeBy["role"].(string)
	var signedByID *string
	if signedBy, isSigned := o.members["signedBy"].(map[string]any); isSigned {
		id, _ := signedBy["id"].(string)
		signedByID = &id
	}
	return packageFile{
		id: o.text("id"), caseNumber: o.text("caseNumber"), origin: o.text("origin"),
		checkpointSize: o.whole("checkpointSize"), withFootage: o.truth("withFootage"),
		madeAt: madeAt, madeByID: madeByID, madeByRole: madeByRole, purpose: o.text("purpose"),
		signedByID: signedByID, recipient: o.members["recipient"],
	}, o.err
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
