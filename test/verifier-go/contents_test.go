package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"
	"testing"
)

// bagOfTexts is a bag in memory.
func bagOfTexts(t *testing.T, texts map[string]string) *bag {
	t.Helper()
	made := &bag{files: map[string]*file{}}
	for path, text := range texts {
		one := &file{open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
		if err := one.digest(); err != nil {
			t.Fatal(err)
		}
		made.files[path] = one
	}
	return made
}

func contentsOf(texts map[string]string, paths ...string) string {
	var lines bytes.Buffer
	for _, path := range paths {
		fmt.Fprintf(&lines, `{"bytes":%d,"path":"%s","sha256":"%x"}`+"\n", len(texts[path]), path, sha256.Sum256([]byte(texts[path])))
	}
	return lines.String()
}

func TestContents(t *testing.T) {
	const report, original = "data/report/report.html", "data/originals/r/original.mp4"
	texts := map[string]string{pathMaking: "{}", original: "film", report: "report", "data/recordings.jsonl": ""}
	right := contentsOf(texts, pathMaking, original, report)
	check := func(what, contents string, files, total int, isRight bool, change map[string]string) {
		t.Helper()
		inBag := map[string]string{pathContents: contents}
		for _, some := range []map[string]string{texts, change} {
			for path, text := range some {
				inBag[path] = text
			}
		}
		details := fmt.Sprintf(`{"bytes":%d,"files":%d,"sha256":"%x"}`, total, files, sha256.Sum256([]byte(contents)))
		d := &described{pack: packageFile{id: "p"}}
		bag := bagOfTexts(t, inBag)
		var err error
		if d.contents, err = readLines(bag, pathContents, parseContentsLine); err != nil {
			t.Fatal(err)
		}
		v := newVerdict()
		checkContents(v, bag, d, []event{
			eventOf(t, 3, "package.contents", "w", "service", `[{"id":"q","type":"package"}]`, `{}`),
			eventOf(t, 1, "package.contents", "w", "service", `[{"id":"p","type":"package"}]`, `{}`),
			eventOf(t, 2, "package.contents", "w", "service", `[{"id":"p","type":"package"}]`, details),
		})
		if v.accepted() != isRight {
			t.Errorf("%s: %v", what, v.faults)
		}
	}
	check("as committed", right, 3, 12, true, nil)
	check("another number of files", right, 4, 12, false, nil)
	check("another sum of bytes", right, 3, 13, false, nil)
	check("a changed report", right, 3, 12, false, map[string]string{report: "reporT"})
	check("an added report", right, 3, 12, false, map[string]string{"data/report/b.html": ""})
	check("an added file deep below", right, 3, 12, false, map[string]string{"data/originals/r/x/y": ""})
	check("no line for making.json", contentsOf(texts, original, report), 2, 10, false, nil)
	check("in another order", contentsOf(texts, original, pathMaking, report), 3, 12, false, nil)
	check("a line twice", contentsOf(texts, pathMaking, original, original, report), 4, 16, false, nil)
	check("a line of no file", contentsOf(texts, pathMaking, original, report, "data/report/x"), 4, 12, false, nil)
	check("a line of another file", contentsOf(texts, pathMaking, original, "data/recordings.jsonl", report), 4, 12, false, nil)
	check("a file with no place", contentsOf(texts, pathMaking, original, report, "data/verifier/a/b"), 4, 12, false,
		map[string]string{"data/verifier/a/b": ""})
	v := newVerdict()
	checkContents(v, bagOfTexts(t, map[string]string{pathContents: ""}), &described{}, nil)
	if !v.has("contents_differs") {
		t.Error("no event is needed")
	}
}

func TestDescription(t *testing.T) {
	read := func(text string, more ...string) packageFile {
		one, err := readPackage(bagOfTexts(t, map[string]string{pathPackage: text}), pathPackage, more...)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return one
	}
	const pack = `{"caseNumber":"1","checkpointSize":9,"format":"evidence-package/v3","id":"p","madeAt":"2026-09-01T08:00:00.000Z",` +
		`"madeBy":{"id":"a","name":"甲","role":"legal"},"madeHow":"","origin":"o","purpose":"x","recipient":null,"reportSize":5,` +
		`"signedBy":{"id":"b","name":"乙"},"withFootage":true}`
	making := strings.Replace(strings.Replace(pack, `"checkpointSize":9,`, "", 1), `"origin":"o",`, "", 1)
	named := func(index int64, id, name string) event {
		return eventOf(t, index, "person.created", "s", "administrator", `[{"id":"`+id+`","type":"account"}]`, `{"name":`+name+`}`)
	}
	const ofPackage = `[{"id":"p","type":"package"}]`
	asked := eventOf(t, 3, "package.requested", "a", "legal", ofPackage, `{"purpose":"x","recipient":null,"withFootage":true}`)
	signed := eventOf(t, 4, "package.signed", "b", "auditor", ofPackage, `{}`)
	contents := eventOf(t, 5, "package.contents", "w", "service", ofPackage, `{}`)
	check := func(what string, isRight bool, pack, making string, events ...event) {
		t.Helper()
		v := newVerdict()
		d := &described{pack: read(pack, "origin", "checkpointSize"), making: read(making)}
		checkDescription(v, d, append([]event{asked, signed, contents}, events...), &checkpoint{origin: "o", size: 9})
		if v.accepted() != isRight {
			t.Errorf("%s: %v", what, v.faults)
		}
	}
	changed := func(from, to string) (string, string) {
		return strings.Replace(pack, from, to, 1), strings.Replace(making, from, to, 1)
	}
	check("as it is", true, pack, making)
	check("another making.json", false, pack, strings.Replace(making, `"madeHow":""`, `"madeHow":"by hand"`, 1))
	check("the names of the accounts", true, pack, making, named(1, "a", `"甲"`), named(2, "b", `"乙"`))
	check("another maker's name", false, pack, making, named(1, "a", `"丙"`))
	check("another signer's name", false, pack, making, named(1, "b", `"丙"`))
	check("a later name", true, pack, making, named(2, "a", `"甲"`), named(1, "a", `"丙"`))
	check("a name that is no text", true, pack, making, named(1, "a", `null`))
	later, laterMaking := changed(`"reportSize":5`, `"reportSize":6`)
	check("a report of what came after its commitment", false, later, laterMaking)
	early, earlyMaking := changed("08:00:00.000Z", "07:59:54.999Z")
	check("made before an event that it reports", false, early, earlyMaking)
	early, earlyMaking = changed("08:00:00.000Z", "07:59:55.000Z")
	check("made 5 s before it", true, early, earlyMaking)
	late, lateMaking := changed("08:00:00.000Z", "08:00:05.001Z")
	check("made after its commitment", false, late, lateMaking)
	early, earlyMaking = changed(`08:00:00.000Z`, `07:00:00.000Z`)
	early, earlyMaking = strings.Replace(early, `Size":5`, `Size":3`, 1), strings.Replace(earlyMaking, `Size":5`, `Size":3`, 1)
	check("made before events that it does not report", true, early, earlyMaking)
}
