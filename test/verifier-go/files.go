package main

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

var (
	timestampForm = regexp.MustCompile(`^data/ledger/timestamps/([0-9]+-[0-9]+)\.(checkpoint|tsr)$`)
	namedForm     = regexp.MustCompile(`^data/(transcripts|report|verifier)/[^/]+$`)
)

// checkFiles is stage 8: every file against the manifests, and no file that section 6 does not know.
func checkFiles(v *verdict, bag *bag, manifests map[string]string, d *described, tree *tree, media map[string]bool) {
	known := knownPaths(d, tree)
	for path := range manifests {
		if _, found := bag.files[path]; !found {
			v.add("file_missing", "%s stands in a manifest and is not there", path)
		}
	}
	for _, path := range bag.paths() {
		digest, isListed := manifests[path]
		if !isKnown(path, known, tree) || (!isListed && path != pathTagManifest) {
			v.add("file_added", "%s stands in no manifest, or has no place in a package", path)
		}
		file := bag.files[path]
		if file.isDamaged {
			v.add("container_damaged", "the CRC-32 of %s is another than the zip file says", path)
		}
		if !isListed || digest == hex.EncodeToString(file.sha256[:]) {
			continue
		}
		if media[path] {
			v.add("manifest_differs", "%s is the sealed one, but the manifest says otherwise", path)
		} else {
			v.add("file_differs", "%s is not the file of the manifest", path)
		}
	}
}

func knownPaths(d *described, tree *tree) map[string]bool {
	known := map[string]bool{}
	for _, path := range append([]string{pathBagit, pathBagInfo, pathManifest, pathTagManifest}, pathsDescribed...) {
		known[path] = true
	}
	if tree != nil {
		for tile := range tilesOf(tree.head.size) {
			known[tile.path] = true
		}
	}
	for _, line := range append(slices.Clone(d.events), d.loose...) {
		known[proofPath(line.index)] = true
	}
	for _, line := range d.recordings {
		if line.original != nil {
			known[line.original.path] = true
		}
		for _, playable := range line.playable {
			known[playable.path] = true
		}
	}
	return known
}

func isKnown(path string, known map[string]bool, tree *tree) bool {
	// Without a tree, which tiles there have to be is not known.
	if tree == nil && strings.HasPrefix(path, pathTiles) {
		return true
	}
	return known[path] || timestampForm.MatchString(path) || namedForm.MatchString(path)
}
