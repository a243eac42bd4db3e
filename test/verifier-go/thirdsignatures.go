package main

import "time"

// thirdSignatures tells whether an act rests on a third signature that was confirmed in time, and whether on another.
func thirdSignatures(events []event) (confirmed, unconfirmed bool) {
	for _, act := range events {
		value, rests := act.details["third"]
		if !rests {
			continue
		}
		third, _ := value.(map[string]any)
		if id, isText := third["id"].(string); isText && isConfirmed(act, third, id, events) {
			confirmed = true
		} else {
			unconfirmed = true
		}
	}
	return confirmed, unconfirmed
}

// isConfirmed: the act's sheet was added under its matter, and confirmed by the time that was set then.
func isConfirmed(act event, third map[string]any, id string, events []event) bool {
	var added, right *event
	for i := range events {
		if !events[i].names("third_signature:" + id) {
			continue
		}
		if events[i].kind == "signature.third_added" && added == nil {
			added = &events[i]
		}
		if events[i].kind == "signature.third_confirmed" && right == nil {
			right = &events[i]
		}
	}
	if added == nil || right == nil || added.details["act"] != act.kind {
		return false
	}
	by, _ := added.details["confirmBy"].(string)
	due, err := time.Parse(time.RFC3339, by)
	if err != nil || !isTime(by) || right.at.After(due) {
		return false
	}
	paper, _ := added.details["paper"].(map[string]any)
	for _, member := range []string{"name", "office", "scanSha256"} {
		if said, isText := third[member].(string); !isText || paper[member] != said {
			return false
		}
	}
	rule, isOfTwo := signingOf(act.kind)
	for _, event := range events {
		if isOfTwo && event.id == added.details["matterId"] && rule.isPutUpBy(event, act) {
			return true
		}
	}
	return false
}
