package main

import (
	"bytes"
	"crypto/sha256"
	"sort"

	"golang.org/x/mod/sumdb/tlog"
)

// checkTimestamps is stage 7.
func checkTimestamps(v *verdict, bag *bag, tree *tree, trust *trust) {
	for _, name := range timestampNames(bag) {
		stamped, found := bag.read("data/ledger/timestamps/" + name + ".checkpoint")
		response, hasResponse := bag.read("data/ledger/timestamps/" + name + ".tsr")
		if !found || !hasResponse {
			v.add("timestamp_malformed", "one of the two files of %s is missing", name)
			continue
		}
		token, err := parseTimestamp(response)
		if err != nil {
			v.add("timestamp_malformed", "%s: %v", name, err)
			continue
		}
		digest := sha256.Sum256(stamped)
		if token.imprintAlgorithm != oidSHA256 || !bytes.Equal(token.imprint, digest[:]) {
			v.add("timestamp_imprint", "the time-stamp %s is of other bytes", name)
		}
		if err := token.verify(trust.timestampRoots); err != nil {
			v.add("timestamp_signature", "%s: %v", name, err)
		}
		signed, err := parseNote(stamped)
		if err != nil {
			v.add("timestamp_malformed", "the checkpoint of %s: %v", name, err)
			continue
		}
		checkStamped(v, name, signed, tree, trust)
	}
}

// checkStamped: what was time-stamped is a checkpoint of this log, of a tree that the package's one has grown from.
func checkStamped(v *verdict, name string, signed *signedNote, tree *tree, trust *trust) {
	head, err := parseCheckpoint(signed.text)
	if err != nil {
		v.add("timestamp_malformed", "the checkpoint of %s: %v", name, err)
		return
	}
	isOfThisTree := head.origin == trust.log.origin && trust.log.signed(signed, head.size) &&
		head.size <= tree.head.size && rootOf(tree.hashes[:head.size]) == tlog.Hash(head.root)
	if !isOfThisTree {
		v.add("timestamp_checkpoint", "what %s stamped is no checkpoint of this tree", name)
	}
}

func timestampNames(bag *bag) []string {
	seen := map[string]bool{}
	var names []string
	for path := range bag.files {
		parts := timestampForm.FindStringSubmatch(path)
		if parts != nil && !seen[parts[1]] {
			seen[parts[1]] = true
			names = append(names, parts[1])
		}
	}
	sort.Strings(names)
	return names
}
