package main

import (
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/note"
)

// keySet is a member of logKeys, section 5: all of its keys sign each checkpoint of `from` or more leaves, until the next set.
type keySet struct {
	from int64
	keys []note.Verifier
}

// logKeys are the key sets of one log.
type logKeys struct {
	origin string
	sets   []keySet
}

func parseLogKeys(value any) (*logKeys, error) {
	list, isList := value.([]any)
	if !isList || len(list) == 0 {
		return nil, errors.New("not a list of key sets")
	}
	log := &logKeys{}
	for i, one := range list {
		o := objectOf(one, "from", "keys")
		set := keySet{from: o.whole("from")}
		if o.err != nil {
			return nil, o.err
		}
		if i == 0 && set.from != 0 || i > 0 && set.from <= log.sets[i-1].from {
			return nil, fmt.Errorf("key sets ascend from 0: %d", set.from)
		}
		if err := log.takeKeys(&set, o.members["keys"]); err != nil {
			return nil, err
		}
		log.sets = append(log.sets, set)
	}
	return log, nil
}

func (l *logKeys) takeKeys(set *keySet, value any) error {
	texts, isList := value.([]any)
	if !isList || len(texts) == 0 {
		return errors.New("a key set is a list of keys")
	}
	kinds := map[byte]bool{}
	for _, one := range texts {
		text, _ := one.(string)
		key, err := parseVkey(text)
		if err != nil {
			return err
		}
		if l.origin == "" {
			l.origin = key.name
		}
		if key.name != l.origin || kinds[key.keyType] {
			return errors.New("a key of another log, or a second one of its kind in this set")
		}
		kinds[key.keyType] = true
		verifier, err := logVerifier(key, text)
		if err != nil {
			return err
		}
		set.keys = append(set.keys, verifier)
	}
	return nil
}

func logVerifier(key vkey, text string) (note.Verifier, error) {
	switch key.keyType {
	case typeMLDSA44:
		return &logCosigner{witness{key}}, nil
	case typeEd25519:
		return note.NewVerifier(text)
	}
	return nil, errors.New("not a kind of key that a log signs with")
}

// at are the keys that all sign a checkpoint of this size.
func (l *logKeys) at(size int64) []note.Verifier {
	var keys []note.Verifier
	for _, set := range l.sets {
		if set.from <= size {
			keys = set.keys
		}
	}
	return keys
}

// signed tells whether every key of the log that signs at this size has signed, and no line of them is wrong.
func (l *logKeys) signed(n *signedNote, size int64) bool {
	for _, key := range l.at(size) {
		lines := n.linesOfKey(key.Name(), key.KeyHash())
		for _, line := range lines {
			if !key.Verify([]byte(n.text), line.bytes) {
				return false
			}
		}
		if len(lines) == 0 {
			return false
		}
	}
	return true
}
