package main

// hasUnprovenClearing tells whether some file was removed from its device without the events showing on what: section 7, remarks.
func hasUnprovenClearing(events []event) bool {
	for _, one := range events {
		if one.kind == "recording.cleared" && !(hasReceipt(one, events) && isAnnounced(one, events)) {
			return true
		}
	}
	return false
}

// hasReceipt: the leaf that the clearing names is the receipt of its recording, and was there before, with the same digest.
func hasReceipt(cleared event, events []event) bool {
	recording, isOne := cleared.only("recording")
	digest, isText := cleared.details["sha256"].(string)
	index, isWhole := wholeNumber(cleared.details["receiptIndex"])
	for _, one := range events {
		if isOne && isText && isWhole && one.line.index == index && index < cleared.line.index &&
			one.kind == "receipt.issued" && one.names("recording:"+recording) && one.details["sha256"] == digest {
			return true
		}
	}
	return false
}

// isAnnounced: where the clearing names its announcement, that was entered before, for the same hand-in.
func isAnnounced(cleared event, events []event) bool {
	named, isSaid := cleared.details["announcement"]
	if !isSaid {
		return true
	}
	announcement, isText := named.(string)
	handIn, isOne := cleared.only("hand_in")
	clearing, isClearing := cleared.details["clearingId"].(string)
	for _, one := range events {
		if isText && isOne && isClearing && one.kind == "clearing.announced" && one.id == announcement &&
			one.line.index < cleared.line.index && one.details["clearingId"] == clearing && one.names("hand_in:"+handIn) {
			return true
		}
	}
	return false
}

// hasUnknownClearing tells whether some clearing was given up without a later word of its dock on the file.
func hasUnknownClearing(events []event) bool {
	for _, one := range events {
		if one.kind == "recording.not_cleared" && one.details["why"] == "outcome_unknown" && !hasLaterWord(one, events) {
			return true
		}
	}
	return false
}

// hasLaterWord: another event says of the same line of the same clearing what became of the file.
func hasLaterWord(left event, events []event) bool {
	recording, isOne := left.only("recording")
	clearing, isText := left.details["clearingId"].(string)
	line, isWhole := wholeNumber(left.details["line"])
	for _, one := range events {
		isWord := one.kind == "recording.cleared" || one.kind == "recording.not_cleared" && one.details["why"] != "outcome_unknown"
		at, isNumber := wholeNumber(one.details["line"])
		if isWord && isOne && isText && isWhole && isNumber && at == line && one.line.index > left.line.index &&
			one.details["clearingId"] == clearing && one.names("recording:"+recording) {
			return true
		}
	}
	return false
}
