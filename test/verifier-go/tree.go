package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileWidth   = 256
	pathTiles   = "data/ledger/tile/"
	linksOfLeaf = 8
)

// tree is what the package holds of the log.
type tree struct {
	head   *checkpoint
	hashes []tlog.Hash // of all entries
	leaves []leaf
}

// leaf is the public entry of section 2.
type leaf struct {
	commitment [32]byte
	links      [][32]byte
}

// tile is a tile or an entry bundle of c2sp.org/tlog-tiles by its place in the bag.
type tile struct {
	path  string
	level int // -1 for entry bundles
	index int64
	width int
}

// tilesOf lists the tiles of a tree of this size, "as wide as that tree has them, and no others", one by one: a signed
// size may be one that no machine could hold the list of.
func tilesOf(size int64) iter.Seq[tile] {
	return func(yield func(tile) bool) {
		level, name := -1, "entries"
		for hashes := size; hashes > 0; {
			for index := int64(0); index <= (hashes-1)/tileWidth; index++ {
				width := int(min(hashes-index*tileWidth, tileWidth))
				if !yield(tile{tilePath(name, index, width), level, index, width}) {
					return
				}
			}
			// Level 0 has as many hashes as there are entries.
			if level >= 0 {
				hashes /= tileWidth
			}
			level++
			name = fmt.Sprint(level)
		}
	}
}

// tilePath: "zero-padded 3-digit path elements. All but the last path element MUST begin with an x."
func tilePath(name string, index int64, width int) string {
	path := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		path = fmt.Sprintf("x%03d/%s", index%1000, path)
	}
	if width < tileWidth {
		path = fmt.Sprintf("%s.p/%d", path, width)
	}
	return pathTiles + name + "/" + path
}

// checkTree is stage 3; nil when the stages behind it cannot be done.
func checkTree(v *verdict, bag *bag, head *checkpoint) *tree {
	var tiles []tile
	for tile := range tilesOf(head.size) {
		if _, found := bag.files[tile.path]; !found {
			v.add("tile_missing", "%s is not there", tile.path)
			return nil
		}
		tiles = append(tiles, tile)
	}
	t := &tree{head: head}
	for _, tile := range tiles {
		if tile.level >= 0 {
			continue
		}
		entries, err := parseBundle(bag.mustRead(tile.path), tile.width)
		if err != nil {
			v.add("bundle_malformed", "%s: %v", tile.path, err)
		}
		for _, entry := range entries {
			t.take(v, entry)
		}
	}
	if v.has("bundle_malformed") {
		return nil
	}
	if rootOf(t.hashes) == tlog.Hash(head.root) {
		t.checkTiles(v, bag, tiles)
	} else {
		t.checkLeaves(v, bag, tiles)
	}
	return t
}

// parseBundle: "Entry bundles are sequences of big-endian uint16 length-prefixed log entries."
func parseBundle(bundle []byte, width int) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
			return nil, errors.New("it ends within an entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		entries = append(entries, bundle[2:end])
		bundle = bundle[end:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("%d entries, not %d", len(entries), width)
	}
	return entries, nil
}

func (t *tree) take(v *verdict, entry []byte) {
	parsed, err := parseLeaf(entry)
	if err != nil {
		v.add("leaf_malformed", "entry %d: %v", len(t.leaves), err)
	}
	t.leaves = append(t.leaves, parsed)
	t.hashes = append(t.hashes, tlog.RecordHash(entry))
}

// parseLeaf: section 2.
func parseLeaf(entry []byte) (leaf, error) {
	value, err := parseJCS(entry)
	if err != nil {
		return leaf{}, err
	}
	o := objectOf(value, "commitment", "links", "v")
	commitment := o.hex("commitment", 32)
	links, isList := o.members["links"].([]any)
	if o.whole("v") != 1 || !isList || len(links) != linksOfLeaf {
		o.fail("not version 1 with %d links", linksOfLeaf)
	}
	var parsed leaf
	for _, one := range links {
		text, _ := one.(string)
		link, ok := parseHex(text, 32)
		if !ok {
			o.fail("a link is not 32 bytes in hex")
			break
		}
		if last := len(parsed.links) - 1; last >= 0 && bytes.Compare(parsed.links[last][:], link) >= 0 {
			o.fail("the links do not ascend")
		}
		parsed.links = append(parsed.links, [32]byte(link))
	}
	if o.err != nil {
		return leaf{}, o.err
	}
	parsed.commitment = [32]byte(commitment)
	return parsed, nil
}

// rootOf is MTH of RFC 6962 section 2.1 over hashes of leaves, or of full subtrees of one size.
func rootOf(hashes []tlog.Hash) tlog.Hash {
	switch len(hashes) {
	case 0:
		empty, _ := tlog.TreeHash(0, nil)
		return empty
	case 1:
		return hashes[0]
	}
	left := 1
	for left*2 < len(hashes) {
		left *= 2
	}
	return tlog.NodeHash(rootOf(hashes[:left]), rootOf(hashes[left:]))
}

// checkTiles: the entries lead to the signed root, so they say what every tile has to hold.
func (t *tree) checkTiles(v *verdict, bag *bag, tiles []tile) {
	hashes := t.hashes
	level := 0
	for _, tile := range tiles {
		if tile.level < 0 {
			continue
		}
		if tile.level > level {
			hashes = hashesAbove(hashes)
			level = tile.level
		}
		if !bytes.Equal(bag.mustRead(tile.path), bytesOf(hashes, tile)) {
			v.add("tile_differs", "%s is not what the entries give", tile.path)
		}
	}
}

// hashesAbove: "each hash in a tile is the Merkle Tree Hash of a full tile at the level below".
func hashesAbove(hashes []tlog.Hash) []tlog.Hash {
	var above []tlog.Hash
	for ; len(hashes) >= tileWidth; hashes = hashes[tileWidth:] {
		above = append(above, rootOf(hashes[:tileWidth]))
	}
	return above
}

func bytesOf(hashes []tlog.Hash, tile tile) []byte {
	var all []byte
	start := tile.index * tileWidth
	for _, hash := range hashes[start : start+int64(tile.width)] {
		all = append(all, hash[:]...)
	}
	return all
}

// checkLeaves: the entries do not lead to the signed root; where the tiles of level 0 hold other hashes, that is why.
func (t *tree) checkLeaves(v *verdict, bag *bag, tiles []tile) {
	for _, tile := range tiles {
		if tile.level != 0 {
			continue
		}
		held := bag.mustRead(tile.path)
		for i := range tile.width {
			index := tile.index*tileWidth + int64(i)
			place := held[min(i*32, len(held)):min(i*32+32, len(held))]
			if !bytes.Equal(place, t.hashes[index][:]) {
				v.add("leaf_differs", "entry %d is not the one whose hash %s holds", index, tile.path)
			}
		}
	}
	if !v.has("leaf_differs") {
		v.add("root_differs", "neither entries nor tiles lead to the signed root")
	}
}
