package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

type handInLine struct {
	id    string
	lines []fileLine
}

// fileLine is a line of a dock's list, section 8, and what proves that it stands there.
type fileLine struct {
	name, sha256  string // base64; hex, or empty for null
	number, bytes int64
	hash          tlog.Hash // of the leaf
	path          tlog.RecordProof
}

func parseHandInLine(value any) (handInLine, error) {
	o := objectOf(value, "handInId", "lines")
	read := handInLine{id: o.text("handInId")}
	lines, isList := o.members["lines"].([]any)
	if !isList {
		o.fail("lines is not a list")
	}
	for _, one := range lines {
		line, err := parseFileLine(one)
		if err != nil {
			o.fail("%w", err)
		}
		read.lines = append(read.lines, line)
	}
	return read, o.err
}

func parseFileLine(value any) (fileLine, error) {
	o := objectOf(value, "line", "path", "salt")
	salt := o.hex("salt", 32)
	hashes, isList := o.members["path"].([]any)
	if !isList {
		o.fail("path is not a list")
	}
	var read fileLine
	for _, one := range hashes {
		text, _ := one.(string)
		hash, ok := parseHex(text, tlog.HashSize)
		if !ok {
			o.fail("path is not a list of hashes")
			break
		}
		read.path = append(read.path, tlog.Hash(hash))
	}
	l := objectOf(o.members["line"], "number", "name", "bytes", "sha256", "deviceTime", "mark")
	read.number, read.name, read.bytes = l.whole("number"), l.text("name"), l.whole("bytes")
	if _, err := decodeBase64(read.name); err != nil {
		l.fail("name: %w", err)
	}
	if l.members["sha256"] != nil {
		read.sha256 = l.text("sha256")
		l.hex("sha256", 32)
	}
	if l.members["deviceTime"] != nil {
		l.text("deviceTime")
	}
	l.truth("mark")
	if err := errors.Join(o.err, l.err); err != nil {
		return fileLine{}, err
	}
	text, err := appendJCS(nil, o.members["line"], 0)
	digest := sha256.Sum256(append(salt, text...))
	read.hash = tlog.RecordHash(digest[:])
	return read, err
}

// checkHandIns: `hand_in_differs` and `dock_digest_unsigned` of section 7.
func checkHandIns(v *verdict, described *described, events, loose []event) {
	shown := map[string]bool{}
	last := ""
	for i, line := range described.handIns {
		if i > 0 && line.id <= last {
			v.add("hand_in_differs", "the hand-in %q does not ascend", line.id)
		}
		last, shown["hand-in-list:"+line.id] = line.id, true
	}
	opened := openedLists(described, events)
	for name := range opened {
		if !shown[name] {
			v.add("hand_in_differs", "%s has no line", name)
		}
	}
	for _, line := range described.handIns {
		if !opened["hand-in-list:"+line.id] {
			v.add("hand_in_differs", "%s has a line, but no event opens it", line.id)
		} else if err := checkHandIn(line, events, loose); err != nil {
			v.add("hand_in_differs", "%s: %v", line.id, err)
		}
	}
	checkSealings(v, described, opened, events)
	checkDockDigests(v, opened, events, loose)
}

// openedLists are the disclosed subjects hand-in-list:<id> that an event names: older openings named none.
func openedLists(described *described, events []event) map[string]bool {
	named := map[string]bool{}
	for _, event := range events {
		for _, subject := range event.subjects {
			named[subject] = true
		}
	}
	opened := map[string]bool{}
	for _, subject := range described.subjects {
		if strings.HasPrefix(subject.name, "hand-in-list:") && named[subject.name] {
			opened[subject.name] = true
		}
	}
	return opened
}

func checkHandIn(line handInLine, events, loose []event) error {
	var opened []event
	for _, event := range events {
		if event.kind == "hand_in.opened" && event.names("hand-in-list:"+line.id) {
			opened = append(opened, event)
		}
	}
	if len(opened) != 1 {
		return fmt.Errorf("%d events hand_in.opened", len(opened))
	}
	head, err := signedHead(opened[0], events, loose)
	if err != nil {
		return err
	}
	last := int64(-1)
	for _, one := range line.lines {
		if one.number <= last {
			return fmt.Errorf("line %d does not ascend", one.number)
		}
		last = one.number
		if err := tlog.CheckRecord(one.path, head.count, head.filesRoot, one.number, one.hash); err != nil {
			return fmt.Errorf("line %d: %w", one.number, err)
		}
	}
	return checkClaims(line, opened[0], events)
}

// listHead is what a dock's signed head says of its list.
type listHead struct {
	count     int64
	filesRoot tlog.Hash
}

// signedHead writes the head of section 8 again from its event, and tells what it says when a dock of the register signed it.
func signedHead(opened event, events, loose []event) (listHead, error) {
	dock, hasDock := opened.only("dock")
	serial, hasDevice := opened.only("device")
	if !hasDock || !hasDevice {
		return listHead{}, errors.New("not of one dock and one device")
	}
	key, err := keyOfDock(dock, opened.line.index, events, loose)
	if err != nil {
		return listHead{}, err
	}
	text, head, err := headOf(opened.details, serial)
	if err != nil {
		return listHead{}, err
	}
	digest := sha256.Sum256(text)
	signature, _ := opened.details["signature"].(string)
	signed, err := decodeBase64(signature)
	if opened.details["listSha256"] != hex.EncodeToString(digest[:]) || err != nil || !ed25519.Verify(key, text, signed) {
		return listHead{}, errors.New("the head is not the one whose digest and signature the event has")
	}
	return head, nil
}

// headOf returns the JCS text of the head, and what it says.
func headOf(details map[string]any, serial string) ([]byte, listHead, error) {
	event := &object{members: details}
	inner := objectOf(details["head"], "v", "origin", "user", "filesRoot")
	head := listHead{count: event.whole("files")}
	if inner.members["v"] != 2.0 {
		inner.fail("not version 2")
	}
	if root := inner.hex("filesRoot", tlog.HashSize); inner.err == nil {
		head.filesRoot = tlog.Hash(root)
	}
	if origin := inner.members["origin"]; origin != nil {
		o := objectOf(origin, "from", "kind")
		o.text("kind")
		if o.members["from"] != nil {
			o.text("from")
		}
		inner.err = errors.Join(inner.err, o.err)
	}
	checkTexts(inner, "user", true, "grade", "person")
	offset, hasOffset := details["clockOffsetMs"]
	if _, isNumber := offset.(float64); !hasOffset || offset != nil && !isNumber {
		event.fail("clockOffsetMs is neither a number nor null")
	}
	openedAt := event.text("openedAt")
	if err := errors.Join(event.err, inner.err); err != nil {
		return nil, listHead{}, err
	}
	text, err := appendJCS(nil, map[string]any{
		"v": inner.members["v"], "serial": serial, "openedAt": openedAt, "clockOffsetMs": offset,
		"origin": inner.members["origin"], "user": inner.members["user"], "count": details["files"],
		"filesRoot": inner.members["filesRoot"],
	}, 0)
	return text, head, err
}

// keyOfDock is the key of a dock that two people had registered before a leaf, and nobody had revoked.
func keyOfDock(dock string, before int64, events, loose []event) (ed25519.PublicKey, error) {
	var register []event
	for _, event := range events {
		if event.line.index < before && event.names("dock-register:"+dock) {
			register = append(register, event)
		}
	}
	// Acts of before docks had a register name the dock alone.
	for _, event := range loose {
		if event.line.index < before && event.names("dock:"+dock) {
			register = append(register, event)
		}
	}
	var registered, released []event
	for _, event := range register {
		switch event.kind {
		case "dock.registered":
			registered = append(registered, event)
		case "dock.released":
			released = append(released, event)
		case "dock.revoked":
			return nil, fmt.Errorf("the dock %s was revoked", dock)
		}
	}
	if len(registered) != 1 {
		return nil, fmt.Errorf("the dock %s was registered %d times", dock, len(registered))
	}
	for _, event := range released {
		if !areOnePerson(event, registered[0]) {
			o := &object{members: registered[0].details}
			return o.hex("publicKey", ed25519.PublicKeySize), o.err
		}
	}
	return nil, fmt.Errorf("the dock %s was not released by a second person", dock)
}

// checkClaims: the lines are exactly those that uploads of the hand-in claim, of the device whose files the dock listed.
func checkClaims(line handInLine, opened event, events []event) error {
	serial, _ := opened.only("device")
	lineOf := map[int64]fileLine{}
	for _, one := range line.lines {
		lineOf[one.number] = one
	}
	claimed := map[int64]bool{}
	for _, upload := range events {
		number, isWhole := wholeNumber(upload.details["line"])
		isClaim := upload.kind == "upload.created" && upload.names("hand_in:"+line.id) &&
			upload.details["onList"] == true && isWhole
		if !isClaim {
			continue
		}
		claimed[number] = true
		one, isShown := lineOf[number]
		name, hasName := base64Of(upload)
		device, hasDevice := upload.only("device")
		isSame := hasName && name == one.name && upload.details["bytes"] == float64(one.bytes) && hasDevice && device == serial
		if !isShown || !isSame {
			return fmt.Errorf("line %d is not the one that event %d claims", number, upload.line.index)
		}
	}
	if len(claimed) != len(lineOf) {
		return errors.New("a line is shown that no upload claims")
	}
	return nil
}
