package main

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"
)

const (
	oidSignedData = "1.2.840.113549.1.7.2"
	oidTSTInfo    = "1.2.840.113549.1.9.16.1.4"
	oidSHA256     = "2.16.840.1.101.3.4.2.1"
)

// timestamp is a granted time-stamp with one signer, read as section 7 says; nothing of it is verified yet.
type timestamp struct {
	imprintAlgorithm string
	imprint          []byte
	genTime          time.Time
	content          []byte // the DER of TSTInfo
	signer           signer
	certificates     []byte // a SET OF's elements, not looked into yet
}

// signer is a SignerInfo of RFC 5652 section 5.3.
type signer struct {
	id                 asn1.RawValue
	digestAlgorithm    string
	signatureAlgorithm string
	attributes         asn1.RawValue
	signature          []byte
}

// parseTimestamp reads a TimeStampResp: SEQUENCE { status PKIStatusInfo, timeStampToken ContentInfo }.
func parseTimestamp(der []byte) (*timestamp, error) {
	t := &timestamp{}
	outer := &derReader{rest: der}
	response := outer.sequence()
	readStatus(response)
	token := response.sequence()
	takeType(token, oidSignedData)
	content := token.explicit(0)
	t.readSignedData(content)
	token.end(content)
	response.end(token)
	outer.end(response)
	return t, outer.finish()
}

func readStatus(response *derReader) {
	info := response.sequence()
	var status *big.Int
	info.into(asn1.TagInteger, &status)
	info.optional(asn1.ClassUniversal, asn1.TagSequence)
	if info.err == nil && (!status.IsInt64() || status.Int64() < 0 || status.Int64() > 1) {
		info.fail(fmt.Errorf("status %v is not granted", status))
	}
	response.end(info)
}

func takeType(r *derReader, wanted string) {
	var oid asn1.ObjectIdentifier
	r.into(asn1.TagOID, &oid)
	if r.err == nil && oid.String() != wanted {
		r.fail(fmt.Errorf("content of the kind %v", oid))
	}
}

func takeVersion(r *derReader, wanted int64) {
	var version *big.Int
	r.into(asn1.TagInteger, &version)
	if r.err == nil && version.Cmp(big.NewInt(wanted)) != 0 {
		r.fail(fmt.Errorf("version %v, not %d", version, wanted))
	}
}

// readSignedData: RFC 5652 section 5.1.
func (t *timestamp) readSignedData(content *derReader) {
	data := content.sequence()
	takeVersion(data, 3)
	data.take(asn1.ClassUniversal, asn1.TagSet)
	encapsulated := data.sequence()
	takeType(encapsulated, oidTSTInfo)
	inner := encapsulated.explicit(0)
	inner.into(asn1.TagOctetString, &t.content)
	encapsulated.end(inner)
	data.end(encapsulated)
	if certificates, found := data.optional(asn1.ClassContextSpecific, 0); found {
		data.inside(certificates)
		t.certificates = certificates.Bytes
	}
	if lists, found := data.optional(asn1.ClassContextSpecific, 1); found {
		data.inside(lists)
	}
	signers := data.inside(data.take(asn1.ClassUniversal, asn1.TagSet))
	t.readSigner(signers)
	data.end(signers)
	content.end(data)
	if content.err == nil {
		if err := t.readInfo(); err != nil {
			content.fail(err)
		}
	}
}

// readSigner: "version 1 with issuerAndSerialNumber, else 3".
func (t *timestamp) readSigner(signers *derReader) {
	info := signers.sequence()
	var version *big.Int
	info.into(asn1.TagInteger, &version)
	wanted := int64(1)
	id, byName := info.optional(asn1.ClassUniversal, asn1.TagSequence)
	if !byName {
		wanted = 3
		id = info.take(asn1.ClassContextSpecific, 0)
	}
	if info.err == nil && (version.Cmp(big.NewInt(wanted)) != 0 || id.IsCompound != byName) {
		info.fail(errors.New("version and name of the signer do not fit"))
	}
	t.signer.id = id
	t.signer.digestAlgorithm = info.algorithm()
	t.signer.attributes = info.take(asn1.ClassContextSpecific, 0)
	info.inside(t.signer.attributes)
	t.signer.signatureAlgorithm = info.algorithm()
	info.into(asn1.TagOctetString, &t.signer.signature)
	if unsigned, found := info.optional(asn1.ClassContextSpecific, 1); found {
		info.inside(unsigned)
	}
	signers.end(info)
}

// readInfo: TSTInfo of RFC 3161 section 2.4.2.
func (t *timestamp) readInfo() error {
	outer := &derReader{rest: t.content}
	info := outer.sequence()
	takeVersion(info, 1)
	var policy asn1.ObjectIdentifier
	info.into(asn1.TagOID, &policy)
	imprint := info.sequence()
	t.imprintAlgorithm = imprint.algorithm()
	imprint.into(asn1.TagOctetString, &t.imprint)
	info.end(imprint)
	var serial *big.Int
	info.into(asn1.TagInteger, &serial)
	// DER (X.690 section 11.7): in UTC, "Z" at the end. The rest is checked by encoding/asn1.
	if next, _ := info.peek(); !bytes.HasSuffix(next.Bytes, []byte("Z")) {
		info.fail(errors.New("genTime is not in UTC"))
	}
	info.into(asn1.TagGeneralizedTime, &t.genTime)
	readAccuracy(info)
	if _, found := info.peek(); found {
		readRest(info)
	}
	outer.end(info)
	return outer.finish()
}

// Accuracy ::= SEQUENCE { seconds INTEGER OPTIONAL, millis [0], micros [1] }
func readAccuracy(info *derReader) {
	value, found := info.optional(asn1.ClassUniversal, asn1.TagSequence)
	if !found {
		return
	}
	accuracy := info.inside(value)
	if next, isThere := accuracy.peek(); isThere && next.Class == asn1.ClassUniversal {
		var seconds *big.Int
		accuracy.into(asn1.TagInteger, &seconds)
	}
	for tag := range 2 {
		if part, isThere := accuracy.optional(asn1.ClassContextSpecific, tag); isThere {
			var number *big.Int
			asInteger := append([]byte{asn1.TagInteger}, part.FullBytes[1:]...)
			if _, err := asn1.Unmarshal(asInteger, &number); err != nil || part.IsCompound {
				accuracy.fail(errors.New("the accuracy is no number"))
			}
		}
	}
	info.end(accuracy)
}

// readRest: ordering, nonce, tsa [0], extensions [1]; "no critical extension".
func readRest(info *derReader) {
	if next, _ := info.peek(); next.Class == asn1.ClassUniversal && next.Tag == asn1.TagBoolean {
		var ordering bool
		info.into(asn1.TagBoolean, &ordering)
	}
	if next, found := info.peek(); found && next.Class == asn1.ClassUniversal && next.Tag == asn1.TagInteger {
		var nonce *big.Int
		info.into(asn1.TagInteger, &nonce)
	}
	if name, found := info.optional(asn1.ClassContextSpecific, 0); found {
		info.inside(name)
	}
	value, found := info.optional(asn1.ClassContextSpecific, 1)
	if !found {
		return
	}
	extensions := info.inside(value)
	for len(extensions.rest) > 0 && extensions.err == nil {
		extension := extensions.sequence()
		var oid asn1.ObjectIdentifier
		var critical bool
		extension.into(asn1.TagOID, &oid)
		if next, _ := extension.peek(); next.Tag == asn1.TagBoolean && next.Class == asn1.ClassUniversal {
			extension.into(asn1.TagBoolean, &critical)
		}
		extension.take(asn1.ClassUniversal, asn1.TagOctetString)
		if critical {
			extension.fail(errors.New("a critical extension"))
		}
		extensions.end(extension)
	}
	info.end(extensions)
}
