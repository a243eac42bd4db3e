package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

func TestFileDigests(t *testing.T) {
	read := readVectors(t).FileDigests
	key := ed25519.NewKeyFromSeed(unhex(t, read.Seed))
	if hex.EncodeToString(key.Public().(ed25519.PublicKey)) != read.PublicKey || len(read.Signed) != 2 {
		t.Fatalf("%d digests of the key %s", len(read.Signed), read.PublicKey)
	}
	for _, one := range read.Signed {
		digest := fileDigest{filesRoot: tlog.Hash(unhex(t, one.FilesRoot)), number: one.Number, sha256: one.SHA256, sm3: one.SM3}
		text, err := digest.text()
		if err != nil || string(text) != one.Text {
			t.Errorf("%s, %v", text, err)
		}
		if signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, text)); signature != one.Signature {
			t.Errorf("line %d: %s", one.Number, signature)
		}
	}
}

// signedLater is the list with a line that has no digest, which the dock signs in the sealing.
func signedLater(t *testing.T, number int64, sha256 string) *dockList {
	t.Helper()
	l := newDockList()
	l.line = strings.Replace(l.line, `"`+l.sealed+`"`, `null`, 1)
	l.sign(t)
	root := strings.Split(l.head, `"`)[3]
	if sha256 == "" {
		sha256 = l.sealed
	}
	digest := fileDigest{filesRoot: tlog.Hash(unhex(t, root)), number: number, sha256: sha256}
	text, err := digest.text()
	if err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(l.seed), ed25519.SeedSize)))
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, text))
	said := fmt.Sprintf(`"bytes":4,"declaredSha256":"%s","dockDigest":{"signature":"%s","sm3":null},`, sha256, signature)
	l.sealedWith = strings.Replace(l.sealedWith, `"bytes":4,`, said, 1)
	return l
}

// otherDockDigest is what the list's sealing says, with this in the place of the digest that the dock signed.
func otherDockDigest(l *dockList, said string) string {
	before, rest, _ := strings.Cut(l.sealedWith, `"dockDigest":`)
	_, after, _ := strings.Cut(rest, `,"flags"`)
	return before + `"dockDigest":` + said + `,"flags"` + after
}

func TestDockDigests(t *testing.T) {
	if v := signedLater(t, 3, "").check(t); !v.accepted() {
		t.Fatal(v.faults)
	}
	for what, list := range map[string]*dockList{
		"of another line":   signedLater(t, 2, ""),
		"of another digest": signedLater(t, 3, strings.Repeat("58", 32)),
	} {
		list.sealedWith = strings.Replace(list.sealedWith, strings.Repeat("58", 32), list.sealed, 1)
		if v := list.check(t); !v.has("dock_digest_unsigned") || v.has("hand_in_differs") {
			t.Errorf("a signature %s: %v", what, v.faults)
		}
	}
	for what, change := range map[string]func(l *dockList){
		"on no list":       func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, "[]", `["not_on_list"]`, 1) },
		"under no hand-in": func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"hand_in"`, `"party"`, 1) },
		"of no upload":     func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"upload"`, `"party"`, 1) },
		"with another SM3": func(l *dockList) {
			l.sealedWith = strings.Replace(l.sealedWith, `"sm3":null`, `"sm3":"`+l.sealed+`"`, 1)
		},
		"with an SM3 of 1":   func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, `"sm3":null`, `"sm3":1`, 1) },
		"with a member more": func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, `"sm3":null`, `"sm3":null,"v":1`, 1) },
		"with no signature": func(l *dockList) {
			l.sealedWith = otherDockDigest(l, `{"signature":"","sm3":null}`)
		},
		"that is null": func(l *dockList) { l.sealedWith = otherDockDigest(l, `null`) },
		"not said": func(l *dockList) {
			l.sealedWith = strings.Replace(l.sealedWith, `"declaredSha256":"`+l.sealed+`"`, `"declaredSha256":null`, 1)
		},
	} {
		list := signedLater(t, 3, "")
		change(list)
		if v := list.check(t); !v.has("dock_digest_unsigned") {
			t.Errorf("a digest %s: %v", what, v.faults)
		}
	}
	old := signedLater(t, 2, "")
	old.sealedSubjects = strings.Replace(old.sealedSubjects, `"h"`, `"old"`, 1)
	if v := old.check(t); !v.accepted() {
		t.Error("of a hand-in that is not disclosed:", v.faults)
	}
	other := signedLater(t, 3, strings.Repeat("58", 32))
	if v := other.check(t); !v.has("hand_in_differs") || v.has("dock_digest_unsigned") {
		t.Error("another digest than was sealed:", v.faults)
	}
}
