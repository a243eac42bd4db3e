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

// resting is what a sealing rests on: a line of a disclosed list, and the upload that claims it.
type resting struct {
	place       string
	hasOtherSM3 bool // the dock signed another than was read back
	isOther     bool // the dock said another digest than what was sealed
	isClaim     bool
	isByName    bool // neither line nor sealing have a digest that the dock signed
}

// listLines are the lines of described hand-ins by their places.
func listLines(described *described) map[string]fileLine {
	lines := map[string]fileLine{}
	for _, handIn := range described.handIns {
		for _, line := range handIn.lines {
			lines[placeName(line.number, handIn.id)] = line
		}
	}
	return lines
}

func placeName(number int64, handIn string) string {
	return fmt.Sprintf("%d of %s", number, handIn)
}

// isOtherDigest tells whether line or upload, or what the dock signed later, have another digest than the sealing.
func isOtherDigest(sealing, upload event, line fileLine) bool {
	declared, isDeclared := upload.details["declaredSha256"].(string)
	sealed := sealing.details["sha256"]
	said, isSaid := sealing.details["declaredSha256"].(string)
	isOtherSigned := hasDockDigest(sealing) && isSaid && sealed != said
	return line.sha256 != "" && sealed != line.sha256 || isDeclared && sealed != declared || isOtherSigned
}

// restingOf: section 7, remarks.
func restingOf(sealing event, lines map[string]fileLine, opened map[string]bool, events []event) resting {
	handIns, uploads := sealing.idsOf("hand_in"), sealing.idsOf("upload")
	if !isSaidListed(sealing) || len(handIns) != 1 || len(uploads) != 1 || !opened["hand-in-list:"+handIns[0]] {
		return resting{}
	}
	place, upload, err := placeOf(sealing, handIns[0], uploads[0], events)
	if err != nil {
		return resting{}
	}
	if !isOpenedBefore(handIns[0], upload, sealing, events) {
		return resting{}
	}
	line, isShown := lines[place]
	return resting{
		place: place, isClaim: true, isOther: isOtherDigest(sealing, upload, line),
		isByName:    isShown && line.sha256 == "" && !hasDockDigest(sealing),
		hasOtherSM3: hasOtherSM3(sealing, events),
	}
}

// isOpenedBefore: the list was entered below the upload that claims a line of it, and below the sealing.
func isOpenedBefore(handIn string, upload, sealing event, events []event) bool {
	for _, one := range events {
		if one.kind == "hand_in.opened" && one.names("hand-in-list:"+handIn) {
			return one.line.index < upload.line.index && one.line.index < sealing.line.index
		}
	}
	return false
}

// listings tells whether some recording stands on no disclosed list, and whether one does by name and size only.
func listings(described *described, opened map[string]bool, events []event) (unlisted, byName bool) {
	lines := listLines(described)
	accepted := map[string]bool{}
	for _, one := range events {
		if one.kind == "quarantine.resolved" && one.details["confirmed"] == true && one.details["outcome"] == "accept" {
			for _, id := range one.idsOf("recording") {
				accepted[id] = true
			}
		}
	}
	var rests []resting
	taken := map[string]int{}
	for _, one := range events {
		recordings := one.idsOf("recording")
		if !isSealing(one) || len(recordings) == 0 {
			continue
		}
		rest := restingOf(one, lines, opened, events)
		rests = append(rests, rest)
		isTaken := one.kind == "recording.sealed"
		for _, id := range recordings {
			isTaken = isTaken || accepted[id]
		}
		if isTaken && rest.isClaim && !rest.isOther {
			taken[rest.place]++
		}
	}
	for _, rest := range rests {
		isListed := rest.isClaim && !rest.isOther && taken[rest.place] <= 1
		unlisted = unlisted || !isListed || rest.hasOtherSM3
		byName = byName || isListed && rest.isByName
	}
	return unlisted, byName
}

// checkSealings: what is said to stand on a list has an upload that claims a line of it, for the same file.
func checkSealings(v *verdict, described *described, opened map[string]bool, events []event) {
	lines := listLines(described)
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
		if !opened["hand-in-list:"+handIns[0]] {
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
		mayDiffer := one.kind == "recording.quarantined" && one.details["reason"] == "digest_differs"
		if isOtherDigest(one, upload, lines[place]) && !mayDiffer {
			v.add("hand_in_differs", "the dock said another digest of line %s than what was sealed", place)
		}
	}
}

// placeOf finds the upload of a sealing, and the line that it claims.
func placeOf(sealing event, handIn, uploadID string, events []event) (string, event, error) {
	number, upload, err := lineOfUpload(handIn, uploadID, events)
	if err != nil {
		return "", event{}, err
	}
	name, isText := base64Of(sealing)
	claimed, _ := base64Of(upload)
	size, isNumber := sealing.details["bytes"].(float64)
	isSame := isText && name == claimed && isNumber && upload.details["bytes"] == size &&
		strings.Join(sealing.idsOf("device"), "\n") == strings.Join(upload.idsOf("device"), "\n")
	if !isSame {
		return "", event{}, fmt.Errorf("its upload is of another file")
	}
	return placeName(number, handIn), upload, nil
}

// lineOfUpload is the line that an upload claims on the list of a hand-in, and the event that began it.
func lineOfUpload(handIn, uploadID string, events []event) (int64, event, error) {
	var created []event
	for _, one := range events {
		if one.kind == "upload.created" && one.names("upload:"+uploadID) {
			created = append(created, one)
		}
	}
	if len(created) != 1 {
		return 0, event{}, fmt.Errorf("%d events upload.created", len(created))
	}
	upload := created[0]
	number, isWhole := wholeNumber(upload.details["line"])
	if !upload.names("hand_in:"+handIn) || upload.details["onList"] != true || !isWhole {
		return 0, event{}, fmt.Errorf("its upload claims no line of the list")
	}
	return number, upload, nil
}

func base64Of(e event) (string, bool) {
	name, _ := e.details["name"].(map[string]any)
	text, isText := name["base64"].(string)
	return text, isText
}
