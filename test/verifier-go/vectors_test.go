package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// vectors are those of section 10 of the page.
type vectors struct {
	VRF struct {
		SecretKey, PublicKey string
		Subjects             []struct {
			Subject, Proof, Secret string
			Tags                   []struct {
				N   int
				Tag string
			}
		}
	}
	Events     []struct{ Body, Salt, Commitment, Entry, LeafHash string }
	Root       string
	Checkpoint struct{ Seed, VerifierKey, Text, SignedByLog string }
	// Of type 0x04 and 0x06.
	Cosignatures []struct {
		Seed, VerifierKey string
		Seconds           uint64
		Signature         string
	}
	FileDigests struct {
		Seed, PublicKey string
		Signed          []struct {
			FilesRoot, SHA256, Text, Signature string
			SM3                                any
			Number                             int64
		}
	}
	Rotation struct {
		KeySets     any
		MLDSALine   string
		Checkpoints []struct {
			What   string
			Signed bool
			Note   string
		}
	}
	Proof struct {
		Index int64
		Text  string
	}
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	page, err := os.ReadFile("../../services/ledger/DESIGN.md")
	if err != nil {
		t.Fatal(err)
	}
	_, behind, found := strings.Cut(string(page), "<!-- vectors: ")
	_, behind, foundStart := strings.Cut(behind, "```json\n")
	text, _, foundEnd := strings.Cut(behind, "\n```\n")
	if !found || !foundStart || !foundEnd {
		t.Fatal("the page has no vectors")
	}
	var read vectors
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	bytes, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func TestSecretsAndTags(t *testing.T) {
	read := readVectors(t)
	keyBytes := unhex(t, read.VRF.PublicKey)
	key, err := parseVRFKey(keyBytes)
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range read.VRF.Subjects {
		proof := unhex(t, subject.Proof)
		secret, err := vrfSecret(key, keyBytes, []byte(subject.Subject), proof)
		if err != nil || hex.EncodeToString(secret) != subject.Secret {
			t.Errorf("%s: %x, %v", subject.Subject, secret, err)
		}
		for _, one := range subject.Tags {
			if got := tag(secret, one.N); hex.EncodeToString(got[:]) != one.Tag {
				t.Errorf("tag %d of %s: %x", one.N, subject.Subject, got)
			}
		}
		for i := range proof {
			proof[i] ^= 1
			if _, err := vrfSecret(key, keyBytes, []byte(subject.Subject), proof); err == nil {
				t.Errorf("a proof with byte %d changed verifies", i)
			}
			proof[i] ^= 1
		}
	}
}

func TestEventsAndTree(t *testing.T) {
	read := readVectors(t)
	var hashes []tlog.Hash
	for i, one := range read.Events {
		commitment := sha256.Sum256(append(unhex(t, one.Salt), one.Body...))
		parsed, err := parseLeaf([]byte(one.Entry))
		if err != nil || parsed.commitment != commitment || hex.EncodeToString(commitment[:]) != one.Commitment {
			t.Errorf("event %d: %x, %v", i, commitment, err)
		}
		event, err := parseEvent(eventLine{body: one.Body})
		if err != nil || len(event.subjects) != 2 {
			t.Errorf("event %d: %v", i, err)
		}
		for _, subject := range read.VRF.Subjects {
			if wanted := tag(unhex(t, subject.Secret), i+1); !event.names(subject.Subject) || !carries(parsed, wanted) {
				t.Errorf("event %d is not the next about %s", i, subject.Subject)
			}
		}
		hash := tlog.RecordHash([]byte(one.Entry))
		if hex.EncodeToString(hash[:]) != one.LeafHash {
			t.Errorf("event %d: leaf hash %x", i, hash)
		}
		hashes = append(hashes, hash)
	}
	if root := rootOf(hashes); hex.EncodeToString(root[:]) != read.Root {
		t.Errorf("root %x", root)
	}
}

func carries(leaf leaf, wanted [32]byte) bool {
	for _, link := range leaf.links {
		if link == wanted {
			return true
		}
	}
	return false
}

func TestCheckpoint(t *testing.T) {
	read := readVectors(t)
	verifier, err := note.NewVerifier(read.Checkpoint.VerifierKey)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := note.Open([]byte(read.Checkpoint.SignedByLog), note.VerifierList(verifier))
	if err != nil || opened.Text != read.Checkpoint.Text {
		t.Fatalf("golang.org/x/mod/sumdb/note: %v", err)
	}
	parsed, err := parseNote([]byte(read.Checkpoint.SignedByLog))
	if err != nil || !(&logKeys{sets: []keySet{{keys: []note.Verifier{verifier}}}}).signed(parsed, 0) {
		t.Fatalf("own reader: %v", err)
	}
	head, err := parseCheckpoint(parsed.text)
	if err != nil || head.size != int64(len(read.Events)) || hex.EncodeToString(head.root[:]) != read.Root {
		t.Fatalf("%+v, %v", head, err)
	}
	signature := ed25519.Sign(ed25519.NewKeyFromSeed(unhex(t, read.Checkpoint.Seed)), []byte(parsed.text))
	if string(signature) != string(parsed.lines[0].bytes) {
		t.Error("the seed gives another signature")
	}
}

func TestCosignatures(t *testing.T) {
	read := readVectors(t)
	for _, one := range read.Cosignatures {
		key, err := parseVkey(one.VerifierKey)
		if err != nil {
			t.Fatal(err)
		}
		signature, err := base64.StdEncoding.DecodeString(one.Signature)
		if err != nil {
			t.Fatal(err)
		}
		witness := witness{key}
		if !witness.verify(read.Checkpoint.Text, signature) {
			t.Errorf("%s does not verify", key.name)
		}
		for i := 0; i < len(signature); i += 1 + len(signature)/40 {
			signature[i] ^= 1
			if witness.verify(read.Checkpoint.Text, signature) {
				t.Errorf("%s verifies with byte %d changed", key.name, i)
			}
			signature[i] ^= 1
		}
		if witness.verify("other"+read.Checkpoint.Text, signature) {
			t.Errorf("%s verifies for another text", key.name)
		}
	}
}

func TestKeySets(t *testing.T) {
	read := readVectors(t).Rotation
	log, err := parseLogKeys(read.KeySets)
	if err != nil || len(read.Checkpoints) == 0 {
		t.Fatalf("%d checkpoints, %v", len(read.Checkpoints), err)
	}
	for _, one := range read.Checkpoints {
		parsed, err := parseNote([]byte(strings.Replace(one.Note, "<mlDsaLine>", read.MLDSALine, 1)))
		if err != nil {
			t.Fatal(err)
		}
		head, err := parseCheckpoint(parsed.text)
		if err != nil || log.signed(parsed, head.size) != one.Signed {
			t.Errorf("%s: signed %v, %v", one.What, !one.Signed, err)
		}
	}
}

func TestProof(t *testing.T) {
	read := readVectors(t)
	_, head, _ := strings.Cut(read.Proof.Text, "\n\n")
	parsed, err := parseNote([]byte(head))
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := parseCheckpoint(parsed.text)
	if err != nil {
		t.Fatal(err)
	}
	tree := &tree{head: &checkpoint}
	for _, one := range read.Events {
		tree.hashes = append(tree.hashes, tlog.RecordHash([]byte(one.Entry)))
	}
	if err := checkProof(read.Proof.Text, read.Proof.Index, head, tree); err != nil {
		t.Error(err)
	}
	if err := checkProof(strings.Replace(read.Proof.Text, "index 3", "index 2", 1), 2, head, tree); err == nil {
		t.Error("the proof holds for another leaf")
	}
}

func TestNumbersOfJCS(t *testing.T) {
	// RFC 8785, appendix B.
	for _, text := range []string{
		"0", "5e-324", "-5e-324", "1.7976931348623157e+308", "9007199254740992", "295147905179352830000",
		"1e+21", "9.999999999999997e+22", "999999999999999900000", "333333333.3333333", "0.000001", "1e-7",
	} {
		if _, err := parseJCS([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"-0", "1.0", "1E3", "1e21", "0.0000001", "9007199254740993", "01", " 1", "1 ", "1\n", `"\u00e9"`, `{"b":1,"a":2}`, `{"a":1,"a":1}`} {
		if _, err := parseJCS([]byte(text)); err == nil {
			t.Errorf("%q is taken for canonical", text)
		}
	}
}
