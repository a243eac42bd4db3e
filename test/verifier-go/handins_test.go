package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// dockList is a list of five files as a dock signs it, by the pieces of which the tests change one each.
type dockList struct {
	seed              byte
	number            int // of the file that belongs to the case
	line, salt        string
	path              []string
	subjects, head    string
	listSHA256        string
	signature         string
	registered        string // details
	registrar         string
	releasedBy        string
	claim             string // details of upload.created
	sealed            string
	more              []event
	withoutHead       bool
	loose             []event
	uploading         string // subjects of upload.created
	sealing           string // the kind
	sealedSubjects    string
	sealedWith        string // more details
	handInID, showing string
}

func newDockList() *dockList {
	l := &dockList{
		seed: 7, number: 3, salt: strings.Repeat("5a", 32), subjects: `[{"id":"h","type":"hand-in-list"},{"id":"d","type":"dock"},{"id":"SN1","type":"device"}]`,
		registrar: "a", releasedBy: "b", handInID: "h", sealing: "recording.sealed",
		uploading:      `[{"id":"u","type":"upload"},{"id":"SN1","type":"device"},{"id":"h","type":"hand_in"}]`,
		sealedSubjects: `[{"id":"u","type":"upload"},{"id":"r","type":"recording"},{"id":"SN1","type":"device"},{"id":"h","type":"hand_in"}]`,
		sealedWith:     `"bytes":4,"flags":[],"name":{"base64":"Yy5tcDQ="},"reason":null,`,
		claim:          `{"bytes":4,"line":3,"name":{"base64":"Yy5tcDQ="},"onList":true}`,
	}
	l.sealed = fmt.Sprintf("%x", sha256.Sum256([]byte("film")))
	l.line = `{"bytes":4,"deviceTime":null,"mark":true,"name":"Yy5tcDQ=","number":3,"sha256":"` + l.sealed + `"}`
	return l
}

// sign fills in what follows from the list: the tree, the head, its signature.
func (l *dockList) sign(t *testing.T) *dockList {
	t.Helper()
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(places []int64) ([]tlog.Hash, error) {
		var found []tlog.Hash
		for _, place := range places {
			found = append(found, stored[place])
		}
		return found, nil
	})
	for n := range int64(5) {
		digest := sha256.Sum256([]byte{byte(n)})
		if n == int64(l.number) {
			digest = sha256.Sum256(append(unhex(t, l.salt), l.line...))
		}
		hashes, err := tlog.StoredHashes(n, digest[:], reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(5, reader)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := tlog.ProveRecord(5, int64(l.number), reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range proof {
		l.path = append(l.path, fmt.Sprintf(`"%x"`, hash[:]))
	}
	l.head = fmt.Sprintf(`{"filesRoot":"%x","origin":{"from":"slot 1","kind":"slot"},"user":null,"v":2}`, root[:])
	text := fmt.Sprintf(`{"clockOffsetMs":-40,"count":5,"filesRoot":"%x","openedAt":"2026-09-01T16:00:00+08:00",`+
		`"origin":{"from":"slot 1","kind":"slot"},"serial":"SN1","user":null,"v":2}`, root[:])
	l.listSHA256 = fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(l.seed), ed25519.SeedSize)))
	l.signature = base64.StdEncoding.EncodeToString(ed25519.Sign(key, []byte(text)))
	l.registered = fmt.Sprintf(`{"publicKey":"%x"}`, []byte(key.Public().(ed25519.PublicKey)))
	l.showing = fmt.Sprintf(`{"handInId":"%s","lines":[{"line":%s,"path":[%s],"salt":"%s"}]}`, l.handInID, l.line, strings.Join(l.path, ","), l.salt)
	return l
}

func (l *dockList) sealedDetails() string {
	return `{` + l.sealedWith + `"sha256":"` + l.sealed + `"}`
}

func (l *dockList) check(t *testing.T) *verdict {
	t.Helper()
	const dock = `[{"id":"d","type":"dock-register"}]`
	details := fmt.Sprintf(`{"clockOffsetMs":-40,"files":5,"head":%s,"listSha256":"%s","openedAt":"2026-09-01T16:00:00+08:00","signature":"%s"}`,
		l.head, l.listSHA256, l.signature)
	if l.withoutHead {
		details = `{}`
	}
	var events []event
	if l.registrar != "" {
		events = append(events, eventOf(t, 10, "dock.registered", l.registrar, "administrator", dock, l.registered))
	}
	events = append(events, []event{
		eventOf(t, 11, "dock.released", l.releasedBy, "auditor", dock, `{}`),
		eventOf(t, 12, "hand_in.opened", "d", "dock", l.subjects, details),
		eventOf(t, 13, "upload.created", "d", "dock", l.uploading, l.claim),
		eventOf(t, 14, l.sealing, "ingest", "service", l.sealedSubjects, l.sealedDetails()),
	}...)
	events = append(events, l.more...)
	d := &described{subjects: []subjectLine{{name: "case:1"}, {name: "hand-in-list:h"}}}
	var err error
	if d.handIns, err = readLines(bagOfTexts(t, map[string]string{pathHandIns: l.showing + "\n"}), pathHandIns, parseHandInLine); err != nil {
		t.Fatal(err)
	}
	v := newVerdict()
	checkHandIns(v, d, events, l.loose)
	return v
}

func TestHandIns(t *testing.T) {
	if v := newDockList().sign(t).check(t); !v.accepted() {
		t.Fatal(v.faults)
	}
	without := newDockList().sign(t)
	without.withoutHead, without.showing = true, `{"handInId":"h","lines":[]}`
	if v := without.check(t); v.accepted() {
		t.Error("an opening that says nothing of what was signed is accepted")
	}
	const register = `[{"id":"d","type":"dock-register"}]`
	for what, change := range map[string]func(l *dockList){
		"released by its registrar":  func(l *dockList) { l.releasedBy = "a" },
		"never registered":           func(l *dockList) { l.registered = `{}` },
		"another key":                func(l *dockList) { l.registered = `{"publicKey":"` + strings.Repeat("58", 32) + `"}` },
		"registered twice":           func(l *dockList) { l.more = []event{eventOf(t, 9, "dock.registered", "b", "auditor", register, `{}`)} },
		"revoked":                    func(l *dockList) { l.more = []event{eventOf(t, 9, "dock.revoked", "b", "auditor", register, `{}`)} },
		"two openings":               func(l *dockList) { l.more = []event{eventOf(t, 20, "hand_in.opened", "d", "dock", l.subjects, `{}`)} },
		"an opening of another":      func(l *dockList) { l.subjects = strings.Replace(l.subjects, `"h"`, `"x"`, 1) },
		"of two docks":               func(l *dockList) { l.subjects = strings.Replace(l.subjects, `[`, `[{"id":"e","type":"dock"},`, 1) },
		"of another device":          func(l *dockList) { l.subjects = strings.Replace(l.subjects, "SN1", "SN2", 1) },
		"another digest of the list": func(l *dockList) { l.listSHA256 = l.sealed },
		"another signature":          func(l *dockList) { l.signature = "AA" + l.signature[2:] },
		"no signature":               func(l *dockList) { l.signature = "" },
		"another head": func(l *dockList) {
			l.head = strings.Replace(l.head, `"user":null`, `"user":{"grade":"confirmed","person":"x"}`, 1)
		},
		"a head of version 3":          func(l *dockList) { l.head = strings.Replace(l.head, `"v":2`, `"v":3`, 1) },
		"another salt":                 func(l *dockList) { l.showing = strings.Replace(l.showing, "5a5a", "5a5b", 1) },
		"another name in the line":     func(l *dockList) { l.showing = strings.Replace(l.showing, "Yy5t", "Yy5u", 1) },
		"another number in the line":   func(l *dockList) { l.showing = strings.Replace(l.showing, `"number":3`, `"number":2`, 1) },
		"a number beyond the list":     func(l *dockList) { l.showing = strings.Replace(l.showing, `"number":3`, `"number":5`, 1) },
		"a shorter path":               func(l *dockList) { l.showing = strings.Replace(l.showing, l.path[0]+",", "", 1) },
		"a line left out":              func(l *dockList) { l.showing = `{"handInId":"h","lines":[]}` },
		"a hand-in left out":           func(l *dockList) { l.showing = `{"handInId":"x","lines":[]}` },
		"a hand-in too many":           func(l *dockList) { l.showing += "\n" + `{"handInId":"x","lines":[]}` },
		"a hand-in twice":              func(l *dockList) { l.showing += "\n" + l.showing },
		"a line that nobody claims":    func(l *dockList) { l.claim = `{"bytes":4,"line":3,"name":{"base64":"Yy5tcDQ="},"onList":false}` },
		"a claim of other bytes":       func(l *dockList) { l.claim = strings.Replace(l.claim, `"bytes":4`, `"bytes":5`, 1) },
		"a claim of another name":      func(l *dockList) { l.claim = strings.Replace(l.claim, "Yy5t", "Yy5u", 1) },
		"a claim of another line":      func(l *dockList) { l.claim = strings.Replace(l.claim, `"line":3`, `"line":2`, 1) },
		"sealed with another digest":   func(l *dockList) { l.sealed = strings.Repeat("58", 32) },
		"lines of a list of version 1": func(l *dockList) { l.withoutHead = true },
		"a claim that has no line there": func(l *dockList) {
			l.more = []event{eventOf(t, 20, "upload.created", "d", "dock", `[{"id":"v","type":"upload"},{"id":"SN1","type":"device"},{"id":"h","type":"hand_in"}]`,
				strings.Replace(l.claim, `"line":3`, `"line":4`, 1))}
		},
	} {
		list := newDockList().sign(t)
		change(list)
		if v := list.check(t); !v.has("hand_in_differs") {
			t.Errorf("%s: accepted", what)
		}
	}
	for what, change := range sealedOtherwise(t) {
		list := newDockList().sign(t)
		change(list)
		if v := list.check(t); !v.has("hand_in_differs") {
			t.Errorf("sealed as on the list, but %s: accepted", what)
		}
	}
	late := newDockList().sign(t)
	late.more = []event{eventOf(t, 20, "dock.revoked", "b", "auditor", register, `{}`)}
	if v := late.check(t); !v.accepted() {
		t.Error("revoked later:", v.faults)
	}
}

// sealedOtherwise are sealings that say that they are of the list, and are not.
func sealedOtherwise(t *testing.T) map[string]func(l *dockList) {
	return map[string]func(l *dockList){
		"under no hand-in":    func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"hand_in"`, `"party"`, 1) },
		"of no upload":        func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"upload"`, `"party"`, 1) },
		"of another upload":   func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"u"`, `"v"`, 1) },
		"of another device":   func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `SN1`, `SN2`, 1) },
		"of another name":     func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, `Yy5t`, `Yy5u`, 1) },
		"of other bytes":      func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, `"bytes":4`, `"bytes":5`, 1) },
		"with another digest": func(l *dockList) { l.sealed = strings.Repeat("58", 32) },
		"declared otherwise":  func(l *dockList) { l.claim = strings.Replace(l.claim, `"line"`, `"declaredSha256":"x","line"`, 1) },
		"for another reason": func(l *dockList) {
			l.sealed, l.sealedWith = strings.Repeat("58", 32), strings.Replace(l.sealedWith, "null", `"digest_differs"`, 1)
		},
		"its upload is not on": func(l *dockList) {
			l.claim, l.showing = strings.Replace(l.claim, "true", "false", 1), `{"handInId":"h","lines":[]}`
		},
		"by two uploads": func(l *dockList) {
			l.more = []event{eventOf(t, 20, "upload.created", "d", "dock", l.uploading, l.claim)}
		},
		"a second time": func(l *dockList) {
			other := strings.NewReplacer(`"u"`, `"v"`, `"r"`, `"q"`)
			l.more = []event{
				eventOf(t, 20, "upload.created", "d", "dock", other.Replace(l.uploading), l.claim),
				eventOf(t, 21, "recording.sealed", "ingest", "service", other.Replace(l.sealedSubjects), l.sealedDetails()),
			}
		},
	}
}

// What stands on no list says so, and quarantine keeps what differs.
func TestSealingsThatMayDiffer(t *testing.T) {
	for what, change := range map[string]func(l *dockList){
		"a flag": func(l *dockList) { l.sealedWith = strings.Replace(l.sealedWith, "[]", `["no_list"]`, 1) },
		"a flag, and no hand-in": func(l *dockList) {
			l.sealedWith = strings.Replace(l.sealedWith, "[]", `["not_on_list"]`, 1)
			l.sealedSubjects = strings.Replace(l.sealedSubjects, `"hand_in"`, `"party"`, 1)
		},
		"a hand-in that is not disclosed": func(l *dockList) { l.sealedSubjects = strings.Replace(l.sealedSubjects, `"h"`, `"old"`, 1) },
		"quarantine for its digest": func(l *dockList) {
			l.sealing, l.sealed = "recording.quarantined", strings.Repeat("58", 32)
			l.sealedWith = strings.Replace(l.sealedWith, "null", `"digest_differs"`, 1)
		},
	} {
		list := newDockList().sign(t)
		change(list)
		if v := list.check(t); !v.accepted() {
			t.Errorf("%s: %v", what, v.faults)
		}
	}
}

// A dock of before docks had a register was registered by an older event.
func TestDockRegisteredBefore(t *testing.T) {
	list := newDockList().sign(t)
	list.loose = []event{eventOf(t, 10, "dock.registered", "a", "administrator", `[{"id":"d","type":"dock"}]`, list.registered)}
	list.registrar = ""
	if v := list.check(t); !v.accepted() {
		t.Error(v.faults)
	}
	list.releasedBy = "a"
	if v := list.check(t); !v.has("hand_in_differs") {
		t.Error("released by who had registered it: accepted")
	}
}

// Each line of the list and no other stands at its place, whatever the tree's shape says of it.
func TestEveryLineOfAList(t *testing.T) {
	for number := range 5 {
		l := newDockList()
		l.number = number
		l.line = strings.Replace(l.line, `"number":3`, fmt.Sprintf(`"number":%d`, number), 1)
		l.claim = strings.Replace(l.claim, `"line":3`, fmt.Sprintf(`"line":%d`, number), 1)
		if v := l.sign(t).check(t); !v.accepted() {
			t.Errorf("line %d: %v", number, v.faults)
		}
	}
}

func TestLinesOfOtherForm(t *testing.T) {
	right := newDockList().sign(t).showing
	for _, change := range [][2]string{
		{`"mark":true`, `"mark":1`}, {`"mark":true,`, ``}, {`"deviceTime":null`, `"deviceTime":7`}, {`"bytes":4`, `"bytes":-4`},
		{`"Yy5tcDQ="`, `"Yy5tcDQ"`}, {`"Yy5tcDQ="`, `"Yy5tcDR="`}, {`"salt":"5a`, `"salt":"5A`}, {`"path":[`, `"path":["5a",`},
		{`"number":3`, `"number":"3"`}, {`"handInId":"h"`, `"handInId":7`}, {`"sha256":"`, `"sha256":"0`},
	} {
		text := strings.Replace(right, change[0], change[1], 1)
		if text == right {
			t.Fatalf("nothing to change: %s", change[0])
		}
		if _, err := readLines(bagOfTexts(t, map[string]string{pathHandIns: text + "\n"}), pathHandIns, parseHandInLine); err == nil {
			t.Errorf("%s for %s is read", change[1], change[0])
		}
	}
}
