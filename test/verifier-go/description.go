package main

import (
	"maps"
	"reflect"
	"strings"
	"time"
)

// leeway is how far the clocks of two hosts of a bureau may differ.
const leeway = 5 * time.Second

// checkDescription compares package.json with the checkpoint and with the events about this package: `package_differs`.
func checkDescription(v *verdict, described *described, events []event, head *checkpoint) {
	pack := described.pack
	if pack.origin != head.origin || pack.checkpointSize != head.size {
		v.add("package_differs", "package.json is about another checkpoint")
	}
	for _, line := range described.recordings {
		if !pack.withFootage && (line.original != nil || len(line.playable) > 0) {
			v.add("package_differs", "package.json says that there is no footage, recordings.jsonl names some")
		}
	}
	if !isMaking(described.making.members, pack.members) {
		v.add("package_differs", "making.json is not package.json without the checkpoint")
	}
	checkReport(v, described, events)
	checkNames(v, pack, events)
	var asked, signed []event
	for _, event := range events {
		if event.names("package:"+pack.id) && event.kind == "package.requested" {
			asked = append(asked, event)
		}
		if event.names("package:"+pack.id) && event.kind == "package.signed" {
			signed = append(signed, event)
		}
	}
	if len(asked) != 1 {
		v.add("package_differs", "%d events package.requested of this package", len(asked))
	} else {
		checkRequest(v, pack, asked[0])
	}
	checkSignature(v, pack, asked, signed)
}

// checkBagInfo: bag-info.txt follows from package.json.
func checkBagInfo(v *verdict, bag *bag, described *described) {
	pack := described.pack
	day, _, _ := strings.Cut(pack.members["madeAt"].(string), "T")
	wanted := "External-Identifier: " + pack.id + "\nExternal-Description: evidence package of case " + pack.caseNumber +
		"\nBagging-Date: " + day + "\n"
	if string(bag.mustRead(pathBagInfo)) != wanted {
		v.add("package_differs", "bag-info.txt does not follow from package.json")
	}
}

// isMaking tells whether making.json has the members of package.json, but for the two about the checkpoint.
func isMaking(making, pack map[string]any) bool {
	rest := maps.Clone(pack)
	delete(rest, "origin")
	delete(rest, "checkpointSize")
	return reflect.DeepEqual(making, rest)
}

// checkReport: the report was written after all events that it reports, and before the ledger committed it.
func checkReport(v *verdict, described *described, events []event) {
	pack := described.pack
	for _, event := range events {
		isBefore := event.isEvent && event.line.index < pack.reportSize
		if isBefore && pack.madeAt.Before(event.at.Add(-leeway)) {
			v.add("package_differs", "made at %v, before event %d", pack.madeAt, event.line.index)
		}
	}
	committed, found := contentsEvent(described, events)
	if found && (pack.reportSize > committed.line.index || committed.at.Before(pack.madeAt.Add(-leeway))) {
		v.add("package_differs", "made after event %d, which committed it", committed.line.index)
	}
}

// checkNames: maker and signer bear the names of their accounts, as far as the events give these.
func checkNames(v *verdict, pack packageFile, events []event) {
	people := []personNamed{pack.madeBy}
	if pack.signedBy != nil {
		people = append(people, *pack.signedBy)
	}
	for _, person := range people {
		created := event{line: eventLine{index: -1}}
		for _, event := range events {
			isOfAccount := event.kind == "person.created" && event.names("account:"+person.id)
			if isOfAccount && event.line.index > created.line.index {
				created = event
			}
		}
		if name, isText := created.details["name"].(string); isText && name != person.name {
			v.add("package_differs", "%s is named %q, not %q", person.id, name, person.name)
		}
	}
}

func checkRequest(v *verdict, pack packageFile, asked event) {
	if pack.madeBy.id != asked.actor || pack.madeBy.role != asked.role {
		v.add("package_differs", "asked for by %s (%s)", asked.actor, asked.role)
	}
	recipient, isSaid := asked.details["recipient"]
	if asked.details["purpose"] != pack.purpose || asked.details["withFootage"] != pack.withFootage ||
		!isSaid || !reflect.DeepEqual(recipient, pack.recipient) {
		v.add("package_differs", "purpose, recipient or footage are not those that were asked for")
	}
}

func checkSignature(v *verdict, pack packageFile, asked, signed []event) {
	if len(signed) == 0 {
		if pack.signedBy != nil || pack.withFootage {
			v.add("package_differs", "no event package.signed of this package")
		}
		return
	}
	for _, one := range signed {
		for _, other := range asked {
			if areOnePerson(one, other) {
				v.add("package_differs", "event %d signs what the same person asked for", one.line.index)
			}
		}
	}
	signer := signed[0].actor
	if len(signed) > 1 || pack.signedBy == nil || pack.signedBy.id != signer || signer == pack.madeBy.id {
		v.add("package_differs", "%d events package.signed; by the first it was signed by %q", len(signed), signer)
	}
}
