package main

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/gtank/ristretto255"
)

// trust is the trust file of section 5.
type trust struct {
	log            *logKeys
	policy         *policy
	vrfKey         *ristretto255.Element
	vrfKeyBytes    []byte
	timestampRoots *x509.CertPool
}

const trustFormat = "trust/v2"

func readTrust(path string) (*trust, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return nil, err
	}
	// Another format has other members, so its name is looked at first.
	if members, _ := value.(map[string]any); members["format"] != trustFormat {
		return nil, fmt.Errorf("its format is %v, not %q", members["format"], trustFormat)
	}
	o := objectOf(value, "format", "logKeys", "policy", "vrfPublicKey", "timestampRoots")
	read := &trust{vrfKeyBytes: o.hex("vrfPublicKey", 32), timestampRoots: x509.NewCertPool()}
	policyText := o.text("policy")
	if o.err != nil {
		return nil, o.err
	}
	if read.log, err = parseLogKeys(o.members["logKeys"]); err != nil {
		return nil, fmt.Errorf("logKeys: %w", err)
	}
	if read.policy, err = parsePolicy(policyText); err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	if read.vrfKey, err = parseVRFKey(read.vrfKeyBytes); err != nil {
		return nil, err
	}
	return read, read.takeRoots(o.members["timestampRoots"])
}

func (t *trust) takeRoots(value any) error {
	roots, isList := value.([]any)
	if !isList {
		return errors.New("timestampRoots is not a list")
	}
	for _, root := range roots {
		text, _ := root.(string)
		block, rest := pem.Decode([]byte(text))
		if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
			return errors.New("timestampRoots: not one certificate in PEM")
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("timestampRoots: %w", err)
		}
		t.timestampRoots.AddCert(certificate)
	}
	return nil
}
