package main

import (
	"reflect"
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
	var asked, signed []event
	for _, event := range events {
		if !event.isEvent {
			continue
		}
		if pack.madeAt.Before(event.at.Add(-leeway)) {
			v.add("package_differs", "made at %v, before event %d", pack.madeAt, event.line.index)
		}
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
	checkSignature(v, pack, signed)
}

func checkRequest(v *verdict, pack packageFile, asked event) {
	if pack.madeByID != asked.actor || pack.madeByRole != asked.role {
		v.add("package_differs", "asked for by %s (%s)", asked.actor, asked.role)
	}
	recipient, isSaid := asked.details["recipient"]
	if asked.details["purpose"] != pack.purpose || asked.details["withFootage"] != pack.withFootage ||
		!isSaid || !reflect.DeepEqual(recipient, pack.recipient) {
		v.add("package_differs", "purpose, recipient or footage are not those that were asked for")
	}
}

func checkSignature(v *verdict, pack packageFile, signed []event) {
	if len(signed) == 0 {
		if pack.signedByID != nil || pack.withFootage {
			v.add("package_differs", "no event package.signed of this package")
		}
		return
	}
	signer := signed[0].actor
	if len(signed) > 1 || pack.signedByID == nil || *pack.signedByID != signer || signer == pack.madeByID {
		v.add("package_differs", "%d events package.signed; by the first it was signed by %q", len(signed), signer)
	}
}
