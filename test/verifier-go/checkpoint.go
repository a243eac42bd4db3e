package main

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math"
)

type witness struct {
	key vkey
}

// verify checks a cosignature of type 0x04, c2sp.org/tlog-cosignature: 8 bytes of time, then Ed25519 over
// "cosignature/v1\ntime <time>\n" and the note's text.
func (w *witness) verify(text string, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	// "It MUST NOT exceed 2^63 - 1"
	if seconds > math.MaxInt64 {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(w.key.public, []byte(message), signature[8:])
}

// checkCheckpoint is stage 2; it returns the checkpoint when the log has signed it, else nil.
func checkCheckpoint(v *verdict, bytes []byte, trust *trust) *checkpoint {
	signed, err := parseNote(bytes)
	if err != nil {
		v.add("checkpoint_malformed", "%v", err)
		return nil
	}
	head, err := parseCheckpoint(signed.text)
	if err != nil {
		v.add("checkpoint_malformed", "%v", err)
		return nil
	}
	if head.origin != trust.policy.origin {
		v.add("checkpoint_origin", "it is of %q, not of %q", head.origin, trust.policy.origin)
		return nil
	}
	if !signed.signedByLog(trust.policy.logKeys) {
		v.add("checkpoint_signature", "no signature of a trusted key of the log, or a wrong one")
		return nil
	}
	checkCosignatures(v, signed, trust.policy)
	return &head
}

func checkCosignatures(v *verdict, signed *signedNote, policy *policy) {
	cosigned := map[string]bool{}
	for name, witness := range policy.witnesses {
		if witness.key.keyType == typeMLDSA44 {
			continue
		}
		for _, line := range signed.linesOfKey(witness.key.name, witness.key.id) {
			if witness.verify(signed.text, line.bytes) {
				cosigned[name] = true
			} else {
				v.add("cosignature_invalid", "the line of the witness %s does not verify", name)
			}
		}
	}
	if !policy.isMet(cosigned) {
		v.add("quorum_missing", "%d valid cosignatures do not meet the quorum %s", len(cosigned), policy.quorum)
	}
}
