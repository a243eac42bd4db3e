package main

import (
	"bytes"
	"crypto/sha512"
	"errors"

	"github.com/gtank/ristretto255"
)

// ECVRF of RFC 9381 with the ciphersuite c2sp.org/vrf-r255.

const vrfSuite = "\xffc2sp.org/vrf-r255"

// parseVRFKey refuses the identity: ECVRF_validate_key.
func parseVRFKey(encoded []byte) (*ristretto255.Element, error) {
	key, err := ristretto255.NewIdentityElement().SetCanonicalBytes(encoded)
	if err != nil {
		return nil, err
	}
	if key.Equal(ristretto255.NewIdentityElement()) == 1 {
		return nil, errors.New("the VRF key is the identity")
	}
	return key, nil
}

// vrfHash is SHA-512 of the suite, a separator and the parts.
func vrfHash(separator byte, parts ...[]byte) []byte {
	hash := sha512.New()
	hash.Write([]byte(vrfSuite))
	hash.Write([]byte{separator})
	for _, part := range parts {
		hash.Write(part)
	}
	return hash.Sum(nil)
}

// vrfSecret verifies a proof (Gamma[32] || c[16] || s[32]) for alpha and returns beta, 64 bytes: RFC 9381 section 5.3.
func vrfSecret(key *ristretto255.Element, keyBytes, alpha, proof []byte) ([]byte, error) {
	if len(proof) != 80 {
		return nil, errors.New("a proof has 80 bytes")
	}
	gamma, err := ristretto255.NewIdentityElement().SetCanonicalBytes(proof[:32])
	if err != nil {
		return nil, err
	}
	c, err := ristretto255.NewScalar().SetCanonicalBytes(append(bytes.Clone(proof[32:48]), make([]byte, 16)...))
	if err != nil {
		return nil, err
	}
	s, err := ristretto255.NewScalar().SetCanonicalBytes(proof[48:])
	if err != nil {
		return nil, err
	}
	h, err := ristretto255.NewIdentityElement().SetUniformBytes(vrfHash(0x82, keyBytes, alpha))
	if err != nil {
		return nil, err
	}
	minusC := ristretto255.NewScalar().Negate(c)
	// U = s*B - c*PK, V = s*H - c*Gamma
	u := ristretto255.NewIdentityElement().VarTimeDoubleScalarBaseMult(minusC, key, s)
	v := ristretto255.NewIdentityElement().VarTimeMultiScalarMult(
		[]*ristretto255.Scalar{s, minusC}, []*ristretto255.Element{h, gamma})
	challenge := vrfHash(0x02, keyBytes, h.Bytes(), gamma.Bytes(), u.Bytes(), v.Bytes(), []byte{0})[:16]
	if !bytes.Equal(challenge, proof[32:48]) {
		return nil, errors.New("the proof does not verify")
	}
	return vrfHash(0x03, gamma.Bytes(), []byte{0}), nil
}
