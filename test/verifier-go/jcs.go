package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"sort"
	"strconv"
	"unicode/utf16"
)

// parseJCS reads one JSON value that is written as RFC 8785 writes it, and in no other way: it is written again and has
// to come out equal. Duplicate names, invalid UTF-8, lone surrogates, spaces and odd numbers all come out different.
// Numbers are float64, objects map[string]any.
func parseJCS(text []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("more than one JSON value")
	}
	canonical, err := appendJCS(nil, value, 0)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(canonical, text) {
		return nil, errors.New("not written as RFC 8785 writes it")
	}
	return value, nil
}

// depthMax: "No JSON value lies within more than 64 lists and objects."
const depthMax = 64

func appendJCS(out []byte, value any, depth int) ([]byte, error) {
	if depth > depthMax {
		return nil, errors.New("nested too deep")
	}
	switch value := value.(type) {
	case nil:
		return append(out, "null"...), nil
	case bool:
		return strconv.AppendBool(out, value), nil
	case string:
		return appendJCSString(out, value), nil
	case float64:
		return appendJCSNumber(out, value)
	case []any:
		return appendJCSArray(out, value, depth)
	case map[string]any:
		return appendJCSObject(out, value, depth)
	}
	return nil, fmt.Errorf("no JSON value: %T", value)
}

func appendJCSArray(out []byte, values []any, depth int) ([]byte, error) {
	var err error
	out = append(out, '[')
	for i, value := range values {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = appendJCS(out, value, depth+1); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

func appendJCSObject(out []byte, members map[string]any, depth int) ([]byte, error) {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	sort.Slice(names, func(i, j int) bool { return lessUTF16(names[i], names[j]) })
	var err error
	out = append(out, '{')
	for i, name := range names {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(appendJCSString(out, name), ':')
		if out, err = appendJCS(out, members[name], depth+1); err != nil {
			return nil, err
		}
	}
	return append(out, '}'), nil
}

// RFC 8785, section 3.2.3: names are sorted by their UTF-16 code units.
func lessUTF16(a, b string) bool {
	x, y := utf16.Encode([]rune(a)), utf16.Encode([]rune(b))
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return len(x) < len(y)
}

// RFC 8785, section 3.2.2.2.
func appendJCSString(out []byte, text string) []byte {
	short := map[rune]byte{'\b': 'b', '\t': 't', '\n': 'n', '\f': 'f', '\r': 'r', '"': '"', '\\': '\\'}
	out = append(out, '"')
	for _, char := range text {
		letter, isShort := short[char]
		switch {
		case isShort:
			out = append(out, '\\', letter)
		case char < 0x20:
			out = fmt.Appendf(out, "\\u%04x", char)
		default:
			out = append(out, string(char)...)
		}
	}
	return append(out, '"')
}

// RFC 8785, section 3.2.2.3: as ECMAScript prints numbers.
func appendJCSNumber(out []byte, number float64) ([]byte, error) {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return nil, errors.New("no number of JSON")
	}
	if number == 0 {
		return append(out, '0'), nil
	}
	size := math.Abs(number)
	if size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(out, number, 'f', -1, 64), nil
	}
	text := strconv.FormatFloat(number, 'e', -1, 64)
	// Go writes at least two digits of an exponent, ECMAScript no leading zero.
	mark := bytes.IndexByte([]byte(text), 'e') + 2
	exponent := text[mark:]
	if len(exponent) == 2 && exponent[0] == '0' {
		exponent = exponent[1:]
	}
	return append(append(out, text[:mark]...), exponent...), nil
}
