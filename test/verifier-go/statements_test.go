package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
)

func statementOf(act, object, body string) string {
	return fmt.Sprintf(`{"act":"%s","askedAt":"2026-09-01T07:59:00.000Z","object":"%s","objectSha256":"%x","person":"a","role":"custodian","v":1}`,
		act, object, sha256.Sum256([]byte(body)))
}

func TestStatements(t *testing.T) {
	const recording = `[{"id":"r","type":"recording"}]`
	proposed := eventOf(t, 1, "quarantine.proposed", "s", "supervisor", recording, `{"proposalId":"p"}`)
	statement := statementOf("quarantine.resolved", "recording:r", proposed.line.body)
	resolved := func(details string) event {
		return eventOf(t, 2, "quarantine.resolved", "a", "custodian", recording, details)
	}
	check := func(what string, isRight bool, events ...event) {
		t.Helper()
		v := newVerdict()
		checkStatements(v, events)
		if v.accepted() != isRight {
			t.Errorf("%s: %v", what, v.faults)
		}
	}
	right := `{"proposalId":"p","statement":` + statement + `}`
	check("as proposed", true, proposed, resolved(right))
	check("without a statement", false, proposed, resolved(`{"proposalId":"p"}`))
	const account = `[{"id":"p","type":"account"}]`
	asked := eventOf(t, 1, "person.shut_asked", "s", "supervisor", account, `{}`)
	check("shut by one who may alone", true, eventOf(t, 2, "person.disabled", "a", "auditor", account, `{}`))
	check("shut as another asked", true, asked, eventOf(t, 2, "person.disabled", "a", "auditor", account, `{"shuttingId":"e"}`))
	check("shut as nobody asked", false, asked, eventOf(t, 2, "person.disabled", "a", "auditor", account, `{"shuttingId":"x"}`))
	check("shut by who asked", false, asked, eventOf(t, 2, "person.disabled", "s", "supervisor", account, `{"shuttingId":"e"}`))
	check("not put up", false, resolved(right))
	check("another proposal", false, proposed, resolved(strings.Replace(right, `"p"`, `"q"`, 1)))
	check("no proposal named", false, proposed, resolved(strings.Replace(right, `"proposalId":"p",`, "", 1)))
	own := eventOf(t, 1, "quarantine.proposed", "a", "custodian", recording, `{"proposalId":"p"}`)
	check("put up by who signed it", false, own, resolved(strings.Replace(right, statement, statementOf("quarantine.resolved", "recording:r", own.line.body), 1)))
	none := eventOf(t, 1, "quarantine.proposed", "s", "supervisor", recording, `{"proposalId":null}`)
	check("a proposal of no id", false, none,
		resolved(`{"proposalId":null,"statement":`+statementOf("quarantine.resolved", "recording:r", none.line.body)+`}`))
	check("put up for another recording", false, proposed,
		eventOf(t, 2, "quarantine.resolved", "a", "custodian", `[{"id":"x","type":"recording"}]`, strings.Replace(right, "recording:r", "recording:x", 1)))
	check("put up as something else", false,
		eventOf(t, 1, "quarantine.noted", "s", "supervisor", recording, `{"proposalId":"p"}`), resolved(right))
	for _, change := range [][2]string{
		{`"act":"quarantine.resolved"`, `"act":"package.signed"`}, {`"person":"a"`, `"person":"b"`},
		{`"role":"custodian"`, `"role":"auditor"`}, {`"v":1`, `"v":2`}, {`recording:r`, `recording:x`},
		{`"objectSha256":"`, `"objectSha256":"0`}, {`"askedAt":"2026-09-01T07:59:00.000Z",`, ""},
		{`,"v":1`, `,"v":1,"w":1`}, {statement, `"signed"`}, {statement, `null`},
	} {
		check(change[1]+" for "+change[0], false, proposed, resolved(strings.Replace(right, change[0], change[1], 1)))
	}
}

func TestStatementsOfLists(t *testing.T) {
	const recording = `[{"id":"r","type":"recording"}]`
	list := fmt.Sprintf(`"list":{"id":"l","of":2,"place":1,"sha256":"%x"}`, sha256.Sum256([]byte("the list")))
	proposed := eventOf(t, 1, "quarantine.proposed", "s", "supervisor", recording, `{"proposalId":"p"}`)
	for _, one := range []struct {
		list, object string
		isRight      bool
	}{
		{list, "list:l", true}, {strings.Replace(list, `"id":"l",`, "", 1), "list:", false}, {list, "list:m", false}, {list, "recording:r", false},
		{`"list":"l"`, "list:l", false}, {strings.Replace(list, `256":"`, `256":"0`, 1), "list:l", false},
	} {
		details := `{` + one.list + `,"proposalId":"p","statement":` + statementOf("quarantine.resolved", one.object, "the list") + `}`
		resolved := eventOf(t, 2, "quarantine.resolved", "a", "custodian", recording, details)
		v := newVerdict()
		checkStatements(v, []event{proposed, resolved})
		if v.accepted() != one.isRight {
			t.Errorf("%s of %s: %v", one.object, one.list, v.faults)
		}
		own := eventOf(t, 1, "quarantine.proposed", "a", "custodian", recording, `{"proposalId":"p"}`)
		for _, before := range [][]event{nil, {own}} {
			v := newVerdict()
			if checkStatements(v, append(before, resolved)); v.accepted() {
				t.Errorf("%d events put it up, by nobody else: accepted", len(before))
			}
		}
	}
}

func TestStatementsWithoutARule(t *testing.T) {
	v := newVerdict()
	details := `{"statement":` + statementOf("setting.changed", "setting:x", "anything") + `}`
	checkStatements(v, []event{eventOf(t, 2, "setting.changed", "a", "custodian", `[{"id":"x","type":"setting"}]`, details)})
	if !v.accepted() {
		t.Error(v.faults)
	}
}
