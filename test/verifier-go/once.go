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
}

var (
	account      = []string{"account", "person"}
	device       = []string{"device-register", "device"}
	dockRegister = []string{"dock-register", "dock"}

	onceOnly = []onceRow{
		{[]string{"person.created"}, account, nil},
		{[]string{"person.opened"}, account, []string{"openingId"}},
		{[]string{"person.disabled", "person.shut_refused"}, account, []string{"shuttingId"}},
		{[]string{"deputyship.named"}, account, []string{"deputyshipId"}},
		{[]string{"deputyship.signed", "deputyship.refused"}, account, []string{"deputyshipId"}},
		{[]string{"spare.sealed"}, account, []string{"spareId"}},
		{[]string{"spare.placed"}, []string{"person"}, []string{"spareId"}},
		{[]string{"spare.confirmed"}, account, []string{"spareId"}},
		{[]string{"spare.opened"}, account, []string{"spareId"}},
		{[]string{"device.registered"}, device, nil},
		{[]string{"device.keeper_asked"}, device, []string{"changeId"}},
		{[]string{"device.keeper_changed", "device.keeper_refused"}, device, []string{"changeId"}},
		{[]string{"dock.registered"}, dockRegister, nil},
		{[]string{"dock.released"}, dockRegister, nil},
		{[]string{"dock.revoked"}, dockRegister, nil},
		{[]string{"custodian.appointed"}, []string{"custodianship"}, nil},
		{[]string{"custodian.handover_proposed"}, []string{"person"}, []string{"handoverId"}},
		{[]string{"custodian.handover_signed"}, []string{"person"}, []string{"handoverId", "part"}},
		{[]string{"custodian.handed_over", "custodian.handover_withdrawn"}, []string{"person"}, []string{"handoverId"}},
		{[]string{"hand_in.opened"}, []string{"hand-in-list", "hand_in"}, nil},
		{[]string{"upload.created"}, []string{"upload"}, nil},
		{[]string{"recording.sealed", "recording.quarantined", "recording.duplicate", "upload.terminated", "upload.expired"},
			[]string{"upload"}, nil},
		{[]string{"recording.sealed", "recording.quarantined"}, []string{"recording"}, nil},
		{[]string{"quarantine.proposed"}, []string{"recording"}, []string{"proposalId"}},
		{[]string{"quarantine.resolved"}, []string{"recording"}, []string{"proposalId"}},
		{[]string{"rendition.supply_proposed"}, []string{"recording"}, []string{"supplyId"}},
		{[]string{"rendition.supplied", "rendition.supply_refused"}, []string{"recording"}, []string{"supplyId"}},
		{[]string{"case.opened"}, []string{"case"}, nil},
		{[]string{"viewing.opened"}, []string{"viewing"}, nil},
		{[]string{"viewing.ended"}, []string{"viewing"}, nil},
		{[]string{"package.requested"}, []string{"package"}, nil},
		{[]string{"package.signed", "package.refused"}, []string{"package"}, nil},
		{[]string{"signature.third_added"}, []string{"third_signature"}, nil},
		{[]string{"signature.third_confirmed", "signature.third_refused"}, []string{"third_signature"}, nil},
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
	var keys []string
	for _, subject := range e.subjects {
		kind, id, _ := strings.Cut(subject, ":")
		if key := fmt.Sprintf("%q %q", id, texts); slices.Contains(row.subjects, kind) && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}
