package main

import (
	"slices"
	"testing"
)

// eventOf reads an event with a body of section 1, or ends the test.
func eventOf(t *testing.T, index int64, kind, actor, role, subjects, details string) event {
	t.Helper()
	body := `{"actor":"` + actor + `","actorRole":"` + role + `","at":"2026-09-01T08:00:00.000Z","details":` + details +
		`,"id":"e","kind":"` + kind + `","subjects":` + subjects + `}`
	read, err := parseEvent(eventLine{body: body, index: index})
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return read
}

func TestWhatAnEventJoins(t *testing.T) {
	for _, one := range []struct {
		subjects, role, details string
		wanted                  []string
	}{
		{`[{"id":"1","type":"case"}]`, "service", `{}`, nil},
		{`[{"id":"1","type":"recording"},{"id":"2","type":"package"}]`, "nobody", `{}`, []string{"recording:1"}},
		{`[{"id":"1","type":"hand-in-list"},{"id":"1","type":"hand_in"}]`, "service", `{}`, []string{"hand-in-list:1", "hand-in-list:1"}},
		{`[{"id":"1","type":"person"},{"id":"2","type":"device"},{"id":"3","type":"dock"}]`, "service", `{}`,
			[]string{"account:1", "device-register:2", "dock-register:3"}},
		{`[{"id":"1","type":"case"}]`, "dock", `{}`, []string{"dock-register:a"}},
		{`[{"id":"1","type":"case"}]`, "custodian", `{}`, []string{"account:a", "custodianship:bureau"}},
		{`[{"id":"1","type":"case"}]`, "service",
			`{"officerIds":["o",7,""],"participantIds":["p"],"sameSeat":{"minutes":3,"with":"w"}}`,
			[]string{"account:o", "account:p", "account:w"}},
		{`[{"id":"1","type":"case"}]`, "service", `{"officerIds":"o","sameSeat":"w"}`, nil},
	} {
		got := joined(eventOf(t, 0, "x.y", "a", one.role, one.subjects, one.details))
		if !slices.Equal(got, one.wanted) {
			t.Errorf("%s by a %s with %s joins %v", one.subjects, one.role, one.details, got)
		}
	}
}

func TestADeputyJoinsBothAccounts(t *testing.T) {
	read, err := parseEvent(eventLine{body: `{"actor":"a","actorRole":"supervisor","at":"2026-09-01T08:00:00.000Z",` +
		`"details":{},"id":"e","kind":"case.closed","onBehalfOf":"b","subjects":[{"id":"1","type":"case"}]}`})
	if got := joined(read); err != nil || !slices.Equal(got, []string{"account:a", "account:b"}) {
		t.Errorf("%v, %v", got, err)
	}
}

// A small case: a recording of it, attached by o; o's account, which s opened; a reset of o's password of older days.
func smallCase(t *testing.T) (events []event, old event) {
	events = []event{
		eventOf(t, 1, "person.created", "s", "administrator", `[{"id":"o","type":"account"}]`, `{}`),
		eventOf(t, 2, "person.created", "s", "administrator", `[{"id":"s","type":"account"}]`, `{}`),
		eventOf(t, 5, "recording.attached", "o", "officer", `[{"id":"1","type":"case"},{"id":"r","type":"recording"}]`, `{}`),
	}
	return events, eventOf(t, 0, "person.password_reset", "s", "administrator", `[{"id":"o","type":"person"}]`, `{}`)
}

func disclosureOf(subjects []string, events, loose []event) []string {
	d := &described{pack: packageFile{caseNumber: "1"}}
	for _, name := range subjects {
		d.subjects = append(d.subjects, subjectLine{name: name})
	}
	v := newVerdict()
	checkDisclosure(v, d, events, loose)
	return v.codes()
}

func TestDisclosure(t *testing.T) {
	events, old := smallCase(t)
	whole := []string{"case:1", "recording:r", "account:o", "account:s"}
	for _, one := range []struct {
		what     string
		subjects []string
		events   []event
		loose    []event
		wanted   []string
	}{
		{"all of it", whole, events, nil, nil},
		{"an older event beside it", whole, events, []event{old}, nil},
		{"the officer's account is not there", []string{"case:1", "recording:r"}, events[2:], nil, []string{"subject_missing"}},
		{"an older event does not stand for it", []string{"case:1", "recording:r"}, events[2:], []event{old},
			[]string{"subject_missing"}},
		{"an account that nothing joins", append([]string{"account:x"}, whole...), events, nil, []string{"subject_extra"}},
		{"no event of the case", []string{"case:1", "account:o", "account:s"}, events[:2], nil, []string{"subject_missing", "subject_extra"}},
		{"an event of other people", whole, append(slices.Clone(events),
			eventOf(t, 6, "x.y", "m", "service", `[{"id":"z","type":"witness"}]`, `{}`)), nil, []string{"event_extra"}},
	} {
		if got := disclosureOf(one.subjects, one.events, one.loose); !slices.Equal(got, one.wanted) && len(got)+len(one.wanted) > 0 {
			t.Errorf("%s: %v", one.what, got)
		}
	}
}

func TestWhatMayBeLoose(t *testing.T) {
	events, _ := smallCase(t)
	events = append(events, eventOf(t, 6, "recording.sealed", "c", "custodian",
		`[{"id":"r","type":"recording"},{"id":"h","type":"hand_in"}]`, `{}`))
	whole := []string{"case:1", "recording:r", "account:o", "account:s"}
	for _, one := range []struct {
		kind, subjects string
		mayBe          bool
	}{
		{"person.password_reset", `[{"id":"o","type":"person"}]`, true},
		{"custodian.handover_signed", `[{"id":"x","type":"person"}]`, true},
		{"hand_in.opened", `[{"id":"h","type":"hand_in"},{"id":"x","type":"device"}]`, true},
		{"hand_in.opened", `[{"id":"x","type":"hand_in"},{"id":"o","type":"person"}]`, false},
		{"device.changed", `[{"id":"x","type":"device"},{"id":"o","type":"person"}]`, false},
		{"person", `[{"id":"o","type":"person"}]`, false},
		{"session.opened", `[{"id":"o","type":"person"}]`, false},
		{"hand_in.closed", `[{"id":"o","type":"person"}]`, false},
		{"person.password_reset", `[{"id":"x","type":"person"}]`, false},
		{"person.password_reset", `[{"id":"o","type":"person"},{"id":"x","type":"account"}]`, false},
		{"person.password_reset", `[{"id":"o","type":"person"},{"id":"bureau","type":"custodianship"}]`, false},
		{"person.password_reset", `[{"id":"o","type":"person"},{"id":"1","type":"case"}]`, false},
		{"person.password_reset", `[{"id":"s","type":"witness"}]`, false},
	} {
		got := disclosureOf(whole, events, []event{eventOf(t, 0, one.kind, "s", "administrator", one.subjects, `{}`)})
		if mayBe := !slices.Contains(got, "loose_extra"); mayBe != one.mayBe {
			t.Errorf("%s about %s may be loose: %v", one.kind, one.subjects, mayBe)
		}
	}
}
