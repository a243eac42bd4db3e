package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// event is a line of events.jsonl or loose.jsonl with what its body says; subjects and details are empty when it is no event.
type event struct {
	line     eventLine
	isEvent  bool
	id       string
	kind     string
	at       time.Time
	actor    string
	role     string
	onBehalf string   // empty when the event has no onBehalfOf
	subjects []string // as type:id
	details  map[string]any
}

func (e *event) names(subject string) bool {
	for _, one := range e.subjects {
		if one == subject {
			return true
		}
	}
	return false
}

// first returns the id of the event's first subject of a type.
func (e *event) first(kind string) (string, bool) {
	for _, subject := range e.subjects {
		if id, isOfType := strings.CutPrefix(subject, kind+":"); isOfType {
			return id, true
		}
	}
	return "", false
}

// only returns the id of the event's one subject of a type; false when it names none or several.
func (e *event) only(kind string) (string, bool) {
	id, found := e.first(kind)
	for _, subject := range e.subjects {
		found = found && (!strings.HasPrefix(subject, kind+":") || subject == kind+":"+id)
	}
	return id, found
}

// checkEvents compares every event of both files with the leaf it is said to be: the disclosed ones, and the loose ones.
func checkEvents(v *verdict, described *described, tree *tree) (events, loose []event) {
	committed := map[[32]byte]bool{}
	for _, leaf := range tree.leaves {
		committed[leaf.commitment] = true
	}
	seen := map[int64]bool{}
	read := func(lines []eventLine) []event {
		last := int64(-1)
		var events []event
		for _, line := range lines {
			if seen[line.index] {
				v.add("event_twice", "index %d is listed twice", line.index)
			}
			if line.index < last {
				v.add("order_differs", "index %d stands behind %d", line.index, last)
			}
			seen[line.index], last = true, line.index
			parsed, err := parseEvent(line)
			if isCommitted := checkCommitment(v, line, tree, committed); isCommitted && err != nil {
				v.add("body_malformed", "event %d: %v", line.index, err)
			}
			events = append(events, parsed)
		}
		return events
	}
	return read(described.events), read(described.loose)
}

// checkCommitment tells whether the tree commits to body and salt, wherever: commitment = SHA-256(salt || body).
func checkCommitment(v *verdict, line eventLine, tree *tree, committed map[[32]byte]bool) bool {
	digest := sha256.Sum256([]byte(line.body))
	if !bytes.Equal(digest[:], line.bodySHA256) {
		v.add("body_differs", "the body of event %d is not the one of its digest", line.index)
		return false
	}
	commitment := sha256.Sum256(append(bytes.Clone(line.salt), line.body...))
	if !committed[commitment] {
		v.add("salt_differs", "no leaf commits to the body of event %d with this salt", line.index)
		return false
	}
	if line.index >= int64(len(tree.leaves)) || tree.leaves[line.index].commitment != commitment {
		v.add("index_differs", "body and salt of event %d are of another leaf", line.index)
	}
	return true
}

var typeForm = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

const subjectsMax = 8

// parseEvent: section 1.
func parseEvent(line eventLine) (event, error) {
	unread := event{line: line}
	value, err := parseJCS([]byte(line.body))
	if err != nil {
		return unread, err
	}
	o := objectOf(without(value, "onBehalfOf"), "id", "kind", "at", "actor", "actorRole", "subjects", "details")
	for _, name := range []string{"id", "kind", "actor", "actorRole"} {
		if !isFilledText(o.members[name]) {
			o.fail("%s is not a text, or empty", name)
		}
	}
	read := event{line: line, isEvent: true, id: o.text("id"), kind: o.text("kind"), actor: o.text("actor"), role: o.text("actorRole")}
	if members, isObject := value.(map[string]any); isObject {
		principal, found := members["onBehalfOf"]
		if found && !isFilledText(principal) {
			o.fail("onBehalfOf is not a text, or empty")
		}
		read.onBehalf, _ = principal.(string)
	}
	read.at, _ = time.Parse(time.RFC3339, o.text("at"))
	if !isTime(o.text("at")) {
		o.fail("at is no time")
	}
	subjects, _ := o.members["subjects"].([]any)
	if len(subjects) < 1 || len(subjects) > subjectsMax {
		o.fail("not 1 to %d subjects", subjectsMax)
	}
	for _, one := range subjects {
		subject := objectOf(one, "id", "type")
		name, id := subject.text("type"), subject.text("id")
		if subject.err != nil || !typeForm.MatchString(name) || id == "" {
			o.fail("a subject is not of section 1")
		}
		read.subjects = append(read.subjects, name+":"+id)
	}
	details, isObject := o.members["details"].(map[string]any)
	if !isObject {
		o.fail("details is not an object")
	}
	read.details = details
	if o.err != nil {
		return unread, o.err
	}
	return read, nil
}

// checkProofs: one c2sp.org/tlog-proof for each event of both files.
func checkProofs(v *verdict, bag *bag, events []event, tree *tree) {
	head := string(bag.mustRead(pathCheckpoint))
	for _, event := range events {
		index := event.line.index
		text, found := bag.read(proofPath(index))
		if !found {
			v.add("proof_missing", "there is no proof of event %d", index)
			continue
		}
		if err := checkProof(string(text), index, head, tree); err != nil {
			v.add("proof_differs", "the proof of event %d: %v", index, err)
		}
	}
}

func proofPath(index int64) string {
	return fmt.Sprintf("data/ledger/proofs/%d.tlog-proof", index)
}

func checkProof(text string, index int64, head string, tree *tree) error {
	lines, isStart := strings.CutPrefix(text, fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", index))
	hashes, isWhole := strings.CutSuffix(lines, "\n"+head)
	if !isStart || !isWhole {
		return fmt.Errorf("not a proof of this index under this checkpoint")
	}
	encoded, err := linesOf([]byte(hashes))
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range encoded {
		hash, err := decodeBase64(line)
		if err != nil || len(hash) != tlog.HashSize {
			return fmt.Errorf("not a hash: %q", line)
		}
		proof = append(proof, tlog.Hash(hash))
	}
	if index >= int64(len(tree.hashes)) {
		return fmt.Errorf("the tree has no such leaf")
	}
	return tlog.CheckRecord(proof, tree.head.size, tlog.Hash(tree.head.root), index, tree.hashes[index])
}
