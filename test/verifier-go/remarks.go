package main

import (
	"strings"
	"time"
)

// allRemarks is the list of remarks of section 7, in its order.
var allRemarks = []string{
	"witness_not_asked", "timestamp_missing", "cosignature_before_event", "cosignature_in_future",
	"recording_not_listed", "recording_listed_by_name", "clearing_unproven", "clearing_outcome_unknown", "third_signature_unconfirmed", "third_signature", "contents_entered_again",
	"loose_events", "copies_on_one_host",
	"viewing_unwitnessed",
}

const futureLeeway = 10 * time.Minute

// remarksOn are the remarks on an accepted package; times are compared in seconds, since a cosignature may state any.
func remarksOn(d *described, events []event, head *checkpoint, policy *policy, timestamps int, now time.Time) []string {
	confirmed, unconfirmed := thirdSignatures(events)
	found := map[string]bool{
		"third_signature":             confirmed,
		"third_signature_unconfirmed": unconfirmed,
		"witness_not_asked":           policy.quorum == "none",
		"timestamp_missing":           timestamps == 0,
		"contents_entered_again":      len(eventsOfPackage(d, events, "package.contents")) > 1,
		"loose_events":                len(d.loose) > 0,
		"copies_on_one_host":          hasOneHost(events),
		"viewing_unwitnessed":         false,
		"clearing_unproven":           hasUnprovenClearing(events),
		"clearing_outcome_unknown":    hasUnknownClearing(events),
	}
	for _, seconds := range head.cosignedAt {
		millis := seconds * 1000
		for _, event := range events {
			if millis < event.at.Add(-leeway).UnixMilli() {
				found["cosignature_before_event"] = true
			}
		}
		if millis > now.Add(futureLeeway).UnixMilli() {
			found["cosignature_in_future"] = true
		}
	}
	found["recording_not_listed"], found["recording_listed_by_name"] = listings(d, openedLists(d, events), events)
	for _, event := range events {
		if _, isText := event.details["unwitnessedSince"].(string); isText && event.kind == "viewing.opened" {
			for _, subject := range event.subjects {
				if strings.HasPrefix(subject, "viewing:") {
					found["viewing_unwitnessed"] = true
				}
			}
		}
	}
	remarks := []string{}
	for _, code := range allRemarks {
		if found[code] {
			remarks = append(remarks, code)
		}
	}
	return remarks
}

// hasOneHost tells whether the events put all copies of some recording on one host.
func hasOneHost(events []event) bool {
	hosts := map[string]map[string]bool{}
	for _, event := range events {
		named := hostsIn(event)
		for _, subject := range event.subjects {
			if !strings.HasPrefix(subject, "recording:") {
				continue
			}
			if hosts[subject] == nil || event.kind == "recording.secured" {
				hosts[subject] = map[string]bool{}
			}
			for _, host := range named {
				hosts[subject][host] = true
			}
		}
	}
	for _, names := range hosts {
		if len(names) == 1 {
			return true
		}
	}
	return false
}

func hostsIn(event event) []string {
	switch event.kind {
	case "recording.sealed", "recording.quarantined":
		return hostOf(event.details["copy"])
	case "recording.copied":
		return hostOf(event.details)
	case "recording.secured":
		var hosts []string
		copies, _ := event.details["copies"].([]any)
		for _, one := range copies {
			hosts = append(hosts, hostOf(one)...)
		}
		return hosts
	}
	return nil
}

func hostOf(value any) []string {
	members, _ := value.(map[string]any)
	if host, isText := members["host"].(string); isText {
		return []string{host}
	}
	return nil
}
