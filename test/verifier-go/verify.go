package main

import (
	"slices"
	"time"
)

// verifyPath goes through the stages of section 7; `now` is the clock of this computer.
func verifyPath(path string, trust *trust, now time.Time) *verdict {
	v := newVerdict()
	bag, err := openBag(path)
	if err != nil {
		v.add("container_malformed", "%v", err)
		return v
	}
	defer bag.close()
	manifests, err := readManifests(bag)
	if err != nil {
		v.add("bag_malformed", "%v", err)
		return v
	}
	if format, isUnknown := unknownFormat(bag); isUnknown {
		v.add("format_unknown", "the format is %q, not %q", format, packageFormat)
		return v
	}
	described, err := readDescribed(bag)
	if err != nil {
		v.add("package_malformed", "%v", err)
		return v
	}
	// Media that stage 6 found to be what the ledger says; stage 8 speaks of them differently.
	media := map[string]bool{}
	var tree *tree
	var shown []event
	head := checkCheckpoint(v, bag.mustRead(pathCheckpoint), trust)
	if head != nil {
		if tree = checkTree(v, bag, head); tree != nil {
			checkSubjects(v, described, trust)
			events, loose := checkEvents(v, described, tree)
			both := append(slices.Clone(events), loose...)
			checkLinks(v, described, events, tree)
			checkDisclosure(v, described, events, loose)
			checkProofs(v, bag, both, tree)
			checkTimes(v, both)
			checkOnce(v, both)
			checkStatements(v, both)
			checkHandIns(v, described, events, loose)
			media = checkRecordings(v, bag, described, events)
			checkContents(v, bag, described, events)
			checkDescription(v, described, events, head)
			checkBagInfo(v, bag, described)
			shown = events
			checkTimestamps(v, bag, tree, trust)
		}
	}
	checkFiles(v, bag, manifests, described, tree, media)
	if v.accepted() {
		v.remarks = remarksOn(described, shown, head, trust.policy, len(timestampNames(bag)), now)
	}
	return v
}
