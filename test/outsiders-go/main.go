// Command outsiders checks the ledger over HTTP with golang.org/x/mod/sumdb/note and tlog, the packages that Go's own
// checksum database is checked with:
//
//	outsiders --key VKEY --url PREFIX [--old FILE] INDEX…
//
// It opens PREFIX/checkpoint with the verifier key, proves every entry INDEX of PREFIX/tile/entries in its tree, and that the
// tree has grown from the checkpoint in FILE, reading hashes from PREFIX/tile. It exits with 1 when anything does not hold.
package main

import (
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	key := flag.String("key", "", "the log's verifier key")
	url := flag.String("url", "", "the log's prefix")
	old := flag.String("old", "", "file with an older checkpoint")
	flag.Parse()
	if err := check(*key, log(*url), *old, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func check(key string, log log, oldPath string, indexes []string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	text, err := log.get("checkpoint")
	if err != nil {
		return err
	}
	tree, err := openCheckpoint(text, verifier)
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	hashes := tlog.TileHashReader(tree, log)
	for _, one := range indexes {
		index, err := strconv.ParseInt(one, 10, 64)
		if err != nil {
			return err
		}
		if err := log.checkEntry(tree, index, hashes); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	fmt.Printf("%d entries are in the tree of %d\n", len(indexes), tree.N)
	if oldPath == "" {
		return nil
	}
	if text, err = os.ReadFile(oldPath); err != nil {
		return err
	}
	older, err := openCheckpoint(text, verifier)
	if err != nil {
		return fmt.Errorf("older checkpoint: %w", err)
	}
	proof, err := tlog.ProveTree(tree.N, older.N, hashes)
	if err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, older.N, older.Hash); err != nil {
		return fmt.Errorf("consistency: %w", err)
	}
	fmt.Printf("it has grown from the tree of %d\n", older.N)
	return nil
}

// openCheckpoint: c2sp.org/tlog-checkpoint, the origin being the key's name.
func openCheckpoint(text []byte, verifier note.Verifier) (tlog.Tree, error) {
	signed, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// log is the prefix of a log's addresses: c2sp.org/tlog-tiles.
type log string

func (l log) get(path string) ([]byte, error) {
	answer, err := http.Get(string(l) + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func (l log) checkEntry(tree tlog.Tree, index int64, hashes tlog.HashReader) error {
	proof, err := tlog.ProveRecord(tree.N, index, hashes)
	if err != nil {
		return err
	}
	width := min(tree.N-index/256*256, 256)
	bundle, err := l.get(pathOf(tlog.Tile{H: 8, L: -1, N: index / 256, W: int(width)}))
	if err != nil {
		return err
	}
	entry, err := entryOf(bundle, int(index%256))
	if err != nil {
		return err
	}
	// A proof does not need the entry's own place in its tile: c2sp.org/tlog-tiles, "Each entry in a bundle hashes to the
	// corresponding entry in the corresponding level 0 Merkle Tree tile."
	held, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return err
	}
	if held[0] != tlog.RecordHash(entry) {
		return errors.New("its tile holds another hash")
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}

// entryOf: "Entry bundles are sequences of big-endian uint16 length-prefixed log entries."
func entryOf(bundle []byte, place int) ([]byte, error) {
	for ; len(bundle) >= 2; place-- {
		end := 2 + int(binary.BigEndian.Uint16(bundle))
		if end > len(bundle) {
			break
		}
		if place == 0 {
			return bundle[2:end], nil
		}
		bundle = bundle[end:]
	}
	return nil, errors.New("the entry bundle ends early")
}

// pathOf: tlog's own paths name the height of tiles and call entry bundles data.
func pathOf(tile tlog.Tile) string {
	return strings.Replace("tile/"+strings.TrimPrefix(tile.Path(), "tile/8/"), "/data/", "/entries/", 1)
}

func (l log) Height() int { return 8 }

func (l log) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		bytes, err := l.get(pathOf(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, bytes)
	}
	return data, nil
}

func (l log) SaveTiles([]tlog.Tile, [][]byte) {}
