package main

import "testing"

func TestWhatHappensOnce(t *testing.T) {
	const accountOfO = `[{"id":"o","type":"account"},{"id":"o","type":"person"}]`
	for _, one := range []struct {
		kind, subjects, details string
		again                   string // kind of the second event
		otherSubjects           string
		isRepeated              bool
	}{
		{"person.created", accountOfO, `{}`, "person.created", accountOfO, true},
		{"person.created", accountOfO, `{}`, "person.created", `[{"id":"o","type":"person"}]`, true},
		{"person.created", accountOfO, `{}`, "person.created", `[{"id":"p","type":"person"}]`, false},
		{"person.created", accountOfO, `{}`, "person.released", accountOfO, false},
		{"person.opened", accountOfO, `{"openingId":"1"}`, "person.opened", accountOfO, true},
		{"person.opened", accountOfO, `{"openingId":1}`, "person.opened", accountOfO, false},
		{"person.released", accountOfO, `{"openingId":"1"}`, "person.released", accountOfO, true},
		{"person.disabled", accountOfO, `{}`, "person.disabled", accountOfO, true},
		{"package.signed", `[{"id":"p","type":"package"}]`, `{}`, "package.refused", `[{"id":"p","type":"package"}]`, true},
		{"recording.sealed", `[{"id":"u","type":"upload"}]`, `{}`, "upload.expired", `[{"id":"u","type":"upload"}]`, true},
		{"package.contents", `[{"id":"p","type":"package"}]`, `{}`, "package.contents", `[{"id":"p","type":"package"}]`, false},
	} {
		v := newVerdict()
		checkOnce(v, []event{
			eventOf(t, 1, one.kind, "a", "service", one.subjects, one.details),
			eventOf(t, 2, one.again, "a", "service", one.otherSubjects, one.details),
		})
		if v.has("event_repeated") != one.isRepeated {
			t.Errorf("%s, %s of %s: %v", one.kind, one.again, one.otherSubjects, v.faults)
		}
	}
}

func TestTwoOfficesReleaseAnAccountOnceEach(t *testing.T) {
	const account = `[{"id":"o","type":"account"}]`
	first, second := `{"openingId":"1"}`, `{"isSecond":true,"openingId":"1"}`
	for _, one := range []struct {
		earlier, later string
		isRepeated     bool
	}{{first, second, false}, {second, second, true}, {first, `{"isSecond":false,"openingId":"1"}`, true}} {
		v := newVerdict()
		checkOnce(v, []event{
			eventOf(t, 1, "person.released", "a", "auditor", account, one.earlier),
			eventOf(t, 2, "person.released", "b", "supervisor", account, one.later),
		})
		if v.has("event_repeated") != one.isRepeated {
			t.Errorf("%s, %s: %v", one.earlier, one.later, v.faults)
		}
	}
}
