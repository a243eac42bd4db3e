package main

import (
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
)

type witness struct {
	key vkey
}

// verify checks a cosignature of c2sp.org/tlog-cosignature: 8 bytes of time, then the signature.
func (w *witness) verify(text string, signature []byte) bool {
	if len(signature) < 8 {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	// A whole number of section 1.
	if seconds > 1<<53-1 {
		return false
	}
	if w.key.keyType == typeMLDSA44 {
		return verifySubtree(w.key, text, seconds, signature[8:])
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return len(signature) == 8+ed25519.SignatureSize && ed25519.Verify(w.key.public, []byte(message), signature[8:])
}

// verifySubtree: "ML-DSA-44 signed message", struct cosigned_message for a whole tree (start 0).
func verifySubtree(key vkey, text string, seconds uint64, signature []byte) bool {
	head, err := parseCheckpoint(text)
	if err != nil || len(key.name) > 255 || len(head.origin) > 255 {
		return false
	}
	message := append([]byte("subtree/v1\n\x00"), byte(len(key.name)))
	message = append(message, key.name...)
	message = binary.BigEndian.AppendUint64(message, seconds)
	message = append(append(message, byte(len(head.origin))), head.origin...)
	message = binary.BigEndian.AppendUint64(message, 0)
	message = binary.BigEndian.AppendUint64(message, uint64(head.size))
	return mldsaVerify(key.public, append(message, head.root[:]...), signature)
}

// logCosigner lets a log's ML-DSA-44 key stand among its note.Verifiers: such a log cosigns its own checkpoints.
type logCosigner struct {
	witness
}

func (c *logCosigner) Name() string                 { return c.key.name }
func (c *logCosigner) KeyHash() uint32              { return c.key.id }
func (c *logCosigner) Verify(text, sig []byte) bool { return c.verify(string(text), sig) }

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
	if head.origin != trust.log.origin {
		v.add("checkpoint_origin", "it is of %q, not of %q", head.origin, trust.log.origin)
		return nil
	}
	if !trust.log.signed(signed, head.size) {
		v.add("checkpoint_signature", "a signature of the log's keys at %d leaves is missing or wrong", head.size)
		return nil
	}
	head.cosignedAt = checkCosignatures(v, signed, trust.policy)
	return &head
}

// checkCosignatures returns the times of the cosignatures that hold: of each key the first.
func checkCosignatures(v *verdict, signed *signedNote, policy *policy) []int64 {
	cosigned := map[string]bool{}
	var times []int64
	for name, witness := range policy.witnesses {
		for _, line := range signed.linesOfKey(witness.key.name, witness.key.id) {
			if witness.verify(signed.text, line.bytes) {
				if !cosigned[name] {
					times = append(times, int64(binary.BigEndian.Uint64(line.bytes)))
				}
				cosigned[name] = true
			} else {
				v.add("cosignature_invalid", "the line of the witness %s does not verify", name)
			}
		}
	}
	if !policy.isMet(cosigned) {
		v.add("quorum_missing", "%d valid cosignatures do not meet the quorum %s", len(cosigned), policy.quorum)
	}
	return times
}
