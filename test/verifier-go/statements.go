package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
)

// signing says what a statement of some kind is about: the table "Statements" of section 6.
type signing struct {
	putUpBy  []string
	subject  string // the type by whose first subject the two events belong together
	member   string // of details, by which they do too; empty for none
	object   string // empty for the subject itself
	byEither bool   // who put the matter up may sign it too
}

var (
	addedThird   = signing{putUpBy: []string{"signature.third_added"}, subject: "third_signature"}
	keeperChange = signing{putUpBy: []string{"device.keeper_asked"}, subject: "device", member: "changeId"}
	packageAsked = signing{putUpBy: []string{"package.requested"}, subject: "package"}
	supply       = signing{putUpBy: []string{"rendition.supply_proposed"}, subject: "recording", member: "supplyId"}
	deputyship   = signing{putUpBy: []string{"deputyship.named"}, subject: "account", member: "deputyshipId"}

	signings = map[string]signing{
		"custodian.handover_signed": {
			putUpBy: []string{"custodian.handover_proposed"}, subject: "person", member: "handoverId", object: "custodianship:bureau", byEither: true,
		},
		"device.keeper_changed":     keeperChange,
		"device.keeper_refused":     keeperChange,
		"dock.released":             {putUpBy: []string{"dock.registered"}, subject: "dock"},
		"person.released":           {putUpBy: []string{"person.created", "person.password_reset"}, subject: "account"},
		"package.signed":            packageAsked,
		"package.refused":           packageAsked,
		"quarantine.resolved":       {putUpBy: []string{"quarantine.proposed"}, subject: "recording", member: "proposalId"},
		"clearing.given_up":         {putUpBy: []string{"clearing.giving_up_asked"}, subject: "hand_in", member: "givingUpId"},
		"rendition.supplied":        supply,
		"rendition.supply_refused":  supply,
		"deputyship.signed":         deputyship,
		"deputyship.refused":        deputyship,
		"spare.confirmed":           {putUpBy: []string{"spare.sealed"}, subject: "account", member: "spareId"},
		"spare.opened":              {putUpBy: []string{"spare.opening_asked"}, subject: "account", member: "spareId"},
		"signature.third_confirmed": addedThird,
		"signature.third_refused":   addedThird,
	}
)

// checkStatements: `statement_differs` of section 7, for the events of both files.
func checkStatements(v *verdict, events []event) {
	for _, event := range events {
		value, isSigned := event.details["statement"]
		if !isSigned {
			if err := checkUnsigned(event, events); err != nil {
				v.add("statement_differs", "event %d: %v", event.line.index, err)
			}
			continue
		}
		if err := checkStatement(value, event, events); err != nil {
			v.add("statement_differs", "event %d: %v", event.line.index, err)
		}
	}
}

// shutting is what one asks for and another does without a statement, where the event names it.
var shutting = signing{putUpBy: []string{"person.shut_asked"}, subject: "account"}

// signingOf is the rule for an act of two; false for other acts.
func signingOf(kind string) (signing, bool) {
	if kind == "person.disabled" {
		return shutting, true
	}
	rule, hasRule := signings[kind]
	return rule, hasRule
}

func checkUnsigned(done event, events []event) error {
	if _, hasRule := signings[done.kind]; hasRule {
		return errors.New("no statement of what was signed")
	}
	if _, isOfTwo := done.details["shuttingId"].(string); isOfTwo && done.kind == "person.disabled" {
		return shutting.checkPutUp(done, events, "")
	}
	return nil
}

func checkStatement(value any, signed event, events []event) error {
	o := objectOf(value, "v", "act", "object", "objectSha256", "person", "role", "askedAt")
	o.text("askedAt")
	o.hex("objectSha256", 32)
	object, digest := o.text("object"), o.text("objectSha256")
	if o.members["v"] != 1.0 {
		o.fail("not version 1")
	}
	if o.text("act") != signed.kind || o.text("person") != signed.actor || o.text("role") != signed.role {
		o.fail("another act, person or role than the event's")
	}
	if o.err != nil {
		return o.err
	}
	rule, hasRule := signings[signed.kind]
	if list, isListed := signed.details["list"].(map[string]any); isListed {
		id, isText := list["id"].(string)
		if !isText || object != "list:"+id || list["sha256"] != digest {
			return errors.New("not what the list is that it was signed with")
		}
		if !hasRule {
			return nil
		}
		return rule.checkPutUp(signed, events, "")
	}
	if !hasRule {
		return nil
	}
	id, isNamed := signed.first(rule.subject)
	wanted := rule.object
	if wanted == "" {
		wanted = rule.subject + ":" + id
	}
	if !isNamed || object != wanted {
		return errors.New("another object than the event's")
	}
	return rule.checkPutUp(signed, events, digest)
}

// checkPutUp: what was signed was put up for signature, by another person; by an event of this digest, if there is one.
func (s signing) checkPutUp(signed event, events []event, digest string) error {
	found := false
	for _, event := range events {
		body := sha256.Sum256([]byte(event.line.body))
		if (digest != "" && hex.EncodeToString(body[:]) != digest) || !s.isPutUpBy(event, signed) {
			continue
		}
		found = true
		if s.byEither || !areOnePerson(event, signed) {
			return nil
		}
	}
	if found {
		return errors.New("whoever signed it had put it up")
	}
	return errors.New("what was signed was not put up for signature")
}

// areOnePerson: a deputy and whoever commissioned him count as one.
func areOnePerson(one, other event) bool {
	for _, a := range []string{one.actor, one.onBehalf} {
		if a != "" && (a == other.actor || a == other.onBehalf) {
			return true
		}
	}
	return false
}

// isPutUpBy tells whether an event put up for signature what another one signs.
func (s signing) isPutUpBy(putUp, signed event) bool {
	id, isNamed := putUp.first(s.subject)
	wanted, _ := signed.first(s.subject)
	if !slices.Contains(s.putUpBy, putUp.kind) || !isNamed || id != wanted {
		return false
	}
	for _, member := range []string{"openingId", "shuttingId"} {
		if named, isText := signed.details[member].(string); isText && putUp.id != named {
			return false
		}
	}
	value, isText := putUp.details[s.member].(string)
	return s.member == "" || isText && signed.details[s.member] == value
}
