package main

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// fileDigest is what a dock says of a file that it has read, section 8.
type fileDigest struct {
	filesRoot tlog.Hash
	number    int64
	sha256    string // hex
	sm3       any    // hex, or nil
}

// text is what the dock signs.
func (d *fileDigest) text() ([]byte, error) {
	return appendJCS(nil, map[string]any{
		"v": 1.0, "filesRoot": hex.EncodeToString(d.filesRoot[:]), "number": float64(d.number), "sha256": d.sha256, "sm3": d.sm3,
	}, 0)
}

// hasDockDigest tells whether a sealing says that its dock signed the digest.
func hasDockDigest(sealing event) bool {
	_, found := sealing.details["dockDigest"]
	return found
}

// checkDockDigests: `dock_digest_unsigned` of section 7.
func checkDockDigests(v *verdict, opened map[string]bool, events, loose []event) {
	for _, one := range events {
		if !isSealing(one) || !hasDockDigest(one) {
			continue
		}
		if err := checkDockDigest(one, opened, events, loose); err != nil {
			v.add("dock_digest_unsigned", "event %d: %v", one.line.index, err)
		}
	}
}

func checkDockDigest(sealing event, opened map[string]bool, events, loose []event) error {
	said := objectOf(sealing.details["dockDigest"], "signature", "sm3")
	digest := fileDigest{sm3: said.members["sm3"]}
	if digest.sm3 != nil {
		said.hex("sm3", 32)
	}
	signature := said.text("signature")
	details := &object{members: sealing.details}
	digest.sha256 = details.text("declaredSha256")
	details.hex("declaredSha256", 32)
	if err := errors.Join(said.err, details.err); err != nil {
		return err
	}
	handIn, isOne := sealing.only("hand_in")
	if !isOne || !isSaidListed(sealing) {
		return errors.New("its file stands on no list")
	}
	if !opened["hand-in-list:"+handIn] {
		return nil
	}
	uploads := sealing.idsOf("upload")
	if len(uploads) != 1 {
		return fmt.Errorf("it is of %d uploads", len(uploads))
	}
	number, _, err := lineOfUpload(handIn, uploads[0], events)
	if err != nil {
		return err
	}
	digest.number = number
	var key ed25519.PublicKey
	if digest.filesRoot, key, err = openedBy(handIn, events, loose); err != nil {
		return nil // hand_in_differs says so
	}
	text, err := digest.text()
	if err != nil {
		return err
	}
	bytes, err := decodeBase64(signature)
	if err != nil || !ed25519.Verify(key, text, bytes) {
		return fmt.Errorf("the dock did not sign this digest of line %d", number)
	}
	return nil
}

// openedBy is the root of the list of a hand-in, and the key of the dock that opened it.
func openedBy(handIn string, events, loose []event) (tlog.Hash, ed25519.PublicKey, error) {
	var found []event
	for _, one := range events {
		if one.kind == "hand_in.opened" && one.names("hand-in-list:"+handIn) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return tlog.Hash{}, nil, fmt.Errorf("%d events open it", len(found))
	}
	dock, hasDock := found[0].only("dock")
	serial, hasDevice := found[0].only("device")
	if !hasDock || !hasDevice {
		return tlog.Hash{}, nil, errors.New("not of one dock and one device")
	}
	_, head, err := headOf(found[0].details, serial)
	if err != nil {
		return tlog.Hash{}, nil, err
	}
	key, err := keyOfDock(dock, found[0].line.index, events, loose)
	return head.filesRoot, key, err
}

// hasOtherSM3 tells whether the dock signed another SM3 than the first re-read of the primary copy gave.
func hasOtherSM3(sealing event, events []event) bool {
	said, _ := sealing.details["dockDigest"].(map[string]any)
	signed, isSigned := said["sm3"].(string)
	for _, one := range events {
		if one.kind != "recording.verified" {
			continue
		}
		for _, id := range sealing.idsOf("recording") {
			if one.names("recording:" + id) {
				read, isText := one.details["sm3"].(string)
				return isSigned && isText && read != signed
			}
		}
	}
	return false
}
