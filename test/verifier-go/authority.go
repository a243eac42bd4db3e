package main

import (
	"bytes"
	"crypto"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"math/big"
)

const (
	oidContentType          = "1.2.840.113549.1.9.3"
	oidMessageDigest        = "1.2.840.113549.1.9.4"
	oidSigningCertificate   = "1.2.840.113549.1.9.16.2.12"
	oidSigningCertificateV2 = "1.2.840.113549.1.9.16.2.47"
	oidExtendedKeyUsage     = "2.5.29.37"
	oidRSA                  = "1.2.840.113549.1.1.1"

	certificatesMax = 6
)

var digests = map[string]crypto.Hash{
	oidSHA256:                crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// signatures by the object identifiers that name both key and digest (RFC 5754 section 3).
var signatures = map[string]struct {
	digest    crypto.Hash
	algorithm x509.SignatureAlgorithm
}{
	"1.2.840.113549.1.1.11": {crypto.SHA256, x509.SHA256WithRSA},
	"1.2.840.113549.1.1.12": {crypto.SHA384, x509.SHA384WithRSA},
	"1.2.840.113549.1.1.13": {crypto.SHA512, x509.SHA512WithRSA},
	"1.2.840.10045.4.3.2":   {crypto.SHA256, x509.ECDSAWithSHA256},
	"1.2.840.10045.4.3.3":   {crypto.SHA384, x509.ECDSAWithSHA384},
	"1.2.840.10045.4.3.4":   {crypto.SHA512, x509.ECDSAWithSHA512},
}

// verify: `timestamp_signature` of section 7.
func (t *timestamp) verify(roots *x509.CertPool) error {
	certificates, err := parseCertificates(t.certificates)
	if err != nil {
		return err
	}
	certificate, err := t.signerCertificate(certificates)
	if err != nil {
		return err
	}
	signed, err := t.signedBytes(certificate)
	if err != nil {
		return err
	}
	if err := t.checkSignature(certificate, signed); err != nil {
		return err
	}
	if err := isForTimestamping(certificate); err != nil {
		return err
	}
	between := x509.NewCertPool()
	for _, one := range certificates {
		between.AddCert(one)
	}
	chains, err := certificate.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: between,
		CurrentTime:   t.genTime,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	if err != nil {
		return err
	}
	for _, chain := range chains {
		if len(chain) <= certificatesMax {
			return nil
		}
	}
	return errors.New("the way to a trusted certificate is too long")
}

// parseCertificates passes over one that cannot be read: it leads nowhere, which shows when it was needed.
func parseCertificates(der []byte) ([]*x509.Certificate, error) {
	var certificates []*x509.Certificate
	elements := &derReader{rest: der}
	for len(elements.rest) > 0 {
		next, _ := elements.peek()
		if elements.err != nil {
			return nil, elements.err
		}
		elements.rest = elements.rest[len(next.FullBytes):]
		if certificate, err := x509.ParseCertificate(next.FullBytes); err == nil {
			certificates = append(certificates, certificate)
		}
	}
	return certificates, nil
}

// signerCertificate is the one that sid names: by issuer and serial number, or [0] by key identifier.
func (t *timestamp) signerCertificate(certificates []*x509.Certificate) (*x509.Certificate, error) {
	id := t.signer.id
	var issuer asn1.RawValue
	var serial *big.Int
	if id.IsCompound {
		name := &derReader{rest: id.Bytes}
		issuer = name.take(asn1.ClassUniversal, asn1.TagSequence)
		name.into(asn1.TagInteger, &serial)
		if err := name.finish(); err != nil {
			return nil, err
		}
	}
	for _, one := range certificates {
		if id.IsCompound && bytes.Equal(one.RawIssuer, issuer.FullBytes) && one.SerialNumber.Cmp(serial) == 0 {
			return one, nil
		}
		if !id.IsCompound && len(id.Bytes) > 0 && bytes.Equal(one.SubjectKeyId, id.Bytes) {
			return one, nil
		}
	}
	return nil, errors.New("the signer's certificate is not in the token")
}

// signedBytes: RFC 5652 section 5.4, "a separate encoding of the signedAttrs field is performed … an EXPLICIT SET OF tag".
func (t *timestamp) signedBytes(certificate *x509.Certificate) ([]byte, error) {
	digest, known := digests[t.signer.digestAlgorithm]
	if !known {
		return nil, errors.New("its digest algorithm is not of SHA-2")
	}
	attributes, err := t.attributes()
	if err != nil {
		return nil, err
	}
	contentType := attributes[oidContentType]
	var kind asn1.ObjectIdentifier
	contentType.into(asn1.TagOID, &kind)
	messageDigest := attributes[oidMessageDigest]
	var content []byte
	messageDigest.into(asn1.TagOctetString, &content)
	hash := digest.New()
	hash.Write(t.content)
	if kind.String() != oidTSTInfo || !bytes.Equal(content, hash.Sum(nil)) {
		return nil, errors.New("its attributes are of another content")
	}
	if err := namesCertificate(attributes, certificate); err != nil {
		return nil, err
	}
	return append([]byte{0x31}, t.signer.attributes.FullBytes[1:]...), nil
}

// attributes returns the values of each attribute by its type; each has to be there once. One that is not there reads as
// an empty structure, whose elements are missing.
func (t *timestamp) attributes() (map[string]*derReader, error) {
	found := map[string]*derReader{oidContentType: {}, oidMessageDigest: {}}
	seen := map[string]bool{}
	all := &derReader{rest: t.signer.attributes.Bytes}
	for len(all.rest) > 0 && all.err == nil {
		one := all.sequence()
		var kind asn1.ObjectIdentifier
		one.into(asn1.TagOID, &kind)
		values := one.inside(one.take(asn1.ClassUniversal, asn1.TagSet))
		if one.err == nil && seen[kind.String()] {
			one.fail(errors.New("an attribute stands twice"))
		}
		seen[kind.String()] = true
		found[kind.String()] = values
		all.end(one)
	}
	return found, all.err
}

// namesCertificate: the first entry of signingCertificateV2 (RFC 5035; digest SHA-256 when it names none) or of
// signingCertificate (RFC 2634; SHA-1) is the signer's certificate.
func namesCertificate(attributes map[string]*derReader, certificate *x509.Certificate) error {
	values, isV2 := attributes[oidSigningCertificateV2]
	if !isV2 {
		var isV1 bool
		if values, isV1 = attributes[oidSigningCertificate]; !isV1 {
			return errors.New("no attribute says which certificate signed")
		}
	}
	entry := values.sequence().sequence().sequence()
	digest := crypto.SHA1
	if isV2 {
		digest = crypto.SHA256
		if next, _ := entry.peek(); next.Tag == asn1.TagSequence {
			digest = digests[entry.algorithm()]
		}
	}
	var named []byte
	entry.into(asn1.TagOctetString, &named)
	if entry.err != nil || digest == 0 {
		return errors.New("the attribute that says which certificate signed cannot be read")
	}
	hash := digest.New()
	hash.Write(certificate.Raw)
	if !bytes.Equal(named, hash.Sum(nil)) {
		return errors.New("the attribute names another certificate")
	}
	return nil
}

// checkSignature: the algorithm is named with its digest, or for RSA without (RFC 3370 section 3.2).
func (t *timestamp) checkSignature(certificate *x509.Certificate, signed []byte) error {
	digest := digests[t.signer.digestAlgorithm]
	for oid, one := range signatures {
		isRSA := one.algorithm == x509.SHA256WithRSA || one.algorithm == x509.SHA384WithRSA || one.algorithm == x509.SHA512WithRSA
		isNamed := t.signer.signatureAlgorithm == oid || (isRSA && t.signer.signatureAlgorithm == oidRSA)
		if isNamed && one.digest == digest {
			return certificate.CheckSignature(one.algorithm, signed, t.signer.signature)
		}
	}
	return errors.New("a signature algorithm that is not known")
}

// isForTimestamping: RFC 3161 section 2.3, "The corresponding certificate MUST contain only one instance of the extended
// key usage field extension … with KeyPurposeID having value id-kp-timeStamping. This extension MUST be critical."
func isForTimestamping(certificate *x509.Certificate) error {
	critical := false
	for _, extension := range certificate.Extensions {
		critical = critical || (extension.Id.String() == oidExtendedKeyUsage && extension.Critical)
	}
	only := len(certificate.ExtKeyUsage) == 1 && certificate.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping &&
		len(certificate.UnknownExtKeyUsage) == 0
	if !critical || !only {
		return errors.New("its certificate is not for time-stamping, critically and only")
	}
	return nil
}
