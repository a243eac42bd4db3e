package main

import (
	"fmt"
	"slices"
	"strings"
)

// onceRow is a row of the table "Once" of section 6.
type onceRow struct {
	kinds    []string
	subjects []string // the type, and the one that older events name instead
	members  []string
	truth    string // a member that is true or not in two events that may both be there; empty for none
}

var (
	account      = []string{"account", "person"}
	device       = []string{"device-register", "device"}
	dockRegister = []string{"dock-register", "dock"}
	list         = []string{"hand-in-list", "hand_in"}

	onceOnly = []onceRow{
		{kinds: []string{"person.created"}, subjects: account},
		{kinds: []string{"person.opened"}, subjects: account, members: []string{"openingId"}},
		{kinds: []string{"person.released"}, subjects: account, members: []string{"openingId"}, truth: "isSecond"},
		{kinds: []string{"person.release_stopped"}, subjects: account, members: []string{"openingId"}},
		{kinds: []string{"person.disabled"}, subjects: account},
		{kinds: []string{"person.disabled", "person.shut_refused"}, subjects: account, members: []string{"shuttingId"}},
		{kinds: []string{"deputyship.named"}, subjects: account, members: []string{"deputyshipId"}},
		{kinds: []string{"deputyship.signed", "deputyship.refused"}, subjects: account, members: []string{"deputyshipId"}},
		{kinds: []string{"deputyship.ended"}, subjects: account, members: []string{"deputyshipId"}},
		{kinds: []string{"spare.sealed"}, subjects: account, members: []string{"spareId"}},
		{kinds: []string{"spare.placed"}, subjects: []string{"person"}, members: []string{"spareId"}},
		{kinds: []string{"spare.confirmed"}, subjects: account, members: []string{"spareId"}},
		{kinds: []string{"spare.opened"}, subjects: account, members: []string{"spareId"}},
		{kinds: []string{"device.registered"}, subjects: device},
		{kinds: []string{"device.keeper_asked"}, subjects: device, members: []string{"changeId"}},
		{kinds: []string{"device.keeper_changed", "device.keeper_refused"}, subjects: device, members: []string{"changeId"}},
		{kinds: []string{"dock.registered"}, subjects: dockRegister},
		{kinds: []string{"dock.released"}, subjects: dockRegister},
		{kinds: []string{"dock.revoked"}, subjects: dockRegister},
		{kinds: []string{"custodian.appointed"}, subjects: []string{"custodianship"}},
		{kinds: []string{"custodian.handover_proposed"}, subjects: []string{"person"}, members: []string{"handoverId"}},
		{kinds: []string{"custodian.handover_signed"}, subjects: []string{"person"}, members: []string{"handoverId", "part"}},
		{kinds: []string{"custodian.handed_over", "custodian.handover_withdrawn"}, subjects: []string{"person"}, members: []string{"handoverId"}},
		{kinds: []string{"hand_in.opened"}, subjects: list},
		{kinds: []string{"upload.created"}, subjects: []string{"upload"}},
		{kinds: []string{"recording.sealed", "recording.quarantined", "recording.duplicate", "upload.terminated", "upload.expired"}, subjects: []string{"upload"}},
		{kinds: []string{"recording.sealed", "recording.quarantined"}, subjects: []string{"recording"}},
		{kinds: []string{"quarantine.proposed"}, subjects: []string{"recording"}, members: []string{"proposalId"}},
		{kinds: []string{"quarantine.resolved"}, subjects: []string{"recording"}, members: []string{"proposalId"}},
		{kinds: []string{"clearing.giving_up_asked"}, subjects: list, members: []string{"givingUpId"}},
		{kinds: []string{"clearing.given_up", "clearing.giving_up_refused"}, subjects: list, members: []string{"givingUpId"}},
		{kinds: []string{"rendition.supply_proposed"}, subjects: []string{"recording"}, members: []string{"supplyId"}},
		{kinds: []string{"rendition.supplied", "rendition.supply_refused"}, subjects: []string{"recording"}, members: []string{"supplyId"}},
		{kinds: []string{"case.opened"}, subjects: []string{"case"}},
		{kinds: []string{"viewing.opened"}, subjects: []string{"viewing"}},
		{kinds: []string{"viewing.ended"}, subjects: []string{"viewing"}},
		{kinds: []string{"package.requested"}, subjects: []string{"package"}},
		{kinds: []string{"package.signed", "package.refused"}, subjects: []string{"package"}},
		{kinds: []string{"signature.third_added"}, subjects: []string{"third_signature"}},
		{kinds: []string{"signature.third_confirmed", "signature.third_refused"}, subjects: []string{"third_signature"}},
	}
)

// checkOnce: `event_repeated` of section 7, for the events of both files.
func checkOnce(v *verdict, events []event) {
	for _, row := range onceOnly {
		seen := map[string]int64{}
		for _, event := range events {
			if !slices.Contains(row.kinds, event.kind) {
				continue
			}
			for _, key := range row.keys(event) {
				if first, isThere := seen[key]; isThere {
					v.add("event_repeated", "event %d (%s) repeats event %d", event.line.index, event.kind, first)
				} else {
					seen[key] = event.line.index
				}
			}
		}
	}
}

// keys lists what an event does once by this row; none when it lacks one of the texts.
func (row onceRow) keys(e event) []string {
	var texts []string
	for _, member := range row.members {
		text, isText := e.details[member].(string)
		if !isText {
			return nil
		}
		texts = append(texts, text)
	}
	if row.truth != "" {
		texts = append(texts, fmt.Sprint(e.details[row.truth] == true))
	}
	var keys []string
	for _, subject := range e.subjects {
		kind, id, _ := strings.Cut(subject, ":")
		if key := fmt.Sprintf("%q %q", id, texts); slices.Contains(row.subjects, kind) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
