package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// checkSubjects is stage 4.
func checkSubjects(v *verdict, described *described, trust *trust) {
	seen := map[string]bool{}
	for _, subject := range described.subjects {
		if seen[subject.name] {
			v.add("subject_twice", "%s is listed twice", subject.name)
		}
		seen[subject.name] = true
		secret, err := vrfSecret(trust.vrfKey, trust.vrfKeyBytes, []byte(subject.name), subject.proof)
		if err != nil || !bytes.Equal(secret, subject.secret) {
			v.add("secret_differs", "the secret of %s is not the one its proof gives", subject.name)
		}
	}
}

// tagsAhead: how far beyond the known events of a subject its tags are looked for.
const tagsAhead = 256

// tag is SHA-256(secret || n), n as 8 bytes, big-endian: section 3.
func tag(secret []byte, n int) [32]byte {
	return sha256.Sum256(binary.BigEndian.AppendUint64(bytes.Clone(secret), uint64(n)))
}

// checkLinks looks the tags of every disclosed subject up among the links of all leaves.
func checkLinks(v *verdict, described *described, events []event, tree *tree) {
	leavesOf := map[[32]byte][]int64{}
	for index, leaf := range tree.leaves {
		for _, link := range leaf.links {
			leavesOf[link] = append(leavesOf[link], int64(index))
		}
	}
	for _, subject := range described.subjects {
		lines := map[int64]bool{}
		count := 0
		for _, event := range events {
			if event.names(subject.name) {
				lines[event.line.index] = true
				count++
			}
		}
		tagged := numbersInTree(v, subject, count+tagsAhead, leavesOf)
		for index := range lines {
			if index < int64(len(tree.leaves)) && !tagged[index] {
				v.add("link_missing", "leaf %d does not carry a tag of %s", index, subject.name)
			}
		}
		for index := range tagged {
			if !lines[index] {
				reportMissing(v, subject.name, index, lines)
			}
		}
	}
}

// numbersInTree returns the leaves that carry a tag of the subject.
func numbersInTree(v *verdict, subject subjectLine, numberMax int, leavesOf map[[32]byte][]int64) map[int64]bool {
	tagged := map[int64]bool{}
	before := int64(-1) // the lowest leaf of the number before; -2 when the tree has none
	for n := 1; n <= numberMax; n++ {
		leaves := leavesOf[tag(subject.secret, n)]
		if len(leaves) == 0 {
			before = -2
			continue
		}
		if len(leaves) > 1 {
			v.add("number_twice", "number %d of %s stands in %d leaves", n, subject.name, len(leaves))
		}
		if before == -2 {
			v.add("number_missing", "the tree has number %d of %s, but not number %d", n, subject.name, n-1)
		} else if leaves[0] <= before {
			v.add("order_differs", "number %d of %s does not stand behind number %d", n, subject.name, n-1)
		}
		before = leaves[0]
		for _, leaf := range leaves {
			tagged[leaf] = true
		}
	}
	return tagged
}

func reportMissing(v *verdict, subject string, index int64, lines map[int64]bool) {
	for line := range lines {
		if line > index {
			v.add("event_missing", "leaf %d is about %s and is not disclosed", index, subject)
			return
		}
	}
	v.add("last_event_missing", "leaf %d is about %s and is not disclosed, nor is a later one", index, subject)
}
