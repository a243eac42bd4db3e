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
		if id, isText := third["id"].(string); isText && isConfirmed(act, id, events) {
			confirmed = true
		} else {
			unconfirmed = true
		}
	}
	return confirmed, unconfirmed
}

// isConfirmed: the signature was added under the act's matter, and confirmed by the time that was set then.
func isConfirmed(act event, id string, events []event) bool {
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
	if _, isListed := act.details["list"]; isListed {
		return true
	}
	statement, _ := act.details["statement"].(map[string]any)
	signed, isSigned := statement["objectSha256"].(string)
	return isSigned && added.details["putUpSha256"] == signed
}
