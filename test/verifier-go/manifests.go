package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

const (
	pathManifest    = "manifest-sha256.txt"
	pathTagManifest = "tagmanifest-sha256.txt"
	pathBagit       = "bagit.txt"
	pathBagInfo     = "bag-info.txt"

	bagitText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
)

var manifestLine = regexp.MustCompile(`^([0-9a-f]{64})  (.+)$`)

// readManifests returns the digest (hex) of every path of both manifests: `bag_malformed` of section 7.
func readManifests(bag *bag) (map[string]string, error) {
	if bagit, found := bag.read(pathBagit); !found || string(bagit) != bagitText {
		return nil, errors.New("bagit.txt is missing, or not that of BagIt 1.0")
	}
	digests := map[string]string{}
	err := readManifest(bag, pathManifest, digests, func(path string) bool { return strings.HasPrefix(path, "data/") })
	if err != nil {
		return nil, err
	}
	err = readManifest(bag, pathTagManifest, digests, func(path string) bool {
		return path == pathBagit || path == pathBagInfo || path == pathManifest
	})
	return digests, err
}

func readManifest(bag *bag, name string, digests map[string]string, isAllowed func(path string) bool) error {
	text, found := bag.read(name)
	if !found {
		return fmt.Errorf("%s is missing", name)
	}
	lines, err := linesOf(text)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	last := ""
	for _, line := range lines {
		parts := manifestLine.FindStringSubmatch(line)
		if parts == nil || !isPath(parts[2]) || !isAllowed(parts[2]) {
			return fmt.Errorf("%s: not a line of it: %q", name, line)
		}
		if parts[2] <= last {
			return fmt.Errorf("%s: %s does not ascend", name, parts[2])
		}
		last = parts[2]
		digests[parts[2]] = parts[1]
	}
	return nil
}

// linesOf cuts a text whose every line ends with \n; a text without a byte has no line.
func linesOf(text []byte) ([]string, error) {
	if len(text) == 0 {
		return nil, nil
	}
	whole, ended := strings.CutSuffix(string(text), "\n")
	if !ended {
		return nil, errors.New("the last line has no end")
	}
	return strings.Split(whole, "\n"), nil
}
