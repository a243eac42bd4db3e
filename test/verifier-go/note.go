package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// signedNote is a note of c2sp.org/signed-note whose signatures are not verified yet.
type signedNote struct {
	text  string
	lines []signatureLine
}

type signatureLine struct {
	name  string
	id    uint32
	bytes []byte // what follows the key id
}

// parseNote reads the format section of c2sp.org/signed-note. note.Open does it too, but passes over a second line of one
// key unverified, and section 7 counts each line.
func parseNote(bytes []byte) (*signedNote, error) {
	whole := string(bytes)
	// "Signed notes MUST be valid UTF-8 and MUST NOT contain any ASCII control characters other than newline."
	if !utf8.ValidString(whole) {
		return nil, errors.New("not UTF-8")
	}
	for _, char := range whole {
		if char < 0x20 && char != '\n' {
			return nil, errors.New("a control character")
		}
	}
	// "The text is separated from the signatures by the last empty line in the note."
	split := strings.LastIndex(whole, "\n\n")
	if split < 0 || !strings.HasSuffix(whole, "\n") || split+2 == len(whole) {
		return nil, errors.New("no empty line with signatures behind it")
	}
	parsed := &signedNote{text: whole[:split+1]}
	for _, line := range strings.Split(strings.TrimSuffix(whole[split+2:], "\n"), "\n") {
		signature, err := parseSignatureLine(line)
		if err != nil {
			return nil, err
		}
		parsed.lines = append(parsed.lines, signature)
	}
	return parsed, nil
}

// "em dash (U+2014), space (U+0020), key name, space, base64-encoded signature, newline"
func parseSignatureLine(line string) (signatureLine, error) {
	rest, isSignature := strings.CutPrefix(line, "— ")
	name, encoded, hasBytes := strings.Cut(rest, " ")
	bytes, err := decodeBase64(encoded)
	if !isSignature || !hasBytes || !isKeyName(name) || err != nil || len(bytes) < 5 {
		return signatureLine{}, fmt.Errorf("not a signature line: %q", line)
	}
	id := uint32(bytes[0])<<24 | uint32(bytes[1])<<16 | uint32(bytes[2])<<8 | uint32(bytes[3])
	return signatureLine{name: name, id: id, bytes: bytes[4:]}, nil
}

// "Key names MUST be non-empty and MUST NOT contain any Unicode spaces or plus (U+002B) characters."
func isKeyName(name string) bool {
	return name != "" && !strings.Contains(name, "+") && strings.IndexFunc(name, unicode.IsSpace) < 0
}

// decodeBase64 is RFC 4648 section 4, canonical: what is read is what would be written.
func decodeBase64(text string) ([]byte, error) {
	bytes, err := base64.StdEncoding.Strict().DecodeString(text)
	if err == nil && base64.StdEncoding.EncodeToString(bytes) != text {
		err = errors.New("not canonical base64")
	}
	return bytes, err
}

// linesOfKey are the lines with this name and id: "The tuple of key name and key ID uniquely identifies the key".
func (n *signedNote) linesOfKey(name string, id uint32) []signatureLine {
	var found []signatureLine
	for _, line := range n.lines {
		if line.name == name && line.id == id {
			found = append(found, line)
		}
	}
	return found
}

// checkpoint is the text of c2sp.org/tlog-checkpoint, without extension lines.
type checkpoint struct {
	origin string
	size   int64
	root   [32]byte
	// POSIX seconds of the cosignatures of known witnesses that hold, one for each key.
	cosignedAt []int64
}

func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] == "" || lines[3] != "" {
		return checkpoint{}, errors.New("not the three lines of a checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("%q is no tree size", lines[1])
	}
	root, err := decodeBase64(lines[2])
	if err != nil || len(root) != 32 {
		return checkpoint{}, fmt.Errorf("%q is no root hash", lines[2])
	}
	return checkpoint{origin: lines[0], size: size, root: [32]byte(root)}, nil
}
