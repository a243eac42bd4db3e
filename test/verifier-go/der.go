package main

import (
	"encoding/asn1"
	"errors"
)

// derReader reads the elements of one DER structure in their order. encoding/asn1 alone is not enough: its structs pass
// over what lies behind their last field. What fails first is kept in err, and everything after it is empty.
type derReader struct {
	rest []byte
	err  error
}

func (r *derReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.rest = nil
}

// peek tells class and tag of the next element; false at the end.
func (r *derReader) peek() (asn1.RawValue, bool) {
	var next asn1.RawValue
	if len(r.rest) == 0 {
		return next, false
	}
	if _, err := asn1.Unmarshal(r.rest, &next); err != nil {
		r.fail(err)
		return asn1.RawValue{}, false
	}
	return next, true
}

// optional takes the next element when it has this class and tag.
func (r *derReader) optional(class, tag int) (asn1.RawValue, bool) {
	next, found := r.peek()
	if !found || next.Class != class || next.Tag != tag {
		return asn1.RawValue{}, false
	}
	r.rest = r.rest[len(next.FullBytes):]
	return next, true
}

func (r *derReader) take(class, tag int) asn1.RawValue {
	next, found := r.optional(class, tag)
	if !found {
		r.fail(errors.New("an element is missing, or of another kind"))
	}
	return next
}

// inside reads the elements of a constructed value.
func (r *derReader) inside(value asn1.RawValue) *derReader {
	if !value.IsCompound && r.err == nil {
		r.fail(errors.New("an element that is not constructed"))
	}
	return &derReader{rest: value.Bytes, err: r.err}
}

func (r *derReader) sequence() *derReader {
	return r.inside(r.take(asn1.ClassUniversal, asn1.TagSequence))
}

// explicit reads what an explicit context tag holds.
func (r *derReader) explicit(tag int) *derReader {
	return r.inside(r.take(asn1.ClassContextSpecific, tag))
}

// into decodes the next element, which has this universal tag.
func (r *derReader) into(tag int, value any) {
	element := r.take(asn1.ClassUniversal, tag)
	if r.err == nil {
		if _, err := asn1.Unmarshal(element.FullBytes, value); err != nil {
			r.fail(err)
		}
	}
}

// finish returns what failed, also when something is left over.
func (r *derReader) finish() error {
	if r.err == nil && len(r.rest) > 0 {
		r.fail(errors.New("bytes behind the last element"))
	}
	return r.err
}

// end finishes an inner reader and takes its error over.
func (r *derReader) end(inner *derReader) {
	if err := inner.finish(); err != nil {
		r.fail(err)
	}
}

// algorithm reads an AlgorithmIdentifier whose parameters are absent or NULL.
func (r *derReader) algorithm() string {
	inside := r.sequence()
	var oid asn1.ObjectIdentifier
	inside.into(asn1.TagOID, &oid)
	if null, found := inside.optional(asn1.ClassUniversal, asn1.TagNull); found && len(null.Bytes) > 0 {
		inside.fail(errors.New("NULL with content"))
	}
	r.end(inside)
	return oid.String()
}
