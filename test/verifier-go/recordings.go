package main

import (
	"bytes"
	"regexp"
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
	caseName    string
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
		one := recordingCheck{v: v, bag: bag, line: line, media: media}
		one.withFootage, one.caseName = described.pack.withFootage, "case:"+described.pack.caseNumber
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
	r.checkPlayables(sealed)
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
		if r.withFootage && !r.isWithheld() {
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

// isWithheld: in quarantine, or not in the case.
func (r *recordingCheck) isWithheld() bool {
	isAccepted := false
	for _, event := range r.eventsOf("quarantine.resolved") {
		isAccepted = isAccepted || (event.details["confirmed"] == true && event.details["outcome"] == "accept")
	}
	last := event{line: eventLine{index: -1}}
	for _, event := range r.eventsOf("recording.attached", "recording.detached") {
		if event.names(r.caseName) && event.line.index > last.line.index {
			last = event
		}
	}
	return (len(r.eventsOf("recording.quarantined")) > 0 && !isAccepted) || last.kind != "recording.attached"
}
