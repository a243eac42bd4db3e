package main

import (
	"bytes"
	"crypto"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// The structures of RFC 3161 (TimeStampResp, TSTInfo) and RFC 5652 (ContentInfo, SignedData, SignerInfo).

type timeStampResp struct {
	Status pkiStatusInfo
	Token  contentInfo `asn1:"optional"`
}

type pkiStatusInfo struct {
	Status       int
	StatusString asn1.RawValue  `asn1:"optional"`
	FailInfo     asn1.BitString `asn1:"optional"`
}

type contentInfo struct {
	ContentType asn1.ObjectIdentifier
	Content     asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version          int
	DigestAlgorithms asn1.RawValue
	EncapContentInfo encapsulated
	Certificates     asn1.RawValue `asn1:"optional,tag:0"`
	CRLs             asn1.RawValue `asn1:"optional,tag:1"`
	SignerInfos      []signerInfo  `asn1:"set"`
}

type encapsulated struct {
	ContentType asn1.ObjectIdentifier
	Content     []byte `asn1:"explicit,tag:0"`
}

type signerInfo struct {
	Version            int
	SID                asn1.RawValue
	DigestAlgorithm    pkix.AlgorithmIdentifier
	SignedAttributes   asn1.RawValue `asn1:"optional,tag:0"`
	SignatureAlgorithm pkix.AlgorithmIdentifier
	Signature          []byte
	UnsignedAttributes asn1.RawValue `asn1:"optional,tag:1"`
}

type issuerAndSerial struct {
	Issuer asn1.RawValue
	Serial *big.Int
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values []asn1.RawValue `asn1:"set"`
}

type tstInfo struct {
	Version        int
	Policy         asn1.ObjectIdentifier
	MessageImprint messageImprint
	SerialNumber   *big.Int
	GenTime        time.Time     `asn1:"generalized"`
	Accuracy       accuracy      `asn1:"optional"`
	Ordering       bool          `asn1:"optional"`
	Nonce          *big.Int      `asn1:"optional"`
	TSA            asn1.RawValue `asn1:"optional,tag:0"`
	Extensions     asn1.RawValue `asn1:"optional,tag:1"`
}

type accuracy struct {
	Seconds int `asn1:"optional"`
	Millis  int `asn1:"optional,tag:0"`
	Micros  int `asn1:"optional,tag:1"`
}

type messageImprint struct {
	HashAlgorithm pkix.AlgorithmIdentifier
	HashedMessage []byte
}

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidTSTInfo       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSHA256        = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}

	digests = map[string]crypto.Hash{
		oidSHA256.String():       crypto.SHA256,
		"2.16.840.1.101.3.4.2.2": crypto.SHA384,
		"2.16.840.1.101.3.4.2.3": crypto.SHA512,
	}
)

// timestamp is a granted time-stamp with one signer; nothing of it is verified yet.
type timestamp struct {
	info         tstInfo
	content      []byte
	signer       signerInfo
	certificates []*x509.Certificate
}

func parseTimestamp(der []byte) (*timestamp, error) {
	var response timeStampResp
	if err := parseDER(der, &response); err != nil {
		return nil, err
	}
	// PKIStatus granted (0) or grantedWithMods (1).
	if response.Status.Status != 0 && response.Status.Status != 1 {
		return nil, fmt.Errorf("status %d is not granted", response.Status.Status)
	}
	if !response.Token.ContentType.Equal(oidSignedData) {
		return nil, errors.New("the token is no SignedData")
	}
	var data signedData
	if err := parseDER(response.Token.Content.Bytes, &data); err != nil {
		return nil, err
	}
	if !data.EncapContentInfo.ContentType.Equal(oidTSTInfo) || len(data.SignerInfos) != 1 {
		return nil, errors.New("not TSTInfo with one signer")
	}
	token := &timestamp{content: data.EncapContentInfo.Content, signer: data.SignerInfos[0]}
	if err := parseDER(token.content, &token.info); err != nil {
		return nil, err
	}
	if token.info.Version != 1 {
		return nil, errors.New("not version 1 of TSTInfo")
	}
	return token, token.takeCertificates(data.Certificates.Bytes)
}

func (t *timestamp) takeCertificates(der []byte) error {
	for len(der) > 0 {
		var one asn1.RawValue
		rest, err := asn1.Unmarshal(der, &one)
		if err != nil {
			return err
		}
		der = rest
		// One that cannot be read leads nowhere; whether it was needed shows when the chain is built.
		if certificate, err := x509.ParseCertificate(one.FullBytes); err == nil {
			t.certificates = append(t.certificates, certificate)
		}
	}
	return nil
}

func parseDER(der []byte, into any) error {
	rest, err := asn1.Unmarshal(der, into)
	if err == nil && len(rest) > 0 {
		err = errors.New("bytes behind the structure")
	}
	return err
}

// verify checks the signature, and that its certificate leads to a trusted one, was valid at genTime, and is for
// time-stamping critically and only (RFC 3161 section 2.3).
func (t *timestamp) verify(roots *x509.CertPool) error {
	signed, err := t.signedBytes()
	if err != nil {
		return err
	}
	certificate, err := t.signerCertificate()
	if err != nil {
		return err
	}
	if err := checkSignature(certificate, t.signer, signed); err != nil {
		return err
	}
	if err := isForTimestamping(certificate); err != nil {
		return err
	}
	between := x509.NewCertPool()
	for _, one := range t.certificates {
		between.AddCert(one)
	}
	_, err = certificate.Verify(x509.VerifyOptions{
		Roots:         roots,
		Intermediates: between,
		CurrentTime:   t.info.GenTime,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageTimeStamping},
	})
	return err
}

// signedBytes: RFC 5652 section 5.4. The signature is over the attributes, and one of them is the content's digest.
func (t *timestamp) signedBytes() ([]byte, error) {
	hash, known := digests[t.signer.DigestAlgorithm.Algorithm.String()]
	if !known {
		return nil, errors.New("its digest algorithm is not of SHA-2")
	}
	if len(t.signer.SignedAttributes.FullBytes) == 0 {
		return nil, errors.New("no signed attributes")
	}
	// "A separate encoding of the signedAttrs field is performed: an EXPLICIT SET OF tag is used."
	asSet := append([]byte{0x31}, t.signer.SignedAttributes.FullBytes[1:]...)
	var attributes []attribute
	if rest, err := asn1.UnmarshalWithParams(asSet, &attributes, "set"); err != nil || len(rest) > 0 {
		return nil, errors.New("its signed attributes cannot be read")
	}
	hasher := hash.New()
	hasher.Write(t.content)
	var contentType asn1.ObjectIdentifier
	if err := oneValue(attributes, oidContentType, &contentType); err != nil || !contentType.Equal(oidTSTInfo) {
		return nil, errors.New("the attribute content-type is not TSTInfo")
	}
	var digest []byte
	if err := oneValue(attributes, oidMessageDigest, &digest); err != nil || !bytes.Equal(digest, hasher.Sum(nil)) {
		return nil, errors.New("the attribute message-digest is not that of the content")
	}
	return asSet, nil
}

func oneValue(attributes []attribute, kind asn1.ObjectIdentifier, into any) error {
	var values []asn1.RawValue
	for _, one := range attributes {
		if one.Type.Equal(kind) {
			values = append(values, one.Values...)
		}
	}
	if len(values) != 1 {
		return errors.New("not there exactly once")
	}
	return parseDER(values[0].FullBytes, into)
}

func (t *timestamp) signerCertificate() (*x509.Certificate, error) {
	var wanted issuerAndSerial
	byKeyID := t.signer.SID.Class == asn1.ClassContextSpecific && t.signer.SID.Tag == 0
	if !byKeyID {
		if err := parseDER(t.signer.SID.FullBytes, &wanted); err != nil {
			return nil, err
		}
	}
	for _, one := range t.certificates {
		if byKeyID && bytes.Equal(one.SubjectKeyId, t.signer.SID.Bytes) {
			return one, nil
		}
		if !byKeyID && bytes.Equal(one.RawIssuer, wanted.Issuer.FullBytes) && one.SerialNumber.Cmp(wanted.Serial) == 0 {
			return one, nil
		}
	}
	return nil, errors.New("the signer's certificate is not in the token")
}

func checkSignature(certificate *x509.Certificate, signer signerInfo, signed []byte) error {
	hash := digests[signer.DigestAlgorithm.Algorithm.String()]
	algorithms := map[x509.PublicKeyAlgorithm]map[crypto.Hash]x509.SignatureAlgorithm{
		x509.RSA: {
			crypto.SHA256: x509.SHA256WithRSA, crypto.SHA384: x509.SHA384WithRSA, crypto.SHA512: x509.SHA512WithRSA,
		},
		x509.ECDSA: {
			crypto.SHA256: x509.ECDSAWithSHA256, crypto.SHA384: x509.ECDSAWithSHA384, crypto.SHA512: x509.ECDSAWithSHA512,
		},
	}
	algorithm, known := algorithms[certificate.PublicKeyAlgorithm][hash]
	if !known || !isOfFamily(certificate.PublicKeyAlgorithm, hash, signer.SignatureAlgorithm.Algorithm.String()) {
		return errors.New("a signature algorithm that is not known, or not one of the certificate's key")
	}
	return certificate.CheckSignature(algorithm, signed, signer.Signature)
}

// isOfFamily: RSA may be named with or without its hash (RFC 3370 section 3.2, RFC 5754).
func isOfFamily(key x509.PublicKeyAlgorithm, hash crypto.Hash, oid string) bool {
	named := map[x509.PublicKeyAlgorithm]map[crypto.Hash]string{
		x509.RSA: {
			crypto.SHA256: "1.2.840.113549.1.1.11", crypto.SHA384: "1.2.840.113549.1.1.12", crypto.SHA512: "1.2.840.113549.1.1.13",
		},
		x509.ECDSA: {
			crypto.SHA256: "1.2.840.10045.4.3.2", crypto.SHA384: "1.2.840.10045.4.3.3", crypto.SHA512: "1.2.840.10045.4.3.4",
		},
	}
	return named[key][hash] == oid || (key == x509.RSA && oid == "1.2.840.113549.1.1.1")
}

// isForTimestamping: "The corresponding certificate MUST contain only one instance of the extended key usage field
// extension … with KeyPurposeID having value id-kp-timeStamping. This extension MUST be critical."
func isForTimestamping(certificate *x509.Certificate) error {
	critical := false
	for _, extension := range certificate.Extensions {
		critical = critical || (extension.Id.String() == "2.5.29.37" && extension.Critical)
	}
	only := len(certificate.ExtKeyUsage) == 1 && certificate.ExtKeyUsage[0] == x509.ExtKeyUsageTimeStamping &&
		len(certificate.UnknownExtKeyUsage) == 0
	if !critical || !only {
		return errors.New("its certificate is not for time-stamping, critically and only")
	}
	return nil
}
