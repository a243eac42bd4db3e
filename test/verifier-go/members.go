package main

import (
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"regexp"
	"time"
)

// object is a JSON object whose members are taken out one by one; the first that is not as asked is its error.
type object struct {
	members map[string]any
	err     error
}

// objectOf takes a value that must be an object with exactly the members named.
func objectOf(value any, names ...string) *object {
	members, isObject := value.(map[string]any)
	if !isObject {
		return &object{err: fmt.Errorf("not an object")}
	}
	o := &object{members: members}
	for _, name := range names {
		if _, found := members[name]; !found {
			o.fail("the member %s is missing", name)
		}
	}
	if len(members) != len(names) {
		o.fail("members other than %v", names)
	}
	return o
}

// without is the value without a member that may be absent, when it is an object that has it.
func without(value any, name string) any {
	members, isObject := value.(map[string]any)
	if !isObject {
		return value
	}
	rest := maps.Clone(members)
	delete(rest, name)
	return rest
}

func isFilledText(value any) bool {
	text, isText := value.(string)
	return isText && text != ""
}

func (o *object) fail(format string, values ...any) {
	if o.err == nil {
		o.err = fmt.Errorf(format, values...)
	}
}

func (o *object) text(name string) string {
	text, isText := o.members[name].(string)
	if !isText {
		o.fail("%s is not a text", name)
	}
	return text
}

func (o *object) hex(name string, bytes int) []byte {
	value, ok := parseHex(o.text(name), bytes)
	if !ok {
		o.fail("%s is not %d bytes in lower-case hex", name, bytes)
	}
	return value
}

func (o *object) whole(name string) int64 {
	number, ok := wholeNumber(o.members[name])
	if !ok {
		o.fail("%s is not a whole number", name)
	}
	return number
}

func (o *object) truth(name string) bool {
	truth, isTruth := o.members[name].(bool)
	if !isTruth {
		o.fail("%s is neither true nor false", name)
	}
	return truth
}

func parseHex(text string, bytes int) ([]byte, bool) {
	value, err := hex.DecodeString(text)
	return value, err == nil && len(value) == bytes && hex.EncodeToString(value) == text
}

// Whole numbers are 0 to 2^53 - 1: what JSON's numbers hold exactly.
func wholeNumber(value any) (int64, bool) {
	number, isNumber := value.(float64)
	if !isNumber || number < 0 || number > 1<<53-1 || number != math.Trunc(number) {
		return 0, false
	}
	return int64(number), true
}

var timeForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)

// isTime tells whether a text is a UTC time of section 1.
func isTime(text string) bool {
	_, err := time.Parse("2006-01-02T15:04:05.000Z", text)
	return err == nil && timeForm.MatchString(text)
}
