package main

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// policy is c2sp.org/tlog-policy without log lines: section 5 has the log's keys in key sets.
type policy struct {
	witnesses map[string]*witness
	groups    map[string]group
	quorum    string
}

// group is witnessed when at least `threshold` of its members are.
type group struct {
	threshold int
	members   []string
}

const (
	typeEd25519   = 0x01
	typeCosigning = 0x04
	typeMLDSA44   = 0x06
)

// vkey is a verifier key of c2sp.org/signed-note.
type vkey struct {
	name    string
	id      uint32
	keyType byte
	public  []byte
}

func parseVkey(text string) (vkey, error) {
	// A base64 text may hold plus signs, a name may not.
	parts := strings.SplitN(text, "+", 3)
	if len(parts) != 3 || !isKeyName(parts[0]) {
		return vkey{}, fmt.Errorf("%q is no verifier key", text)
	}
	id, isHex := parseHex(parts[1], 4)
	typed, err := decodeBase64(parts[2])
	if !isHex || err != nil || len(typed) < 2 {
		return vkey{}, fmt.Errorf("%q is no verifier key", text)
	}
	// "key ID = SHA-256(key name || 0x0A || signature type || public key)[:4]"
	computed := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	key := vkey{name: parts[0], id: binary.BigEndian.Uint32(id), keyType: typed[0], public: typed[1:]}
	size := map[byte]int{typeEd25519: 32, typeCosigning: 32, typeMLDSA44: 1312}[key.keyType]
	if string(computed[:4]) != string(id) || len(key.public) != size {
		return vkey{}, fmt.Errorf("%q: its id is not that of the key, or its kind is not known", text)
	}
	return key, nil
}

func parsePolicy(text string) (*policy, error) {
	p := &policy{witnesses: map[string]*witness{}, groups: map[string]group{}}
	seen := map[string]bool{}
	lines, err := linesOf([]byte(text))
	if err != nil {
		return nil, err
	}
	for _, line := range lines {
		// "The only allowed control characters are tab and newline."
		if strings.IndexFunc(line, func(char rune) bool { return char < 0x20 && char != '\t' || char == 0x7f }) >= 0 {
			return nil, errors.New("a control character in the policy")
		}
		items := strings.FieldsFunc(line, func(char rune) bool { return char == ' ' || char == '\t' })
		if len(items) == 0 || strings.HasPrefix(items[0], "#") {
			continue
		}
		if err := p.take(items, seen); err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
	}
	if p.quorum == "" {
		return nil, errors.New("no quorum line")
	}
	return p, p.checkKinds()
}

func (p *policy) take(items []string, seen map[string]bool) error {
	switch {
	case items[0] == "witness" && (len(items) == 3 || len(items) == 4):
		return p.takeWitness(items[1], items[2], seen)
	case items[0] == "group" && len(items) >= 4:
		return p.takeGroup(items[1], items[2], items[3:], seen)
	case items[0] == "quorum" && len(items) == 2 && p.quorum == "":
		if items[1] != "none" && !p.isDefined(items[1]) {
			return errors.New("not defined on a line before")
		}
		p.quorum = items[1]
		return nil
	}
	return errors.New("not a line of a policy")
}

// once: two witnesses with the same public key are not allowed.
func once(key vkey, seen map[string]bool) error {
	name := "key " + string(key.public)
	if seen[name] {
		return errors.New("the same public key twice")
	}
	seen[name] = true
	return nil
}

func (p *policy) takeWitness(name, text string, seen map[string]bool) error {
	key, err := parseVkey(text)
	if err != nil {
		return err
	}
	if name == "none" || p.isDefined(name) {
		return errors.New("this name is taken")
	}
	if key.keyType == typeEd25519 {
		return errors.New("not a kind of key that a witness signs with")
	}
	p.witnesses[name] = &witness{key}
	return once(key, seen)
}

func (p *policy) takeGroup(name, threshold string, members []string, seen map[string]bool) error {
	if name == "none" || p.isDefined(name) {
		return errors.New("this name is taken")
	}
	for _, member := range members {
		// "Each defined name can be listed as a group member at most once."
		if !p.isDefined(member) || seen["member "+member] {
			return fmt.Errorf("%s is not defined before, or a member already", member)
		}
		seen["member "+member] = true
	}
	needed, err := strconv.Atoi(threshold)
	switch {
	case threshold == "all":
		needed = len(members)
	case threshold == "any":
		needed = 1
	case err != nil || needed < 1 || needed > len(members) || strconv.Itoa(needed) != threshold:
		return errors.New("the threshold is not all, any or a number of members")
	}
	p.groups[name] = group{threshold: needed, members: members}
	return nil
}

func (p *policy) isDefined(name string) bool {
	_, isGroup := p.groups[name]
	return isGroup || p.witnesses[name] != nil
}

// isMet tells whether these witnesses (by name in the policy) are enough.
func (p *policy) isMet(cosigned map[string]bool) bool {
	return p.quorum == "none" || p.isWitnessed(p.quorum, cosigned)
}

func (p *policy) isWitnessed(name string, cosigned map[string]bool) bool {
	group, isGroup := p.groups[name]
	if !isGroup {
		return cosigned[name]
	}
	count := 0
	for _, member := range group.members {
		if p.isWitnessed(member, cosigned) {
			count++
		}
	}
	return count >= group.threshold
}

// checkKinds: section 5, the keys of one witness (its lines have one key name) are members of one group that asks for all.
func (p *policy) checkKinds() error {
	kinds := map[string][]string{}
	for line, witness := range p.witnesses {
		kinds[witness.key.name] = append(kinds[witness.key.name], line)
	}
	for keyName, lines := range kinds {
		counted := map[string]bool{}
		for _, line := range lines {
			if p.quorum == line {
				counted["the quorum itself"] = true
			}
		}
		for name, group := range p.groups {
			for _, line := range lines {
				if slices.Contains(group.members, line) {
					counted[name] = true
				}
			}
		}
		if len(lines) > 1 && len(counted) > 0 && !p.isAllOf(lines, counted) {
			return fmt.Errorf("the keys of the witness %s count together only", keyName)
		}
	}
	return nil
}

// isAllOf tells whether these witness lines are used in one place only: a group that has all of them and asks for all.
func (p *policy) isAllOf(lines []string, used map[string]bool) bool {
	if len(used) != 1 {
		return false
	}
	for name := range used {
		group, isGroup := p.groups[name]
		if !isGroup || group.threshold != len(group.members) {
			return false
		}
		for _, line := range lines {
			if !slices.Contains(group.members, line) {
				return false
			}
		}
	}
	return true
}
