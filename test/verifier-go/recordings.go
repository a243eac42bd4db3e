package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"regexp"
	"sort"
	"strings"
)

// sealedDigest is what the ledger says of the bytes that were sealed.
type sealedDigest struct {
	bytes  int64
	sha256 []byte
	sm3    string
}

// recordingCheck is one line of recordings.jsonl and what the ledger says about it.
type recordingCheck struct {
	v           *verdict
	bag         *bag
	line        recordingLine
	events      []event
	withFootage bool
	media       map[string]bool
}

// checkRecordings is stage 6 for the media; it returns the paths of those that are what the ledger says.
func checkRecordings(v *verdict, bag *bag, described *described, events []event) map[string]bool {
	media := map[string]bool{}
	linesOf := map[string]int{}
	for _, line := range described.recordings {
		name := "recording:" + line.id
		linesOf[name]++
		one := recordingCheck{v: v, bag: bag, line: line, withFootage: described.pack.withFootage, media: media}
		for _, event := range events {
			if event.names(name) {
				one.events = append(one.events, event)
			}
		}
		one.check()
	}
	disclosed := map[string]bool{}
	for _, subject := range described.subjects {
		disclosed[subject.name] = true
		if strings.HasPrefix(subject.name, "recording:") && linesOf[subject.name] != 1 {
			v.add("recording_differs", "%s has %d lines", subject.name, linesOf[subject.name])
		}
	}
	for name := range linesOf {
		if !disclosed[name] {
			v.add("recording_differs", "%s has a line, but is not disclosed", name)
		}
	}
	return media
}

func (r *recordingCheck) check() {
	sealed, ok := r.sealed()
	if !ok {
		r.v.add("recording_differs", "%s: there is not exactly one event with its sealed digest", r.line.id)
		return
	}
	r.checkOriginal(sealed)
	r.checkPlayable(sealed)
}

func (r *recordingCheck) eventsOf(kinds ...string) []event {
	var found []event
	for _, event := range r.events {
		for _, kind := range kinds {
			if event.kind == kind {
				found = append(found, event)
			}
		}
	}
	return found
}

func (r *recordingCheck) sealed() (sealedDigest, bool) {
	seals := r.eventsOf("recording.sealed", "recording.quarantined")
	if len(seals) != 1 {
		return sealedDigest{}, false
	}
	o := &object{members: seals[0].details}
	digest := sealedDigest{bytes: o.whole("bytes"), sha256: o.hex("sha256", 32)}
	if verified := r.eventsOf("recording.verified"); len(verified) > 0 {
		digest.sm3, _ = verified[0].details["sm3"].(string)
	}
	return digest, o.err == nil
}

func (r *recordingCheck) checkOriginal(sealed sealedDigest) {
	original := r.line.original
	if original == nil {
		if r.withFootage {
			r.v.add("media_missing", "the original of %s is not in the package", r.line.id)
		}
		return
	}
	form := regexp.MustCompile(`^data/originals/` + regexp.QuoteMeta(r.line.id) + `/original(\.[A-Za-z0-9]+)?$`)
	same := form.MatchString(original.path) && original.bytes == sealed.bytes &&
		bytes.Equal(original.sha256, sealed.sha256) && original.sm3 == sealed.sm3
	if !same {
		r.v.add("recording_differs", "the line of %s says another original than the ledger", r.line.id)
	}
	file, found := r.bag.files[original.path]
	if !found {
		if r.withFootage {
			r.v.add("media_missing", "%s is not there", original.path)
		}
		return
	}
	if file.size != sealed.bytes || !bytes.Equal(file.sha256[:], sealed.sha256) {
		r.v.add("media_differs", "%s is not the %d bytes that were sealed", original.path, sealed.bytes)
		return
	}
	r.media[original.path] = true
}

func (r *recordingCheck) checkPlayable(sealed sealedDigest) {
	playable := r.line.playable
	if playable == nil {
		if r.withFootage && len(r.eventsOf("rendition.ready")) > 0 {
			r.v.add("rendition_missing", "the playable form of %s is not in the package", r.line.id)
		}
		return
	}
	form := regexp.MustCompile(`^data/playable/` + regexp.QuoteMeta(r.line.id) + `\.[A-Za-z0-9]+$`)
	parts, areDescribed := r.parts(playable.renditionID)
	var total int64
	for _, part := range parts {
		total += part.bytes
	}
	if !form.MatchString(playable.path) || !areDescribed || playable.bytes != total {
		r.v.add("recording_differs", "the line of %s says another playable form than the ledger", r.line.id)
	}
	file, found := r.bag.files[playable.path]
	if r.withFootage && (!found || len(parts) == 0 || !r.isReady(playable.renditionID)) {
		r.v.add("rendition_missing", "%s is not there, or the ledger has no such rendition that is ready", playable.path)
	}
	isOfSealed := r.isMadeOf(playable.renditionID, sealed)
	if !isOfSealed {
		r.v.add("rendition_other_original", "%s was not made of the sealed bytes", playable.path)
	}
	if !found {
		return
	}
	if !isJoined(file, parts, total) {
		r.v.add("rendition_differs", "%s is not what the ledger committed", playable.path)
		return
	}
	if !bytes.Equal(file.sha256[:], playable.sha256) {
		r.v.add("recording_differs", "the line of %s says another digest of its playable form", r.line.id)
	}
	r.media[playable.path] = isOfSealed
}

func (r *recordingCheck) isReady(renditionID string) bool {
	for _, event := range r.eventsOf("rendition.ready") {
		if event.details["renditionId"] == renditionID {
			return true
		}
	}
	return false
}

func (r *recordingCheck) isMadeOf(renditionID string, sealed sealedDigest) bool {
	for _, event := range r.eventsOf("rendition.published") {
		if event.details["renditionId"] == renditionID && event.details["inputSha256"] != hex.EncodeToString(sealed.sha256) {
			return false
		}
	}
	return true
}

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

// checkDescription holds package.json against the checkpoint: `package_differs`.
func checkDescription(v *verdict, described *described, head *checkpoint) {
	pack := described.pack
	if pack.origin != head.origin || pack.checkpointSize != head.size {
		v.add("package_differs", "package.json is about another checkpoint")
	}
	for _, line := range described.recordings {
		if !pack.withFootage && (line.original != nil || line.playable != nil) {
			v.add("package_differs", "package.json says that there is no footage, recordings.jsonl names some")
		}
	}
}
