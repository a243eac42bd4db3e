package main

import (
	"fmt"
	"strings"
)

// idsOf lists the ids of an event's subjects of a type, each once.
func (e *event) idsOf(kind string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, subject := range e.subjects {
		id, isOfKind := strings.CutPrefix(subject, kind+":")
		if isOfKind && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

func isSealing(e event) bool {
	return e.kind == "recording.sealed" || e.kind == "recording.quarantined"
}

// isSaidListed: a sealing says by its flags when its file stands on no list.
func isSaidListed(e event) bool {
	flags, _ := e.details["flags"].([]any)
	for _, flag := range flags {
		if flag == "no_list" || flag == "not_on_list" {
			return false
		}
	}
	return true
}

// unlisted tells of a sealing that its recording stands on no disclosed list.
func unlisted(e event, disclosed map[string]bool) bool {
	if isSaidListed(e) {
		for _, id := range e.idsOf("hand_in") {
			if disclosed["hand-in-list:"+id] {
				return false
			}
		}
	}
	return true
}

// checkSealings: what is said to stand on a list has an upload that claims a line of it, for the same file.
func checkSealings(v *verdict, described *described, disclosed map[string]bool, events []event) {
	lines := map[string]fileLine{}
	for _, handIn := range described.handIns {
		for _, line := range handIn.lines {
			lines[fmt.Sprintf("%d of %s", line.number, handIn.id)] = line
		}
	}
	sealed := map[string]bool{}
	for _, one := range events {
		if !isSealing(one) || !isSaidListed(one) {
			continue
		}
		handIns, uploads := one.idsOf("hand_in"), one.idsOf("upload")
		if len(handIns) != 1 || len(uploads) != 1 {
			v.add("hand_in_differs", "event %d is of %d hand-ins and %d uploads", one.line.index, len(handIns), len(uploads))
			continue
		}
		if !disclosed["hand-in-list:"+handIns[0]] {
			continue
		}
		place, upload, err := placeOf(one, handIns[0], uploads[0], events)
		if err != nil {
			v.add("hand_in_differs", "event %d: %v", one.line.index, err)
			continue
		}
		if one.kind == "recording.sealed" && sealed[place] {
			v.add("hand_in_differs", "line %s was sealed twice", place)
		}
		sealed[place] = sealed[place] || one.kind == "recording.sealed"
		declared, isDeclared := upload.details["declaredSha256"].(string)
		said := lines[place].sha256
		mayDiffer := one.kind == "recording.quarantined" && one.details["reason"] == "digest_differs"
		isOther := said != "" && one.details["sha256"] != said || isDeclared && one.details["sha256"] != declared
		if isOther && !mayDiffer {
			v.add("hand_in_differs", "the dock said another digest of line %s than what was sealed", place)
		}
	}
}

// placeOf finds the upload of a sealing, and the line that it claims.
func placeOf(sealing event, handIn, uploadID string, events []event) (string, event, error) {
	var created []event
	for _, one := range events {
		if one.kind == "upload.created" && one.names("upload:"+uploadID) {
			created = append(created, one)
		}
	}
	if len(created) != 1 {
		return "", event{}, fmt.Errorf("%d events upload.created", len(created))
	}
	upload := created[0]
	number, isWhole := wholeNumber(upload.details["line"])
	if !upload.names("hand_in:"+handIn) || upload.details["onList"] != true || !isWhole {
		return "", event{}, fmt.Errorf("its upload claims no line of the list")
	}
	name, isText := base64Of(sealing)
	claimed, _ := base64Of(upload)
	size, isNumber := sealing.details["bytes"].(float64)
	isSame := isText && name == claimed && isNumber && upload.details["bytes"] == size &&
		strings.Join(sealing.idsOf("device"), "\n") == strings.Join(upload.idsOf("device"), "\n")
	if !isSame {
		return "", event{}, fmt.Errorf("its upload is of another file")
	}
	return fmt.Sprintf("%d of %s", number, handIn), upload, nil
}

func base64Of(e event) (string, bool) {
	name, _ := e.details["name"].(map[string]any)
	text, isText := name["base64"].(string)
	return text, isText
}
